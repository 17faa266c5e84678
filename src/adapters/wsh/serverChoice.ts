import { hasCode, messageOf, OrchestratorError } from "../../core/model/errors";
import type { ServerReference } from "../../core/model/project";
import type { Clock, Logger } from "../../core/ports/machine";
import type { ServerProcesses } from "../../core/ports/servers";
import type { ChosenServer } from "../../core/ports/sessions";
import type { ServerCandidate } from "./findServers";
import { isSameAddress, parseServerAddress } from "./serverAddress";
import { listeningProcess } from "./standardPlaces";
import { ServerPermission, type ServerPermissionOptions } from "./serverPermission";
import type { WshServer } from "./wshServer";
import { advice, type Remedy } from "../../core/model/remedy";

/** Finds and starts our own session server. What a failed start throws may say in `next` what can be done about it. */
export interface BuiltinLauncher<T extends { readonly address: string } = { readonly address: string }> {
  /** Where one says that it runs; nobody has asked it yet. */
  published(): Promise<{ readonly address: string; readonly server_id: string } | undefined>;
  /** The one that runs, wherever that is; it has answered. */
  find(): Promise<T | undefined>;
  /** The one that a project remembers is known to have ended, with all its sessions. */
  hasEnded(remembered: ServerReference): Promise<boolean>;
  start(): Promise<T>;
}

export interface ServerChoiceOptions extends ServerPermissionOptions {
  /** What the user wants: `builtin`, or an address. */
  readonly asked: string | undefined;
  /**
   * `now`: it was asked for with this very command, and decides everything. `always`: it is a setting, and decides
   * where projects run; sessions that are recorded on another server are still looked for there.
   */
  readonly asksFor: "now" | "always";
  readonly tokens: ServerTokens;
  /** In PEM; trusted besides the system's own. */
  readonly certificates: string | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly launcher: BuiltinLauncher;
  /** Loaded when it is needed. Absent: nobody can tell whether a server that is not ours has ended. */
  readonly processes?: () => Promise<ServerProcesses>;
}

/** The secrets for servers that are not our own. Addresses are in their normal form. */
export interface ServerTokens {
  /** The one of that very address, which no other server gets; asked anew when the server refuses it. */
  tokenFor(address: string): Promise<string | undefined>;
  /** One is set, and is not for that address as far as is known. */
  isWithheld(address: string): Promise<boolean>;
}

/** A server on this machine answers in milliseconds; one far away gets this long. */
const answerMs = 1500;

/**
 * Which session server: the one asked for, the one that the project remembers, the one wsh that runs, else our own. What
 * a project remembers is a stranger's word until the user has chosen it: `ServerPermission` decides before anything is
 * connected.
 */
export class ServerChoice {
  /** One client for each address, however often it is asked for. */
  readonly #clients = new Map<string, WshServer>();
  readonly #permission: ServerPermission;

  constructor(private readonly options: ServerChoiceOptions) {
    this.#permission = new ServerPermission(options);
  }

  /**
   * The server for a project that is to run, started when it is our own. Throws `server_unreachable`,
   * `server_ambiguous`, `server_not_chosen`, `auth_required`, `auth_invalid`, `response_invalid`, `usage`.
   */
  async forProject(remembered: ServerReference | undefined): Promise<ChosenServer> {
    const chosen = await this.#toRun(remembered);
    const processes = chosen.builtin ? undefined : await this.options.processes?.();
    const process = processes && (await listeningProcess(chosen.info.address, processes));
    return process ? { ...chosen, process } : chosen;
  }

  async #toRun(remembered: ServerReference | undefined): Promise<ChosenServer> {
    const { asked } = this.options;
    if (asked !== undefined) return asked === "builtin" ? this.#startBuiltin() : this.#connectAsked(asked);
    if (remembered) return remembered.builtin === true ? this.#startBuiltin() : this.#connectRecorded(remembered);
    const found = await this.#runningWsh();
    const named = found.find((each) => each.named);
    if (named) return this.#connect(named.info.address, "permitted");
    const [first, ...others] = found.map((each) => each.info.address);
    if (first === undefined) return this.#startBuiltin();
    if (others.length > 0) {
      const addresses = [first, ...others] as const;
      throw new OrchestratorError("server_ambiguous", `Several wsh servers are running: ${addresses.join(", ")}.`, {
        kind: "choose_server",
        addresses,
      });
    }
    return this.#connect(first, "permitted");
  }

  /** Asks the person, where that is needed, whether `forProject` may use what the project remembers. Throws as it does. */
  async requirePermission(remembered: ServerReference | undefined): Promise<void> {
    if (this.options.asked === undefined && remembered && remembered.builtin !== true)
      await this.#permission.require(remembered.address, true);
  }

  /** A server that runs already, for looking; nothing is started. Throws as `forProject`. */
  async asReference(remembered: ServerReference): Promise<ChosenServer> {
    const { asked, asksFor } = this.options;
    const recorded = (): Promise<ChosenServer> =>
      // Where our own server is, it says itself: what a file says of it may be a stranger's.
      remembered.builtin === true ? this.#builtin(remembered) : this.#connectRecorded(remembered);
    if (asked === undefined) return recorded();
    const own = remembered.builtin === true ? remembered : undefined;
    const wanted = (): Promise<ChosenServer> => (asked === "builtin" ? this.#builtin(own) : this.#connectAsked(asked));
    const same = asked === "builtin" ? remembered.builtin === true : isSameAddress(asked, remembered.address);
    if (asksFor === "now" || same) return wanted();
    const found = await wanted().catch(() => undefined);
    // The recorded one may have another address today.
    return found && remembered.server_id !== null && found.info.server_id === remembered.server_id ? found : recorded();
  }

  /**
   * Every server that may have a session: the one asked for, or those remembered that the user has chosen, every wsh
   * that runs, and our own. None is started, and nobody is asked about the others.
   */
  async running(remembered: readonly ServerReference[]): Promise<ChosenServer[]> {
    const { asked } = this.options;
    if (asked !== undefined) return [await (asked === "builtin" ? this.#builtin() : this.#connectAsked(asked))];
    const [wsh, own] = await Promise.all([this.#runningWsh(), this.#builtin().catch(() => undefined)]);
    const permitted = await Promise.all(
      remembered
        .filter((reference) => reference.builtin !== true)
        .map(({ address }) =>
          this.#permission.require(address, false).then(
            () => normal(address),
            () => undefined,
          ),
        ),
    );
    const addresses = new Set([
      ...permitted.filter((address) => address !== undefined),
      ...wsh.map((each) => each.info.address),
    ]);
    if (own) addresses.delete(own.info.address);
    const others = await Promise.all(
      [...addresses].map((address) => this.#connect(address, "permitted").catch(() => undefined)),
    );
    const all = [...(own ? [own] : []), ...others.filter((each) => each !== undefined)];
    return all.filter(
      ({ info }, index) =>
        info.server_id === null || all.findIndex((one) => one.info.server_id === info.server_id) === index,
    );
  }

  close(): void {
    for (const server of this.#clients.values()) server.close();
  }

  async #runningWsh(): Promise<ServerCandidate[]> {
    const { findWshServers } = await import("./findServers");
    const { clock, owners, env } = this.options;
    const found = await findWshServers({ clock, owners, env });
    return found.filter((each) => each.info.implementation === "wsh");
  }

  /** Whoever names a server, and its token with it, has chosen it for other commands as well. */
  async #connectAsked(asked: string): Promise<ChosenServer> {
    const { chosen, tokens } = this.options;
    const address = normal(asked);
    const reached = await this.#connect(address, "asked");
    await chosen.keep(address, "yes", await tokens.tokenFor(address));
    return reached;
  }

  /** Says of one that cannot be reached whether it has ended. */
  async #connectRecorded({ address, process }: ServerReference): Promise<ChosenServer> {
    try {
      await this.#permission.require(address, true);
      return await this.#connect(address, "permitted");
    } catch (error) {
      const processes = process && hasCode(error, "server_unreachable") ? await this.options.processes?.() : undefined;
      if (!process || !(await processes?.hasEnded(process))) throw error;
      throw new OrchestratorError(
        "server_unreachable",
        `The session server at ${address} ended, and its sessions with it.`,
        { kind: "resume_projects", server: address },
        { cause: error },
      );
    }
  }

  /**
   * `asked` for by the user, or our own (`builtin`), or one that is `permitted`: then each further connection is, too.
   */
  async #connect(anyForm: string, why: "asked" | "permitted" | "builtin"): Promise<ChosenServer> {
    const { clock, logger, tokens, certificates } = this.options;
    const [{ detectServer }, { WshServer }] = await Promise.all([import("./detectServer"), import("./wshServer")]);
    const address = normal(anyForm);
    const builtin = why === "builtin";
    const permit = (): Promise<void> => this.#permission.require(address, false);
    const token = builtin ? undefined : await tokens.tokenFor(address);
    const access = builtin
      ? {}
      : {
          ...(token === undefined ? {} : { token }),
          ...(certificates === undefined ? {} : { certificates }),
          ...(why === "permitted" ? { permit } : {}),
        };
    const readToken = builtin ? undefined : (): Promise<string | undefined> => tokens.tokenFor(address);
    const signal = AbortSignal.timeout(answerMs);
    const known = this.#clients.get(address);
    const server =
      known ?? new WshServer({ address, clock, logger, ...access, ...(readToken === undefined ? {} : { readToken }) });
    // The kept connections of a client that is in use may be those of a server that has gone.
    const detecting = known ? detectServer({ address, clock, signal, ...access }) : server.detect(signal);
    const info = await detecting.catch(async (error: unknown) => {
      if (server !== known) server.close();
      if (error instanceof DOMException)
        throw new OrchestratorError(
          "server_unreachable",
          `The server at ${address} cannot be reached.`,
          { kind: "reach_server" },
          { cause: error },
        );
      if (hasCode(error, "auth_required") && !builtin && (await tokens.isWithheld(address))) throw withheld(address);
      throw error;
    });
    logger.debug(`Server ${info.address}: ${info.implementation} ${info.version}, era ${info.era}`);
    const used = this.#clients.get(address) ?? server;
    // Somebody else reached it at the same moment.
    if (used !== server) server.close();
    this.#clients.set(address, used);
    used.heard();
    return { server: used, info, builtin };
  }

  /** Our own server when it runs; throws `server_unreachable` when it does not, and says whether it has ended. */
  async #builtin(remembered?: ServerReference): Promise<ChosenServer> {
    const { launcher } = this.options;
    const published = await launcher.published();
    // Another one may be there by now, or none: then it is looked for.
    const reached = published && (await this.#connect(published.address, "builtin").catch(() => undefined));
    if (reached && reached.info.server_id === published.server_id) return reached;
    const found = await launcher.find();
    if (!found && remembered && (await launcher.hasEnded(remembered)))
      throw new OrchestratorError(
        "server_unreachable",
        "The built-in session server ended, and its sessions with it.",
        {
          kind: "resume_projects",
        },
      );
    if (!found)
      throw new OrchestratorError("server_unreachable", "The built-in session server is not running.", {
        kind: "start_server",
      });
    return this.#connect(found.address, "builtin");
  }

  async #startBuiltin(): Promise<ChosenServer> {
    const started = await startBuiltin(this.options.launcher);
    return this.#connect(started.address, "builtin");
  }
}

/** Throws `usage` for what is no address. */
function normal(address: string): string {
  return parseServerAddress(address).text;
}

function withheld(address: string): OrchestratorError {
  return new OrchestratorError(
    "auth_required",
    `The server at ${address} needs a token. The one that is set was not sent: it was not given with this address.`,
    { kind: "give_token", address, withheld: true },
  );
}

/** Starts our own server unless it runs. Throws `server_unreachable` with what the start said. */
export async function startBuiltin<T extends { readonly address: string }>(launcher: BuiltinLauncher<T>): Promise<T> {
  try {
    return await launcher.start();
  } catch (error) {
    const remedy: Remedy =
      error instanceof OrchestratorError
        ? error.remedy
        : error instanceof Error && "next" in error && typeof error.next === "string"
          ? advice(error.next)
          : { kind: "watch_server_start" };
    throw new OrchestratorError("server_unreachable", messageOf(error), remedy, { cause: error });
  }
}
