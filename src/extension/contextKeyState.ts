import { commands } from "vscode";
import { configurationSection, type ContextKey } from "./identifiers";

const last = new Map<ContextKey, boolean>();

/** Sets a key for `when` clauses; one that is as it was is not set again. */
export function setContextKey(key: ContextKey, value: boolean): void {
  if (last.get(key) === value) return;
  last.set(key, value);
  void commands.executeCommand("setContext", `${configurationSection}.${key}`, value);
}
