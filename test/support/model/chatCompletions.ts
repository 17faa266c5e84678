import {
  type AnswerOutput,
  type AnswerWriter,
  collect,
  type Content,
  type JsonSchema,
  type ModelProtocol,
  newId,
  nowSeconds,
  wordsOf,
} from "./protocol";
import { openaiError } from "./openaiError";

interface ChatRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: "user" | "assistant" | "tool"; readonly content: Content }[];
  readonly tools?: readonly { readonly function: { readonly name: string; readonly parameters?: JsonSchema } }[];
  readonly response_format?: { readonly json_schema?: { readonly schema?: JsonSchema } };
  readonly stream?: boolean;
}

/** OpenAI's chat completions: opencode, qwen, copilot and cline. */
export const chatCompletions: ModelProtocol = {
  has: (path) => path.endsWith("/chat/completions"),
  read(body) {
    const request = body as ChatRequest;
    return {
      turns: request.messages.map(({ role, content }) => ({ role, text: wordsOf(content) })),
      tools: (request.tools ?? []).map(({ function: { name, parameters } }) => ({
        name,
        ...(parameters && { schema: parameters }),
      })),
      schema: request.response_format?.json_schema?.schema,
      stream: request.stream === true,
    };
  },
  writer: (output, body) => chatWriter(output, body as ChatRequest),
  error: openaiError,
};

function chatWriter(output: AnswerOutput, { model, stream }: ChatRequest): AnswerWriter {
  const head = { id: newId("chatcmpl-"), created: nowSeconds(), model };
  const usage = { prompt_tokens: 900, completion_tokens: 30, total_tokens: 930 };
  let content: string | null = null;
  let calls: unknown[] | undefined;
  const send = (delta: object, finish_reason: string | null = null): void => {
    if (stream === true)
      output.data({ ...head, object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason }] });
  };
  return {
    begin: () => send({ role: "assistant", content: "" }),
    async text(pieces) {
      content = await collect(pieces, (piece) => send({ content: piece }));
    },
    async think(pieces) {
      await collect(pieces, (reasoning_content) => send({ reasoning_content }));
    },
    call(made) {
      const args = "args" in made ? made.args : { input: made.input };
      const call = {
        id: newId("call_"),
        type: "function",
        function: { name: made.name, arguments: JSON.stringify(args) },
      };
      calls = [call];
      send({ tool_calls: [{ index: 0, ...call }] });
    },
    end() {
      const finish_reason = calls ? "tool_calls" : "stop";
      if (stream !== true) {
        const message = { role: "assistant", content, ...(calls && { tool_calls: calls }) };
        output.body({ ...head, object: "chat.completion", choices: [{ index: 0, message, finish_reason }], usage });
        return;
      }
      send({}, finish_reason);
      output.data({ ...head, object: "chat.completion.chunk", choices: [], usage });
      output.data("[DONE]");
    },
  };
}
