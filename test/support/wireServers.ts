import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { it } from "vitest";
import { BuiltinServer } from "./builtinServer";
import { temporaryFolder } from "./localAddresses";
import type { RawHttp } from "./rawHttp";
import { RealWsh } from "./realWsh";
import { eraOf, isSince, type WireEra } from "./wireEra";
import { wshBinaries } from "./wshBinaries";

/** A running server that rows of the wire checklist are asked of. */
export interface WireSubject {
  /** Without credentials. */
  readonly http: RawHttp;
  readonly pid: number;
  /** Headers with the token, where one is asked for. */
  readonly bearer: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** A kind of server that the checklist is about: the built-in one, or a program of real wsh. */
export interface WireServer {
  readonly title: string;
  /** Whether what only the built-in server promises is there. */
  readonly builtin: boolean;
  /** The era whose rows it has to pass. */
  readonly era: WireEra;
  /** Whether it is of this era or a later one. */
  has(era: WireEra): boolean;
  /** The words of its era for waiting until a terminal is quiet. */
  readonly waiting: {
    readonly path: "idle" | "quiesce";
    readonly method: string;
    readonly timeout: string;
    readonly superseded: string;
  };
  /** One that asks nobody for a token. */
  start(...args: string[]): Promise<WireSubject>;
  /** One that asks for this token, on TCP. Rejects with its exit code when it does not start. */
  startGuarded(token: string, ...args: string[]): Promise<WireSubject>;
}

type Starts = Pick<WireServer, "start" | "startGuarded">;

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

function serverOf(title: string, era: WireEra, builtin: boolean, starts: Starts): WireServer {
  const path = isSince(era, "B0") ? "idle" : "quiesce";
  const waiting = {
    path,
    method: `await_${path}`,
    timeout: `${path}_timeout`,
    superseded: `${path}_superseded`,
  } as const;
  return { title, era, builtin, has: (first) => isSince(era, first), waiting, ...starts };
}

const builtinServer = serverOf("built-in server", "B2", true, {
  start: async (...args) => {
    const server = await BuiltinServer.start(...args);
    return { http: server.unix, pid: server.pid, bearer: {}, stop: () => server.stop() };
  },
  startGuarded: async (token, ...args) => {
    const file = join(await temporaryFolder(), "token");
    await writeFile(file, token, { mode: 0o600 });
    const server = await BuiltinServer.start("--port", "0", "--token-file", file, ...args);
    const http = server.client({ host: "127.0.0.1", port: server.port });
    return { http, pid: server.pid, bearer: bearer(token), stop: () => server.stop() };
  },
});

async function realServer(binary: string): Promise<WireServer> {
  const asked = await RealWsh.start(binary);
  const era = await eraOf(asked.http).finally(() => asked.stop());
  const subject = (server: RealWsh, headers: Record<string, string>): WireSubject => ({
    http: server.http,
    pid: server.pid,
    bearer: headers,
    stop: () => server.stop(),
  });
  return serverOf(`wsh ${era}`, era, false, {
    start: async (...args) => subject(await RealWsh.start(binary, args), {}),
    startGuarded: async (token, ...args) =>
      subject(await RealWsh.start(binary, ["--token", token, ...args], "[::ffff:127.0.0.1]"), bearer(token)),
  });
}

/** The built-in server, and a real one for each program of WSH_BIN. */
export async function wireServers(): Promise<readonly WireServer[]> {
  return [builtinServer, ...(await Promise.all(wshBinaries().map(realServer)))];
}

export interface RowScope {
  /** The first era in which the row holds. */
  readonly since?: WireEra;
  /** The first era in which it does not hold any more. */
  readonly before?: WireEra;
  /** Which of the two kinds promises it. */
  readonly only?: "built-in" | "wsh";
}

function whyNot(server: WireServer, { since, before, only }: RowScope): string | undefined {
  if (only === "built-in" && !server.builtin) return "only the built-in server promises this";
  if (only === "wsh" && server.builtin) return "this is about wsh alone";
  if (since !== undefined && !server.has(since)) return `wsh has this since ${since}`;
  if (before !== undefined && server.has(before)) return `wsh had this before ${before}`;
  return undefined;
}

/** Defines tests of rows that do not hold for every server; where one does not, the test is left out and says why. */
export function rowsOf(server: WireServer): (title: string, scope: RowScope, body: () => Promise<void>) => void {
  return (title, scope, body) => {
    const reason = whyNot(server, scope);
    it.skipIf(reason !== undefined)(reason === undefined ? title : `${title} [not run: ${reason}]`, body);
  };
}
