import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { chatCompletions } from "./chatCompletions";
import { generateContent } from "./generateContent";
import { messages } from "./messages";
import { sampleOf, toolCall } from "./modelTools";
import type { AnswerOutput, AnswerWriter, ModelCall, ModelProtocol, OfferedTool } from "./protocol";
import { responses } from "./responses";
import { type ModelFailure, type Reply, replyTo, type Scenario, type Step } from "./scenario";

const protocols: readonly ModelProtocol[] = [chatCompletions, responses, messages, generateContent];

/** Milliseconds between two pieces of a text. */
const pieceMs = 10;
const slowPieceMs = 250;

/** A request for an answer of the model. */
export interface ModelRequest {
  /** All that its user said in the conversation so far, in order. */
  readonly said: readonly string[];
  /** An agent's own request, for a title or a structured answer. */
  readonly side: boolean;
  readonly at: number;
  status?: number;
}

export interface ModelServerOptions {
  readonly scenarios?: readonly Scenario[];
  /** Folder that the agent works in; its tools want whole paths. */
  readonly folder: string;
  readonly port?: number;
}

/** A scripted model on a port of the loopback interface, for the real agent programs: four protocols, no key is looked at. */
export class ModelServer {
  readonly requests: ModelRequest[] = [];
  #port = 0;
  readonly #failedBefore = new Map<string, number>();
  #failure: { readonly how: ModelFailure; left: number } | undefined;

  private constructor(
    private readonly server: Server,
    private readonly folder: string,
    private scenarios: readonly Scenario[],
  ) {}

  static async start({ scenarios = [], folder, port = 0 }: ModelServerOptions): Promise<ModelServer> {
    const server = createServer();
    const model = new ModelServer(server, folder, scenarios);
    server.on("request", (request, response) => {
      model.#answer(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
    // Codex tries a WebSocket first, and takes HTTP on this answer.
    server.on("upgrade", (_request, socket) =>
      socket.end("HTTP/1.1 426 Upgrade Required\r\nConnection: close\r\n\r\n"),
    );
    await listening(server, port);
    model.#port = (server.address() as AddressInfo).port;
    return model;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** What the user of the conversation that was heard last has said in it, each text as often as it got there. */
  get said(): readonly string[] {
    return this.requests.findLast(({ side }) => !side)?.said ?? [];
  }

  play(scenarios: readonly Scenario[]): void {
    this.scenarios = scenarios;
  }

  /** Every request fails like this from now on; none: no more. */
  fail(how?: ModelFailure): void {
    this.#failure = how && { how, left: how.times ?? Infinity };
  }

  /** Listens again where it did. */
  async resume(): Promise<void> {
    await listening(this.server, this.#port);
  }

  /** From now on connections are refused, and those that stand are cut. */
  async stop(): Promise<void> {
    await new Promise((resolve) => {
      this.server.close(resolve);
      this.server.closeAllConnections();
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const text = await bodyOf(request);
    if (request.method === "GET" && /\/models(?:\/|$)/u.test(pathname)) {
      sendJson(response, modelList(pathname));
      return;
    }
    if (/count_?tokens$/iu.test(pathname)) {
      sendJson(response, { input_tokens: 900, totalTokens: 900 });
      return;
    }
    const protocol = protocols.find((each) => each.has(pathname));
    if (!protocol || request.method !== "POST") {
      response.statusCode = 404;
      sendJson(response, { error: { message: "not found" } });
      return;
    }
    const body: unknown = JSON.parse(text);
    const call = protocol.read(body, pathname);
    const reply = this.#replyTo(call);
    const said = call.turns.filter(({ role, text: words }) => role === "user" && words !== "").map((turn) => turn.text);
    const entry: ModelRequest = { said, side: reply.key === "", at: Date.now() };
    this.requests.push(entry);
    response.once("close", () => (entry.status = response.statusCode));
    const failure = this.#failureOf(reply);
    // Closed when the server stops.
    if (failure?.hang === true) return;
    if (failure?.status !== undefined) {
      if (failure.retryAfter !== undefined) response.setHeader("retry-after", String(failure.retryAfter));
      response.statusCode = failure.status;
      sendJson(response, protocol.error(failure.status, failure));
      return;
    }
    const writer = protocol.writer(outputOf(response, call.stream), body, pathname);
    writer.begin();
    for (const step of reply.steps) await this.#play(step, writer, response, call.tools, failure?.cut === true);
    if (response.destroyed) return;
    writer.end();
    response.end();
  }

  /** Agents ask for titles and for structured answers as well, which are no part of a scenario. */
  #replyTo({ turns, tools, schema }: ModelCall): Reply {
    if (schema) return { steps: [{ say: JSON.stringify(sampleOf(schema)) }], key: "" };
    if (tools.length === 0) return { steps: [{ say: "Test session" }], key: "" };
    return replyTo(turns, this.scenarios);
  }

  /** The failure of all requests goes first, then that of the scenario's own step. */
  #failureOf({ steps, key }: Reply): ModelFailure | undefined {
    if (this.#failure && this.#failure.left-- > 0) return this.#failure.how;
    const how = steps.map((step) => ("fail" in step ? step.fail : undefined)).find((each) => each !== undefined);
    if (!how) return undefined;
    const count = (this.#failedBefore.get(key) ?? 0) + 1;
    this.#failedBefore.set(key, count);
    return count > (how.times ?? Infinity) ? undefined : how;
  }

  async #play(
    step: Step,
    writer: AnswerWriter,
    response: ServerResponse,
    tools: readonly OfferedTool[],
    cut: boolean,
  ): Promise<void> {
    if (response.destroyed || "fail" in step) return;
    if ("wait" in step) {
      await pause(step.wait);
      return;
    }
    const pieces = (text: string, slow = false): AsyncIterable<string> =>
      inPieces(text, slow ? slowPieceMs : pieceMs, response, cut);
    if ("think" in step) return writer.think(pieces(step.think, step.slow));
    if ("say" in step) return writer.text(pieces(step.say, step.slow));
    const made = toolCall(step, tools, this.folder);
    if (made) writer.call(made);
    else await writer.text(pieces(`(no tool for "${step.tool}": ${tools.map(({ name }) => name).join(", ")})`));
  }
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

function sendJson(response: ServerResponse, body: unknown): void {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(body));
}

function modelList(path: string): unknown {
  if (path.includes("v1beta")) return { models: [{ name: "models/test-model", displayName: "Test" }] };
  const model = {
    id: "test-model",
    object: "model",
    type: "model",
    display_name: "Test",
    owned_by: "test",
    created: 1,
  };
  return { object: "list", has_more: false, data: [{ ...model, created_at: "2026-01-01T00:00:00Z" }] };
}

function outputOf(response: ServerResponse, stream: boolean): AnswerOutput {
  response.setHeader("content-type", stream ? "text/event-stream" : "application/json");
  // Gemini's client wants CR LF.
  const line = (data: unknown): string => `data: ${typeof data === "string" ? data : JSON.stringify(data)}\r\n\r\n`;
  return {
    event: (type, data) => response.write(`event: ${type}\r\n${line(data)}`),
    data: (data) => response.write(line(data)),
    body: (json) => response.write(JSON.stringify(json)),
  };
}

async function* inPieces(text: string, gapMs: number, response: ServerResponse, cut: boolean): AsyncIterable<string> {
  const pieces = text.match(/[\s\S]{1,12}/gu) ?? [];
  for (const [index, piece] of pieces.entries()) {
    if (response.destroyed) return;
    if (cut && index >= pieces.length / 2) {
      response.destroy();
      return;
    }
    yield piece;
    await pause(gapMs);
  }
}
