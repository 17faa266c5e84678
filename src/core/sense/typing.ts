import type { IntegratedShell } from "./shellMarks";

export type TypedForm = "line" | "eval";

/** Ctrl-C. */
export const interruptKey = "\x03";

/** How a text is typed: one printable line as it is, everything else as one `eval`. */
export function typedForm(_text: string): TypedForm {
  return "line";
}

/** What to send, in one piece, at a clean prompt. Throws `request_invalid` for a text without content. */
export function encodeCommand(_text: string, _options: { shell: IntegratedShell; form: TypedForm }): string {
  return "";
}

/**
 * What to send to a shell without marks: the command, then an end mark that carries `id`: a mark of letter `D` with `fields.id === id` and `status`.
 * `id`: letters and digits, unguessable. Throws `request_invalid` for a text without content.
 */
export function encodeSentinel(_text: string, _options: { shell: "posix" | "fish"; id: string }): string {
  return "";
}
