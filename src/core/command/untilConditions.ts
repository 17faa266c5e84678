import type { Clock } from "../ports/machine";
import type { SessionServer } from "../ports/sessions";
import type { CommandEnd } from "../session/commandEnds";
import type { Wait } from "./commandStop";
import { heldBy, type Until, type UntilCondition, type Watched } from "./typingRequest";

type UntilServer = Pick<SessionServer, "screen" | "scrollback">;
type UntilClock = Pick<Clock, "after" | "monotonic">;

/** Waits for the end of a command by `ended`, or until what is waited for holds. */
export async function heldOrEnded(
  server: UntilServer,
  watched: Watched & { readonly until: Until },
  ended: Wait,
  clock: UntilClock,
): Promise<Wait> {
  const { session, until } = watched;
  const condition = await conditionOf(server, watched, until, clock);
  return async (ms, signal) => {
    const over = new AbortController();
    const stop = signal ? AbortSignal.any([signal, over.signal]) : over.signal;
    try {
      const end = ended(ms, stop);
      const held = condition.holds(stop).then(() => "held" as const);
      // The one that loses is told to stop.
      for (const each of [end, held]) each.catch(() => undefined);
      const first = await Promise.race([end, held]);
      if (first !== "held") return first && (await atEnd(condition, until, first));
      return { outcome: "still_running", exit_code: null, output: session.commandOutput, ...heldBy(until) };
    } finally {
      over.abort();
    }
  };
}

/** The end of a command that was found ended, and whether what it was waited for holds all the same. */
export async function heldAtEnd(
  server: UntilServer,
  watched: Watched,
  end: CommandEnd,
  clock: UntilClock,
): Promise<CommandEnd> {
  const { until } = watched;
  return until === undefined ? end : atEnd(await conditionOf(server, watched, until, clock), until, end);
}

async function atEnd(condition: UntilCondition, until: Until, end: CommandEnd): Promise<CommandEnd> {
  const { outcome, exit_code } = end;
  if (outcome !== "exited" || exit_code !== 0 || !(await condition.heldAtEnd(end))) return end;
  return { ...end, ...heldBy(until) };
}

/** Looks whether what a command is waited for holds. */
export async function conditionOf(
  server: UntilServer,
  { session, text }: Watched,
  until: Until,
  clock: UntilClock,
): Promise<UntilCondition> {
  switch (until.by) {
    case "screen": {
      const { ScreenUntil } = await import("./screenUntil");
      return new ScreenUntil(server, session, until.pattern, text, clock);
    }
    case "port": {
      const { PortUntil } = await import("./portUntil");
      return new PortUntil(session, until, clock);
    }
    case "state": {
      const { StateUntil } = await import("./stateUntil");
      return new StateUntil(session, until, clock);
    }
  }
}
