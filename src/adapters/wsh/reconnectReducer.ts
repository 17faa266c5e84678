/**
 * How a WebSocket that should stay open comes back, as a pure function. Close codes say nothing on wsh (1000 is every
 * close), so after each close the world is looked at: what the socket belongs to is gone, is still there, or nobody
 * answers.
 */
export type ReconnectState =
  /**
   * `fresh`: never open yet, so a failure that lasts is told instead of mended (unless it is to be kept up whatever
   * happens).
   */
  | { readonly at: "connecting"; readonly fresh: boolean; readonly tries: number }
  | { readonly at: "open"; readonly tries: number }
  | { readonly at: "checking"; readonly tries: number }
  | { readonly at: "waiting"; readonly fresh: boolean; readonly tries: number }
  | { readonly at: "over" };

export type ReconnectEvent =
  | { readonly type: "opened" }
  /** An open connection ended; one that was short-lived must not be followed by another at once. */
  | { readonly type: "closed"; readonly openForMs: number }
  /**
   * The upgrade failed. `gone`: the server says that there is nothing to connect to; `final`: another try would fail as
   * well.
   */
  | { readonly type: "failed"; readonly gone: boolean; readonly final: boolean }
  | { readonly type: "checked"; readonly found: "there" | "gone" | "unknown" }
  | { readonly type: "waited" }
  | { readonly type: "disposed" };

export type ReconnectEffect =
  "connect" | "check" | "wait" | "tell_open" | "tell_reopened" | "tell_gone" | "tell_failed";

export interface ReconnectStep {
  readonly state: ReconnectState;
  readonly effects: readonly ReconnectEffect[];
}

/** An open time that proves a connection good, in milliseconds. */
export const steadyMs = 1_000;
/** A first connection is tried as often as a request. */
const freshTries = 4;
const over: ReconnectState = { at: "over" };

/** `keepTrying`: a first connection that fails is tried again like any later one. */
export function startReconnect(keepTrying: boolean): ReconnectStep {
  return { state: { at: "connecting", fresh: !keepTrying, tries: 0 }, effects: ["connect"] };
}

/** The next state and what to do, in order. Events that do not fit the state change nothing. */
export function reconnect(state: ReconnectState, event: ReconnectEvent): ReconnectStep {
  if (event.type === "disposed") return { state: over, effects: [] };
  switch (state.at) {
    case "connecting":
      if (event.type === "opened")
        return { state: { at: "open", tries: state.tries }, effects: [state.fresh ? "tell_open" : "tell_reopened"] };
      if (event.type !== "failed") break;
      if (state.fresh && (event.gone || event.final || state.tries + 1 >= freshTries))
        return { state: over, effects: ["tell_failed"] };
      if (event.gone) return { state: over, effects: ["tell_gone"] };
      return waiting(state.fresh, state.tries + 1);
    case "open": {
      if (event.type !== "closed") break;
      const tries = event.openForMs >= steadyMs ? 0 : state.tries + 1;
      return tries <= 1 ? { state: { at: "checking", tries }, effects: ["check"] } : waiting(false, tries);
    }
    case "checking":
      if (event.type !== "checked") break;
      if (event.found === "gone") return { state: over, effects: ["tell_gone"] };
      if (event.found === "unknown") return waiting(false, state.tries + 1);
      return { state: { at: "connecting", fresh: false, tries: state.tries }, effects: ["connect"] };
    case "waiting":
      if (event.type !== "waited") break;
      // What was never open is not looked at: the next upgrade says as much.
      if (state.fresh) return { state: { at: "connecting", fresh: true, tries: state.tries }, effects: ["connect"] };
      return { state: { at: "checking", tries: state.tries }, effects: ["check"] };
    case "over":
      break;
  }
  return { state, effects: [] };
}

function waiting(fresh: boolean, tries: number): ReconnectStep {
  return { state: { at: "waiting", fresh, tries }, effects: ["wait"] };
}
