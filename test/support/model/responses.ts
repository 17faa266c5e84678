import {
  type AnswerOutput,
  type AnswerWriter,
  collect,
  type Content,
  type JsonSchema,
  type ModelProtocol,
  newId,
  nowSeconds,
  type OfferedTool,
  wordsOf,
} from "./protocol";
import { openaiError } from "./openaiError";
import type { Turn } from "./scenario";

interface InputItem {
  readonly type?: string;
  readonly role?: "user" | "assistant";
  readonly content?: Content;
}

interface ResponsesTool {
  readonly type: string;
  readonly name?: string;
  readonly parameters?: JsonSchema;
  readonly tools?: readonly ResponsesTool[];
}

interface ResponsesRequest {
  readonly model: string;
  readonly input: string | readonly InputItem[];
  readonly tools?: readonly ResponsesTool[];
  readonly text?: { readonly format?: { readonly schema?: JsonSchema } };
}

/** OpenAI's responses: codex. */
export const responses: ModelProtocol = {
  has: (path) => path.endsWith("/responses"),
  read(body) {
    const request = body as ResponsesRequest;
    const input: readonly InputItem[] =
      typeof request.input === "string" ? [{ role: "user", content: request.input }] : request.input;
    return {
      turns: input.map(turnOf),
      tools: (request.tools ?? [])
        .flatMap((tool) => (tool.type === "namespace" ? (tool.tools ?? []) : [tool]))
        .map(offered),
      schema: request.text?.format?.schema,
      stream: true,
    };
  },
  writer: (output, body) => responsesWriter(output, body as ResponsesRequest),
  error: openaiError,
};

function turnOf({ type = "", role, content }: InputItem): Turn {
  if (type.endsWith("_output")) return { role: "tool", text: "" };
  return role ? { role, text: wordsOf(content) } : { role: "other", text: "" };
}

function offered({ type, name, parameters }: ResponsesTool): OfferedTool {
  return { name: name ?? type, freeform: type === "custom", ...(parameters && { schema: parameters }) };
}

function responsesWriter(out: AnswerOutput, { model }: ResponsesRequest): AnswerWriter {
  const output: unknown[] = [];
  let sequence_number = 0;
  const response = { id: newId("resp_"), object: "response", created_at: nowSeconds(), model };
  const usage = {
    input_tokens: 900,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 30,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 930,
  };
  const send = (type: string, data: object): void =>
    out.event(type, { type, sequence_number: sequence_number++, ...data });
  const add = (item: object): void => send("response.output_item.added", { output_index: output.length, item });
  const done = (item: object): void => {
    send("response.output_item.done", { output_index: output.length, item });
    output.push(item);
  };
  return {
    begin: () =>
      send("response.created", { response: { ...response, status: "in_progress", output: [], usage: null } }),
    async text(pieces) {
      const item = { id: newId("msg_"), type: "message", role: "assistant" };
      const at = { item_id: item.id, output_index: output.length, content_index: 0 };
      add({ ...item, status: "in_progress", content: [] });
      send("response.content_part.added", { ...at, part: { type: "output_text", text: "", annotations: [] } });
      const text = await collect(pieces, (delta) => send("response.output_text.delta", { ...at, delta }));
      send("response.output_text.done", { ...at, text });
      done({ ...item, status: "completed", content: [{ type: "output_text", text, annotations: [] }] });
    },
    async think(pieces) {
      const item = { id: newId("rs_"), type: "reasoning" };
      const at = { item_id: item.id, output_index: output.length, summary_index: 0 };
      add({ ...item, summary: [] });
      send("response.reasoning_summary_part.added", { ...at, part: { type: "summary_text", text: "" } });
      const text = await collect(pieces, (delta) => send("response.reasoning_summary_text.delta", { ...at, delta }));
      done({ ...item, summary: [{ type: "summary_text", text }], encrypted_content: null });
    },
    call(made) {
      const call = { call_id: newId("call_"), name: made.name, status: "completed" };
      const item =
        "input" in made
          ? { id: newId("ctc_"), type: "custom_tool_call", ...call, input: made.input }
          : { id: newId("fc_"), type: "function_call", ...call, arguments: JSON.stringify(made.args) };
      add({ ...item, status: "in_progress" });
      done(item);
    },
    end: () => send("response.completed", { response: { ...response, status: "completed", output, usage } }),
  };
}
