import * as l10n from "@vscode/l10n";
import type { ContextEntry } from "../core/model/entry";
import { shortSession } from "../core/model/names";
import type { SessionContext } from "../core/model/session";
import { brief } from "../core/model/sentences";
import { isLiving } from "../core/model/states";
import { isRunning, type ProjectPicture } from "./projectRows";
import type { TriedCommand } from "./taskTries";
import { outputRows, type WrittenPage } from "./textPage";

/** What the session of a command shows that has not ended. */
export type LiveOutput =
  | { readonly is: "shown"; readonly lines: readonly string[]; readonly whole: boolean }
  /** `why`: a sentence. */
  | { readonly is: "unreachable"; readonly why: string };

/** What a command is read with on a page. */
interface CommandSource {
  readonly picture: ProjectPicture;
  /** Undefined: its session was not asked. */
  readonly live: LiveOutput | undefined;
}

/** The command, all that was recorded of its output, and how it ended. */
export function addCommand(page: WrittenPage, source: CommandSource, { command, result }: TriedCommand): void {
  const [mark, next] = command.typed_as === "prompt" ? ["› ", "  "] : ["$ ", "  "];
  outputRows(command.input ?? command.text).forEach((line, row) =>
    page.add("command", { text: `${row === 0 ? mark : next}${line}` }),
  );
  if (isUnended(source.picture, { command, result })) addLive(page, source, result);
  else if (result) addResult(page, source.picture, command, result);
  else page.add("text", { text: l10n.t("(The log does not have the end of this command.)") });
}

function addResult(page: WrittenPage, picture: ProjectPicture, command: ContextEntry, result: ContextEntry): void {
  const rows = outputRows(result.output ?? "");
  if (result.complete === false) addTailNote(page, picture, command, rows.length > 0);
  for (const text of rows) page.add("output", { text });
  page.add("text", { text: `(${result.text}${rows.length === 0 ? ` ${l10n.t("No output.")}` : ""})` });
}

/** Where more than the log has can be read. */
function addTailNote(page: WrittenPage, picture: ProjectPicture, command: ContextEntry, some: boolean): void {
  const session = livingSince(picture, command);
  const what =
    command.typed_as === "prompt"
      ? l10n.t("The log has what the agent said last.")
      : some
        ? l10n.t("The log has only the end of this output.")
        : l10n.t("The log has nothing of this output.");
  page.add(
    "text",
    { text: session === undefined ? `(${what})` : `(${what} ` },
    ...(session === undefined
      ? []
      : [
          {
            text: l10n.t("Show all that {0} still has", shortSession(session)),
            to: { kind: "sessionText", session } as const,
          },
          { text: ")" },
        ]),
  );
}

function addLive(page: WrittenPage, { live, picture }: CommandSource, result: ContextEntry | undefined): void {
  if (live?.is === "shown") {
    if (!live.whole) page.add("text", { text: l10n.t("(All that its session shows now:)") });
    for (const text of live.lines) page.add("output", { text });
    page.add("text", {
      text: isRunning(picture.runner)
        ? l10n.t("(Still running. This page follows.)")
        : l10n.t("(Still running, as far as the log knows.)"),
    });
    return;
  }
  for (const text of outputRows(result?.output ?? "")) page.add("output", { text });
  page.add("text", {
    text: live === undefined ? l10n.t("(Still running.)") : l10n.t("(Its output cannot be shown now: {0})", live.why),
  });
}

/** The session that ran the command, while it is the same one and lives. */
function livingSince({ sessions }: ProjectPicture, command: ContextEntry): string | undefined {
  const session = sessions.find(({ session_name }) => session_name === command.session_name);
  const isSame = (each: SessionContext): boolean => each.started_at === undefined || each.started_at <= command.ts;
  return session && isLiving(session) && isSame(session) ? session.session_name : undefined;
}

/** Whether the log has no end of it; also one that goes on after its task was done. */
export function isUnended({ state }: ProjectPicture, { command, result }: TriedCommand): boolean {
  const id = command.command_id ?? "";
  return result === undefined ? state.openCommands.has(id) : state.stillRunning.has(id);
}

/** What an outline calls it. */
export function commandTitle({ command }: TriedCommand): string {
  return brief(command.input ?? command.text, 60);
}
