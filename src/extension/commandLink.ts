import { Uri } from "vscode";
import { type CommandName, commandId } from "./identifiers";
import { shown } from "./shownText";
import type { ShownLink } from "./shownWindow";

/** A link in a document of ours that does what a command does. */
export function commandLink(
  title: string,
  name: CommandName,
  ...given: readonly unknown[]
): Pick<ShownLink, "target" | "tooltip"> {
  return { target: commandUri(commandId(name), given), tooltip: shown(title) };
}

export function commandUri(command: string, given: readonly unknown[]): Uri {
  return Uri.parse(`command:${command}?${encodeURIComponent(JSON.stringify(given))}`);
}
