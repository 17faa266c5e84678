import { readFileSync } from "node:fs";
import { OrchestratorError } from "../core/model/errors";
import type { ServerReference } from "../core/model/project";
import type { Clock, Logger, ServerInfo, SessionServer } from "../core/ports";
import type { ServerCandidate } from "../adapters/wsh/findServers";
import type { RunningServer } from "../embedded/launch";

export interface ChosenServer {
  readonly server: SessionServer;
  readonly info: ServerInfo;
  /** Our own server, which may be started anew when it is gone. */
  readonly builtin: boolean;
}

export interface ServerChoiceOptions {
  /** Flag or environment: `builtin`, or an address. */
  readonly asked: string | undefined;
  readonly token: string | undefined;
  /** In PEM; trusted besides the system's own. */
  readonly certificates: string | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The path of `server.js`. */
  readonly bundle: string;
}

/** A server on this machine answers in milliseconds; one far away gets this long. */
const answerMs = 1500;

/** The token of `--token-file`, else of WSH_TOKEN. Throws `usage` for a file that cannot be read. */
export function readToken(file: string | undefined, env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (file === undefined) return env.WSH_TOKEN === undefined || env.WSH_TOKEN === "" ? undefined : env.WSH_TOKEN;
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new OrchestratorError("usage", `The token file ${file} cannot be read.`, "Give a file that holds the token alone.", { cause: error });
  }
}

/** The certificates of `--ca-file`, else of the file that WSH_CA_FILE names. Throws `usage` for a file that cannot be read or holds none. */
export function readCertificates(file: string | undefined, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const from = file ?? env.WSH_CA_FILE;
  if (from === undefined || from === "") return undefined;
  const wrong = (cause?: unknown): OrchestratorError => new OrchestratorError("usage", `The certificate file ${from} ${cause === undefined ? "holds no certificate" : "cannot be read"}.`, "Give a file in PEM form, with BEGIN CERTIFICATE in it.", { cause });
  try {
    const text = readFileSync(from, "utf8");
    if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  } catch (error) {
    throw wrong(error);
  }
  throw wrong();
}

/** Which session server: the one asked for, the one that the project remembers, the one wsh that runs, else our own. */
export class ServerChoice {
  readonly #opened: SessionServer[] = [];

  constructor(private readonly options: ServerChoiceOptions) {}

  /**
   * The server for a project that is to run, started when it is our own. Throws `server_unreachable`, `server_ambiguous`, `auth_required`,
   * `auth_invalid`, `response_invalid`, `usage`.
   */
  async forProject(remembered: ServerReference | undefined): Promise<ChosenServer> {
    const { asked } = this.options;
    if (asked !== undefined) return asked === "builtin" ? this.#startBuiltin() : this.#connect(asked);
    if (remembered) return remembered.builtin === true ? this.#startBuiltin() : this.#connect(remembered.address);
    const found = await this.#runningWsh();
    const named = found.find((each) => each.named);
    if (named) return this.#connect(named.info.address);
    if (found.length > 1) {
      const addresses = found.map((each) => each.info.address);
      throw new OrchestratorError(
        "server_ambiguous",
        `Several wsh servers run here: ${addresses.join(", ")}.`,
        `Name one, for example --server ${addresses[0] ?? ""}, or --server builtin for our own.`,
      );
    }
    return found[0] === undefined ? this.#startBuiltin() : this.#connect(found[0].info.address);
  }

  /** A server that runs already, for looking; nothing is started. Throws as `forProject`. */
  async asReference(remembered: ServerReference): Promise<ChosenServer> {
    const { asked } = this.options;
    if (asked !== undefined) return asked === "builtin" ? this.#builtin() : this.#connect(asked);
    return this.#connect(remembered.address, remembered.builtin === true);
  }

  /** Every server that may have a session: the one asked for, or those remembered, every wsh that runs, and our own. None is started. */
  async running(remembered: readonly ServerReference[]): Promise<ChosenServer[]> {
    const { asked } = this.options;
    if (asked !== undefined) return [await (asked === "builtin" ? this.#builtin() : this.#connect(asked))];
    const [wsh, own] = await Promise.all([this.#runningWsh(), this.#builtin().catch(() => undefined)]);
    const addresses = new Set([...remembered.map((reference) => reference.address), ...wsh.map((each) => each.info.address)]);
    if (own) addresses.delete(own.info.address);
    const others = await Promise.all([...addresses].map((address) => this.#connect(address).catch(() => undefined)));
    const all = [...(own ? [own] : []), ...others.filter((each) => each !== undefined)];
    return all.filter((each, index) => all.findIndex((one) => one.info.server_id === each.info.server_id && one.info.server_id !== null) === index);
  }

  close(): void {
    for (const server of this.#opened) server.close();
  }

  async #runningWsh(): Promise<ServerCandidate[]> {
    const { findWshServers } = await import("../adapters/wsh/findServers");
    const found = await findWshServers({ clock: this.options.clock });
    return found.filter((each) => each.info.implementation === "wsh");
  }

  async #connect(address: string, builtin = false): Promise<ChosenServer> {
    const { clock, logger, token, certificates } = this.options;
    const [{ detectServer }, { WshServer }] = await Promise.all([import("../adapters/wsh/detectServer"), import("../adapters/wsh/wshServer")]);
    const access = builtin ? {} : { ...(token === undefined ? {} : { token }), ...(certificates === undefined ? {} : { certificates }) };
    const info = await detectServer({ address, clock, signal: AbortSignal.timeout(answerMs), ...access }).catch((error: unknown) => {
      if (error instanceof DOMException) throw new OrchestratorError("server_unreachable", `The server at ${address} does not answer.`, "Check whether it hangs, or name another one with --server.", { cause: error });
      throw error;
    });
    logger.debug(`Server ${info.address}: ${info.implementation} ${info.version}, era ${info.era}`);
    const server = new WshServer({ address, clock, logger, ...access });
    this.#opened.push(server);
    return { server, info, builtin };
  }

  /** Our own server when it runs; throws `server_unreachable` when it does not. */
  async #builtin(): Promise<ChosenServer> {
    const { findBuiltinServer } = await import("../embedded/launch");
    const found = await findBuiltinServer();
    if (!found) throw new OrchestratorError("server_unreachable", "The built-in session server does not run.", "Start it with: wsh-orchestrator wsh-server start");
    return this.#connect(found.address, true);
  }

  async #startBuiltin(): Promise<ChosenServer> {
    const started = await startBuiltin(this.options.bundle);
    return this.#connect(started.address, true);
  }
}

/** Starts our own server unless it runs. Throws `server_unreachable` with what the start said. */
export async function startBuiltin(bundle: string): Promise<RunningServer> {
  const { LaunchError, startBuiltinServer } = await import("../embedded/launch");
  try {
    return await startBuiltinServer({ bundle });
  } catch (error) {
    const next = error instanceof LaunchError ? error.next : "Run it in the foreground to see more: wsh-orchestrator wsh-server run";
    throw new OrchestratorError("server_unreachable", error instanceof Error ? error.message : String(error), next, { cause: error });
  }
}
