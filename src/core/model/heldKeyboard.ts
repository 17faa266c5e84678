import { type ContextEntry, refOf } from "./entry";
import { keyboardGivenEvent, keyboardTakenEvent } from "./entryKinds";
import type { SessionContext } from "./session";

/** A person types in a session: whoever runs its project types nothing there meanwhile. */
export type HeldKeyboard = NonNullable<SessionContext["keyboards"]>[number];

/** Who types in the session, by its entry. A keyboard ends with its session. */
export function noteKeyboard(session: SessionContext, entry: ContextEntry): void {
  const { id, actor, ts, event, keyboard } = entry;
  const held = session.keyboards ?? [];
  let now: readonly HeldKeyboard[] = held;
  if (keyboard !== undefined && (event === "attached" || event === keyboardTakenEvent)) {
    const { host, pid, started_at } = keyboard;
    now = [...held, { id, actor, since: ts, host, pid, started_at }];
  } else if (event === "detached" || event === keyboardGivenEvent) {
    const given = refOf(entry, "entry");
    now = held.filter((each) => each.id !== given);
  } else if (event === "starting" || event === "ended" || event === "lost") now = [];
  if (now.length > 0) session.keyboards = [...now];
  else delete session.keyboards;
}

/** Whether the entry says who types in a session, and nothing of what the session does. */
export function isAboutKeyboard({ kind, event }: Pick<ContextEntry, "kind" | "event">): boolean {
  return kind === "session" && (event === keyboardTakenEvent || event === keyboardGivenEvent);
}

/** The person who has had the keyboard of a session for longest; undefined where nobody has it. */
export function keyboardHolder({ keyboards }: Pick<SessionContext, "keyboards">): HeldKeyboard | undefined {
  return keyboards?.[0];
}
