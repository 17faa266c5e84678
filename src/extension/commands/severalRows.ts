import { l10n } from "vscode";
import { shown, shownLines } from "../shownText";
import { type Choice, window } from "../shownWindow";
import type { CommandName } from "../identifiers";

interface SelectedRow {
  readonly key: string;
  readonly kind?: string;
  readonly context: string;
  readonly label: string;
}

/** What makes sense of several rows, one after the other. */
const forSeveral: ReadonlySet<CommandName> = new Set<CommandName>([
  "runProject",
  "resumeProject",
  "runAgain",
  "stopProject",
  "retryTask",
  "archiveProject",
  "restoreProject",
  "removeProject",
  "endSessions",
  "killSession",
  "restartSession",
  "markSeen",
  "snoozeQuestions",
  "muteQuestions",
  "unmuteQuestions",
  "openMirror",
  "attachSession",
]);

/** Of these the person is asked once for all rows. */
const questions: Partial<Record<CommandName, { readonly ask: (count: number) => string; readonly yes: () => string }>> =
  {
    killSession: { ask: (count) => l10n.t("Kill {0} sessions?", count), yes: () => l10n.t("Kill Sessions") },
    restartSession: { ask: (count) => l10n.t("Restart {0} sessions?", count), yes: () => l10n.t("Restart Sessions") },
    endSessions: {
      ask: (count) => l10n.t("End all sessions of {0} projects?", count),
      yes: () => l10n.t("End Sessions"),
    },
    removeProject: { ask: (count) => l10n.t("Remove {0} projects?", count), yes: () => l10n.t("Remove Projects") },
  };

/**
 * The rows that a command of a tree's menu is about where several are selected: those of the same sort as the one that
 * it was chosen on. VS Code gives the row, then all that are selected; undefined where a command is about one thing.
 */
export function severalRows(name: CommandName, argument: unknown, selected: unknown): SelectedRow[] | undefined {
  if (!isSelectedRow(argument) || !Array.isArray(selected) || !forSeveral.has(name)) return undefined;
  const sort = sortOf(argument);
  const rows = selected.filter(isSelectedRow).filter((row) => sortOf(row) === sort);
  return rows.length > 1 ? rows : undefined;
}

/** Whether the person wants it of all of them; what is done without a question needs none. */
export async function areWanted(name: CommandName, rows: readonly SelectedRow[]): Promise<boolean> {
  const words = questions[name];
  if (!words) return true;
  const act: Choice = { title: shown(words.yes()) };
  const detail = shownLines(rows.map(({ label }) => label).join("\n"));
  return (await window.showWarningMessage(shown(words.ask(rows.length)), { modal: true, detail }, act)) === act;
}

/** Its kind, and whether it lives or runs. */
function sortOf({ kind, context }: SelectedRow): string {
  return `${kind ?? ""} ${context.split("+").slice(0, 2).join("+")}`;
}

function isSelectedRow(value: unknown): value is SelectedRow {
  return (
    typeof value === "object" &&
    value !== null &&
    ["key", "context", "label"].every((name) => typeof (value as Record<string, unknown>)[name] === "string")
  );
}
