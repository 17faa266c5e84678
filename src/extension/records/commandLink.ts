import { Uri } from "vscode";

/** A link in a document of ours that runs a command. */
export function commandLink(command: string, given: readonly unknown[]): Uri {
  return Uri.parse(`command:${command}?${encodeURIComponent(JSON.stringify(given))}`);
}
