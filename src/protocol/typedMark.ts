import type { ContextEntry } from "../core/model/entry";

/** What stands before what was typed, where it is listed: a shell's sign before a command, an agent's before a prompt. */
export function typedMark({ typed_as }: Pick<ContextEntry, "typed_as">): "$" | "›" {
  return typed_as === "prompt" ? "›" : "$";
}
