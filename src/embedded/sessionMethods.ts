import { invalidRequest, RequestFailure } from "../adapters/http/requestFailure";
import { maxScrollbackPage } from "../adapters/wsh/wire";
import { formatSchema, inputSchema, pageSchema, parseParams, sizeSchema } from "./requestSchemas";
import type { Session } from "./session";
import { clampSize } from "./sessionRegistry";

type SessionMethod = (session: Session, params: unknown) => unknown;

function inputBytes(data: string, encoding: "utf8" | "base64"): Buffer {
  if (encoding === "utf8") return Buffer.from(data);
  if (data.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(data)) throw invalidRequest("The data is not base64.");
  return Buffer.from(data, "base64");
}

/** Methods that both JSON sockets offer; the server-level one names the session. */
export const sessionMethods: ReadonlyMap<string, SessionMethod> = new Map<string, SessionMethod>([
  ["get_screen", (session, params) => session.currentScreen(parseParams(formatSchema, params).format)],
  [
    "get_scrollback",
    async (session, params) => {
      const page = parseParams(pageSchema, params);
      await session.settled();
      return session.screen.scrollback(page.format, page.offset, Math.min(page.limit, maxScrollbackPage));
    },
  ],
  [
    "send_input",
    async (session, params) => {
      const { data, encoding } = parseParams(inputSchema, params);
      try {
        await session.sendInput(inputBytes(data, encoding));
      } catch (failure) {
        if (failure instanceof RequestFailure && failure.code === "input_send_failed" && !session.ended) {
          throw new RequestFailure(500, "input_send_timeout", failure.message);
        }
        throw failure;
      }
      return {};
    },
  ],
  [
    "resize",
    (session, params) => {
      const { cols, rows } = parseParams(sizeSchema, params);
      session.resize({ cols: clampSize(cols), rows: clampSize(rows) });
      return {};
    },
  ],
  ["get_input_mode", (session) => ({ mode: session.captured ? "capture" : "passthrough" })],
  [
    "capture_input",
    (session) => {
      session.captured = true;
      return {};
    },
  ],
  [
    "release_input",
    (session) => {
      session.captured = false;
      return {};
    },
  ],
  [
    "get_screen_mode",
    async (session) => {
      await session.settled();
      return { mode: session.screen.alternate ? "alt" : "normal" };
    },
  ],
]);
