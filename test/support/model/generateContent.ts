import {
  type AnswerOutput,
  type AnswerWriter,
  collect,
  type JsonSchema,
  type ModelProtocol,
  newId,
  wordsOf,
} from "./protocol";
import type { ModelFailure, Turn } from "./scenario";

interface ContentPart {
  readonly text?: string;
  readonly functionResponse?: unknown;
}

interface GenerateRequest {
  readonly contents: readonly { readonly role: string; readonly parts?: readonly ContentPart[] }[];
  readonly tools?: readonly {
    readonly functionDeclarations?: readonly {
      readonly name: string;
      readonly parametersJsonSchema?: JsonSchema;
      readonly parameters?: JsonSchema;
    }[];
  }[];
  readonly generationConfig?: { readonly responseJsonSchema?: JsonSchema; readonly responseSchema?: JsonSchema };
}

const isStream = (path: string): boolean => /:stream/iu.test(path);

/** Gemini's generateContent and streamGenerateContent. */
export const generateContent: ModelProtocol = {
  has: (path) => /:(?:stream)?generateContent$/iu.test(path),
  read(body, path) {
    const { contents, tools = [], generationConfig } = body as GenerateRequest;
    return {
      turns: contents.flatMap(({ role, parts = [] }) => parts.map((part) => turnOf(role, part))),
      tools: tools
        .flatMap(({ functionDeclarations = [] }) => functionDeclarations)
        .map(({ name, parametersJsonSchema, parameters }) => {
          const schema = parametersJsonSchema ?? parameters;
          return { name, ...(schema && { schema }) };
        }),
      schema: generationConfig?.responseJsonSchema ?? generationConfig?.responseSchema,
      stream: isStream(path),
    };
  },
  writer: (output, _body, path) => contentWriter(output, isStream(path)),
  error: contentError,
};

function turnOf(role: string, { functionResponse, text = "" }: ContentPart): Turn {
  if (functionResponse !== undefined) return { role: "tool", text: "" };
  return { role: role === "model" ? "assistant" : "user", text: wordsOf(text) };
}

function contentWriter(output: AnswerOutput, stream: boolean): AnswerWriter {
  const responseId = newId("r");
  const all: unknown[] = [];
  const body = (parts: readonly unknown[], finishReason?: string): object => ({
    candidates: [{ content: { role: "model", parts }, index: 0, ...(finishReason && { finishReason }) }],
    responseId,
    modelVersion: "test-model",
    usageMetadata: { promptTokenCount: 900, candidatesTokenCount: 30, totalTokenCount: 930 },
  });
  const send = (part: unknown): void => {
    if (stream) output.data(body([part]));
  };
  return {
    begin: () => undefined,
    async text(pieces) {
      all.push({ text: await collect(pieces, (text) => send({ text })) });
    },
    async think(pieces) {
      await collect(pieces, (text) => send({ text, thought: true }));
    },
    call(made) {
      const args = "args" in made ? made.args : { input: made.input };
      const part = { functionCall: { id: newId("call_"), name: made.name, args } };
      all.push(part);
      send(part);
    },
    end: () => (stream ? output.data(body([{ text: "" }], "STOP")) : output.body(body(all, "STOP"))),
  };
}

const errorsByStatus: Readonly<Record<number, readonly [status: string, message: string]>> = {
  400: ["INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."],
  401: ["UNAUTHENTICATED", "Request had invalid authentication credentials."],
  403: ["PERMISSION_DENIED", "Permission denied."],
  429: ["RESOURCE_EXHAUSTED", "Quota exceeded."],
  503: ["UNAVAILABLE", "The model is overloaded."],
};

function contentError(code: number, { quota, retryAfter = 5 }: ModelFailure): unknown {
  const google = "type.googleapis.com/google.rpc.";
  const [status, message] = errorsByStatus[code] ?? ["INTERNAL", "An internal error has occurred."];
  // Its client gives up at once on a quota per day and asks again after one per minute.
  const quotaId = `GenerateRequestsPer${quota === true ? "Day" : "Minute"}PerProjectPerModel`;
  const details =
    code === 400
      ? [{ "@type": `${google}ErrorInfo`, reason: "API_KEY_INVALID", domain: "googleapis.com" }]
      : code === 429
        ? [
            { "@type": `${google}QuotaFailure`, violations: [{ quotaId }] },
            { "@type": `${google}RetryInfo`, retryDelay: `${retryAfter}s` },
          ]
        : [];
  return { error: { code, message, status, details } };
}
