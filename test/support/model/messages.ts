import {
  type AnswerOutput,
  type AnswerWriter,
  collect,
  type Content,
  type JsonSchema,
  type ModelProtocol,
  newId,
  wordsOf,
} from "./protocol";
import type { ModelFailure, Turn } from "./scenario";

interface MessagesRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: "user" | "assistant"; readonly content: Content }[];
  readonly tools?: readonly { readonly name: string; readonly input_schema?: JsonSchema }[];
  readonly output_config?: { readonly format?: { readonly schema?: JsonSchema } };
  readonly output_format?: { readonly schema?: JsonSchema };
  readonly stream?: boolean;
}

/** Anthropic's messages: claude. */
export const messages: ModelProtocol = {
  has: (path) => path.endsWith("/messages"),
  read(body) {
    const request = body as MessagesRequest;
    return {
      turns: request.messages.flatMap(turnsOf),
      tools: (request.tools ?? []).map(({ name, input_schema }) => ({
        name,
        ...(input_schema && { schema: input_schema }),
      })),
      schema: (request.output_config?.format ?? request.output_format)?.schema,
      stream: request.stream === true,
    };
  },
  writer: (output, body) => messagesWriter(output, body as MessagesRequest),
  error: messagesError,
};

/** A message of the user may carry results of tools, and words of its own behind them. */
function turnsOf({ role, content }: MessagesRequest["messages"][number]): Turn[] {
  const parts = typeof content === "string" ? [] : (content ?? []);
  const results = parts
    .filter((part) => typeof part !== "string" && part.type === "tool_result")
    .map((): Turn => ({ role: "tool", text: "" }));
  const text = wordsOf(
    typeof content === "string" ? content : parts.filter((part) => typeof part === "string" || part.type === "text"),
  );
  return text === "" ? results : [...results, { role, text }];
}

function messagesWriter(output: AnswerOutput, { model, stream }: MessagesRequest): AnswerWriter {
  const content: { readonly type: string }[] = [];
  const usage = { input_tokens: 900, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 1 };
  const message = { id: newId("msg_"), type: "message", role: "assistant", model, content, stop_sequence: null };
  const send = (type: string, data: object = {}): void => {
    if (stream === true) output.event(type, { type, ...data });
  };
  const open = (content_block: object): void => send("content_block_start", { index: content.length, content_block });
  const delta = (type: string, key: string, value: string): void =>
    send("content_block_delta", { index: content.length, delta: { type, [key]: value } });
  const close = (block: { readonly type: string }): void => {
    send("content_block_stop", { index: content.length });
    content.push(block);
  };
  return {
    begin: () => send("message_start", { message: { ...message, content: [], stop_reason: null, usage } }),
    async text(pieces) {
      open({ type: "text", text: "" });
      const text = await collect(pieces, (piece) => delta("text_delta", "text", piece));
      close({ type: "text", text } as { type: string });
    },
    async think(pieces) {
      open({ type: "thinking", thinking: "", signature: "" });
      const thinking = await collect(pieces, (piece) => delta("thinking_delta", "thinking", piece));
      delta("signature_delta", "signature", "c2FtcGxl");
      close({ type: "thinking", thinking, signature: "c2FtcGxl" } as { type: string });
    },
    call(made) {
      const block = { type: "tool_use", id: newId("toolu_"), name: made.name };
      const input = "args" in made ? made.args : { input: made.input };
      open({ ...block, input: {} });
      delta("input_json_delta", "partial_json", JSON.stringify(input));
      close({ ...block, input } as { type: string });
    },
    end() {
      const stop_reason = content.some(({ type }) => type === "tool_use") ? "tool_use" : "end_turn";
      if (stream !== true) {
        output.body({ ...message, stop_reason, usage: { ...usage, output_tokens: 30 } });
        return;
      }
      send("message_delta", { delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 30 } });
      send("message_stop");
    },
  };
}

const errorsByStatus: Readonly<Record<number, readonly [type: string, message: string]>> = {
  400: ["invalid_request_error", "Invalid request."],
  401: ["authentication_error", "invalid x-api-key"],
  403: ["permission_error", "This key may not use the model."],
  429: ["rate_limit_error", "This request would exceed your rate limit."],
  529: ["overloaded_error", "Overloaded"],
};

function messagesError(status: number, { quota }: ModelFailure): unknown {
  const [type, message] = errorsByStatus[status] ?? ["api_error", "Internal server error"];
  // Used-up credit is told as a bad request.
  const said = quota === true ? "Your credit balance is too low to access the Anthropic API." : message;
  return { type: "error", error: { type, message: said }, request_id: newId("req_") };
}
