import { hasCode, OrchestratorError } from "../../core/model/errors";
import type { ServerCapabilities, ServerInfo } from "../../core/ports/sessions";
import { retryPolicies } from "./retryPolicies";
import type { Call, ServerCalls } from "./serverCalls";
import { answerInvalid, errorBodyOf } from "./serverErrors";
import { type ServerFeature, type WireServerInfo, wireServerInfoSchema } from "./wire";

/**
 * Eras of wsh that a client can tell apart, oldest first (February to April 2026). Behaviour tells them, never the
 * version, which is `0.1.0` in all of A and B. B2 stands for B3 and for the first days of C too, which differ in
 * nothing that is used here.
 */
export type Era = "A0-A1" | "A2" | "B0" | "B1" | "B2" | "C";

/** How one server speaks. Nobody outside of this folder reads it. */
export interface Dialect {
  /** Last part of the route that waits for silence. */
  readonly waitRoute: "idle" | "quiesce";
  /** The sockets of a session close when it ends (the very first versions leave them open). */
  readonly closesSockets: boolean;
  /**
   * How lost output shows: as a frame that clears and repaints the screen, not at all (the very first versions), or
   * nothing is ever lost.
   */
  readonly loss: "repaint" | "silent" | "none";
  /** Stalls for good from the 172nd session on. */
  readonly stalls: boolean;
  /** Has `/server/ended/{name}`. */
  readonly keepsEnds: boolean;
  /** Answers what programs ask of their terminal, unless a stream is open that was opened as a terminal. */
  readonly answers: boolean;
  /** Has `/sessions/{name}/recent_output`. */
  readonly keepsOutput: boolean;
}

export interface DetectedServer {
  readonly info: ServerInfo;
  readonly dialect: Dialect;
}

/** wsh does not name itself. */
const wshImplementation = "wsh";
/** All of A and B say so of themselves. */
const oldVersion = "0.1.0";
/** No session can have this name: servers that check names refuse it, and to ask for it changes nothing. */
const noSession = "%20";

/**
 * Finds out how the server at `calls.address` speaks, in one to three requests without side effects. Throws
 * `server_unreachable`, `auth_required`, `auth_invalid`, and `response_invalid` for what is no wsh server.
 */
export async function detectDialect(
  calls: ServerCalls,
  how: Pick<Call, "policy" | "signal" | "heard">,
): Promise<DetectedServer> {
  const known = await calls.readUnless(404, wireServerInfoSchema, { method: "GET", path: "/server/info", ...how });
  if (known) return newServer(calls.address.text, known);
  const idle = await calls.ask({ method: "GET", path: "/idle", ...how }, [400, 404]);
  if (idle.status === 400 && idle.body.includes("timeout_ms"))
    return oldServer(calls, idle.headers["x-frame-options"] === undefined ? "B0" : "B1");
  // An unknown route is answered with 404 and nothing else.
  if (idle.status === 404 && idle.body === "") {
    const patch = await calls.ask({ method: "PATCH", path: `/sessions/${noSession}`, json: {}, ...how }, [404, 422]);
    // Before there were tags a change of a session needed a name, and that was checked first.
    if (patch.status === 422) return oldServer(calls, "A0-A1");
    if (errorBodyOf(patch)?.code === "session_not_found") return oldServer(calls, "A2");
  }
  throw answerInvalid({ address: calls.address }, "it comes from another program").error;
}

/**
 * The same without retries. Whatever answers otherwise is told as `response_invalid`: it is no wsh server.
 */
export async function detectOnce(calls: ServerCalls, how: Pick<Call, "signal" | "heard">): Promise<DetectedServer> {
  try {
    return await detectDialect(calls, { policy: retryPolicies.once, ...how });
  } catch (error) {
    throw hasCode(error, "response_invalid", "request_invalid")
      ? new OrchestratorError(
          "response_invalid",
          `The program at ${calls.address.text} is not a wsh server.`,
          { kind: "correct_address", text: "Check the address, its port and its path." },
          { cause: error },
        )
      : error;
  }
}

function newServer(address: string, wire: WireServerInfo): DetectedServer {
  const implementation = wire.implementation ?? wshImplementation;
  const isWsh = implementation === wshImplementation;
  const era: Era = wire.instance_name === undefined ? "B2" : "C";
  return {
    info: {
      address,
      server_id: wire.server_id ?? null,
      hostname: wire.hostname,
      version: wire.version,
      implementation,
      era,
      capabilities: {
        ...capabilitiesOf(era, isWsh, wire.server_id !== undefined),
        replacesEnvironment: !isWsh && has(wire, "replace_env"),
        terminalMode: !isWsh && has(wire, "terminal"),
      },
    },
    dialect: {
      ...dialectOf(era, isWsh),
      answers: !isWsh && has(wire, "answers"),
      keepsOutput: !isWsh && has(wire, "recent_output"),
    },
  };
}

function has({ features }: WireServerInfo, feature: ServerFeature): boolean {
  return features?.includes(feature) === true;
}

function oldServer(calls: ServerCalls, era: Era): DetectedServer {
  const { text, hostname } = calls.address;
  const info: ServerInfo = {
    address: text,
    server_id: null,
    hostname,
    version: oldVersion,
    implementation: wshImplementation,
    era,
    capabilities: capabilitiesOf(era, true, false),
  };
  return { info, dialect: dialectOf(era, true) };
}

function dialectOf(era: Era, isWsh: boolean): Dialect {
  return {
    waitRoute: era.startsWith("A") ? "quiesce" : "idle",
    closesSockets: era !== "A0-A1",
    loss: !isWsh ? "none" : era === "A0-A1" ? "silent" : "repaint",
    stalls: isWsh,
    keepsEnds: !isWsh,
    answers: false,
    keepsOutput: false,
  };
}

function capabilitiesOf(era: Era, isWsh: boolean, restarts: boolean): ServerCapabilities {
  return { resize: era !== "A0-A1", tags: era !== "A0-A1", exitCodes: !isWsh, wholeOutput: !isWsh, restarts };
}
