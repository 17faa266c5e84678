import { EventEmitter, l10n, Range, type TextDocument, type TextDocumentContentProvider, Uri } from "vscode";
import { messageOf } from "../../core/model/errors";
import { stripControlCharacters } from "../../core/safety/controlCharacters";
import { type Check, shownChecks } from "../../protocol/setupCheck";
import { setupScheme } from "../identifiers";
import { type RemedyButton, remedyHere } from "../remedies";
import { commandLink } from "./commandLink";
import { shown } from "../shownText";
import type { ShownLink } from "../shownWindow";

/** `folder`: absolute path of the workspace folder. */
export function setupUri(folder: string): Uri {
  return Uri.from({ scheme: setupScheme, path: `/${l10n.t("Set-up Check")}.txt`, fragment: folder });
}

interface SetupLine {
  readonly text: string;
  /** All behind the indent does that. */
  readonly button?: RemedyButton;
}

/** What the set-up check found, as a text whose lines that mend something are links. */
export class SetupText implements TextDocumentContentProvider {
  readonly #changes = new EventEmitter<Uri>();
  readonly onDidChange = this.#changes.event;
  /** By the document's URI. */
  readonly #shown = new Map<string, readonly SetupLine[]>();

  constructor(private readonly check: (folder: string) => Promise<readonly Check[]>) {}

  /** Checks again, where the document is open. */
  refresh(folder: string): void {
    this.#changes.fire(setupUri(folder));
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const lines = await this.check(uri.fragment).then(
      (found) => setupLines(uri.fragment, found),
      (error: unknown): SetupLine[] => [{ text: messageOf(error) }],
    );
    const clean = lines.map((line) => ({ ...line, text: stripControlCharacters(line.text).replaceAll("\n", " ") }));
    this.#shown.set(uri.toString(), clean);
    return `${clean.map(({ text }) => text).join("\n")}\n`;
  }

  /** Of the lines that the document has: it may be about to get others. */
  provideDocumentLinks(document: TextDocument): ShownLink[] {
    const lines = this.#shown.get(document.uri.toString()) ?? [];
    return lines.flatMap(({ text, button }, number) => {
      if (!button || number >= document.lineCount || document.lineAt(number).text !== text) return [];
      const range = new Range(number, text.search(/\S/u), number, text.length);
      return [{ range, target: commandLink(button.command, button.arguments ?? []), tooltip: shown(button.title) }];
    });
  }
}

/** What has to be put right stands first, what is in order last. */
function setupLines(folder: string, found: readonly Check[]): SetupLine[] {
  const checks = shownChecks(found);
  const of = (status: Check["status"], title: string): SetupLine[] => {
    const own = checks.filter((check) => check.status === status);
    return own.length === 0 ? [] : [{ text: "" }, { text: title }, ...own.flatMap(checkLines)];
  };
  const bad = checks.filter(({ status }) => status === "bad").length;
  const sum =
    bad === 0
      ? l10n.t("No problems found.")
      : bad === 1
        ? l10n.t("1 problem to fix.")
        : l10n.t("{0} problems to fix.", bad);
  return [
    { text: l10n.t("Set-up check of {0}. {1}", folder, sum) },
    { text: l10n.t("Check Again"), button: again() },
    ...of("bad", l10n.t("To fix")),
    ...of("missing", l10n.t("Worth knowing")),
    ...of("ok", l10n.t("In order")),
    // They share a line above.
    ...installLines(found),
  ];
}

function again(): RemedyButton {
  return { title: l10n.t("Check Again"), command: "wshOrchestrator.showSetupCheck" };
}

function checkLines({ name, text, next, remedy }: Check): SetupLine[] {
  const here = remedy && remedyHere(remedy);
  const sentence = here ? here.text : next.replaceAll("\n", " ");
  return [
    { text: `  ${name}: ${text}` },
    ...(sentence === "" ? [] : [{ text: `    ${sentence}` }]),
    ...(here?.button ? [{ text: `    ${here.button.title}`, button: here.button }] : []),
  ];
}

function installLines(found: readonly Check[]): SetupLine[] {
  const lines = found.flatMap(({ agent, remedy, text }): SetupLine[] =>
    agent?.path === null && remedy ? checkLines({ name: agent.name, text, status: "ok", next: "", remedy }) : [],
  );
  return lines.length === 0 ? [] : [{ text: "" }, { text: l10n.t("Coding agents that are not installed") }, ...lines];
}
