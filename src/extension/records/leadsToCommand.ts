import { type CommandName, commandId } from "../identifiers";
import { shown } from "../shownText";
import type { ShownLink } from "../shownWindow";
import { commandLink } from "./commandLink";

/** What makes a part of a document of ours a link that does what a command does. */
export function leadsToCommand(
  title: string,
  name: CommandName,
  ...given: readonly unknown[]
): Pick<ShownLink, "target" | "tooltip"> {
  return { target: commandLink(commandId(name), given), tooltip: shown(title) };
}
