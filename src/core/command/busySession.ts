import { brief, roughDuration } from "../model/sentences";
import { shortSession } from "../model/names";
import type { Clock } from "../ports/machine";
import type { OpenRecord } from "../record/projectRecord";
import type { TypingTarget } from "./sessionTyping";

/** What runs in a session, by its record or by its server. */
export interface Running {
  /** The command of the record, or else the program in front. Undefined where neither is known. */
  readonly what: string | undefined;
  /** For how many milliseconds the command has run. */
  readonly forMs: number | undefined;
}

/** By the record, else by the server. */
export async function runningIn(
  { name, wire, chosen }: Pick<TypingTarget, "name" | "wire" | "chosen">,
  { record, clock }: { readonly record: OpenRecord; readonly clock: Clock },
): Promise<Running> {
  const open = (): Running | undefined => {
    const command = [...record.state.openCommands.values()].findLast((entry) => entry.session_name === name);
    return command && { what: command.input, forMs: Math.max(0, clock.now() - Date.parse(command.ts)) };
  };
  await record.catchUp();
  const known = open();
  if (known) return known;
  const mode = await chosen.server.terminalMode(wire).catch(() => undefined);
  return { what: mode?.foreground ?? undefined, forMs: undefined };
}

/** `builder::1 is busy with "npm test" (for 3 min).` */
export function busySentence(session: string, { what, forMs }: Running): string {
  const since = forMs === undefined ? "" : ` (for ${roughDuration(forMs)})`;
  return `${shortSession(session)} is busy${what === undefined ? "" : ` with "${brief(what)}"${since}`}.`;
}
