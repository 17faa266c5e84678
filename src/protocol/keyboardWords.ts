import * as l10n from "@vscode/l10n";
import { actorName } from "../core/model/actorName";
import { keyboardHolder } from "../core/model/heldKeyboard";
import type { SessionContext } from "../core/model/session";

/**
 * That nothing is typed for tasks in the session, because a person has its keyboard: `paused: you have the keyboard`.
 * Empty where nobody has. `reader`: who reads it (`human:<user>`).
 */
export function keyboardWords(session: Pick<SessionContext, "keyboards">, reader: string | undefined): string {
  const holder = keyboardHolder(session);
  if (!holder) return "";
  return holder.actor === reader
    ? l10n.t("paused: you have the keyboard")
    : l10n.t("paused: {0} has the keyboard", actorName(holder.actor));
}
