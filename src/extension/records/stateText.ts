import { EventEmitter, l10n, Range, type TextDocument, type TextDocumentContentProvider, Uri, workspace } from "vscode";
import type { Disposable } from "../../core/base/lifecycle";
import { questionsBySession } from "../../core/model/questionSession";
import { isLiving } from "../../core/model/states";
import type { ServerInfo } from "../../core/ports/sessions";
import { withQuestions } from "../../core/session/trueSessions";
import type { ExplainedLine, ExplainedPlace } from "../../protocol/stateExplanation";
import type { ChangedProjects, FollowedProject, WorkspaceRecords } from "../../viewing/workspaceRecords";
import type { HostWorld } from "../hostWorld";
import { leadsToCommand } from "./leadsToCommand";
import { stateTextScheme } from "../identifiers";
import { commandLink } from "./commandLink";
import { OpenPages } from "./openPages";
import { sessionUri } from "../sessionUri";
import { shown } from "../shownText";
import { type ShownLink, window } from "../shownWindow";

/** `key` is the project's. */
export function stateTextUri(session: string, key: string): Uri {
  return sessionUri(stateTextScheme, session, key, ".txt");
}

/** What is shown in an open document, of which session. */
interface ShownState {
  readonly lines: readonly ExplainedLine[];
  /** As commands know a session. */
  readonly row: { readonly kind: "session"; readonly key: string; readonly name: string };
  readonly project_id: string;
  readonly living: boolean;
  readonly readme: Uri;
}

/**
 * What a session does, why, and what it did before: a text that VS Code never asks to save, whose parts are links. It
 * follows the session; it is short, so nobody loses their place in it.
 */
export class StateText implements TextDocumentContentProvider, Disposable {
  readonly #changes = new EventEmitter<Uri>();
  readonly onDidChange = this.#changes.event;
  readonly #shown = new OpenPages<ShownState>();

  constructor(
    private readonly world: Pick<HostWorld, "clock" | "programRules" | "ruleFolder" | "readme" | "servers">,
    private readonly records: WorkspaceRecords,
  ) {}

  /** How many of them are in sight: they want to know what their sessions do. */
  get visible(): number {
    return window.visibleTextEditors.filter(({ document }) => document.uri.scheme === stateTextScheme).length;
  }

  /** Documents that are open follow their projects. */
  refresh(changed: ChangedProjects): void {
    this.#shown.forgetClosed();
    for (const { uri } of workspace.textDocuments)
      if (uri.scheme === stateTextScheme && (changed === "all" || changed.has(uri.query))) this.#changes.fire(uri);
  }

  dispose(): void {
    this.#shown.dispose();
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const { query: key, fragment: name } = uri;
    const followed = this.records.get(key);
    const picture = followed && this.records.picture(followed);
    const session =
      picture && withQuestions(picture.sessions, picture.state).find((each) => each.session_name === name);
    if (!followed || !session) return l10n.t("This session is no longer in the log.");
    const { project, record, runner } = followed;
    const [{ stateExplanation, textOf }, { waitsIn }, catalog, readme, server] = await Promise.all([
      import("../../protocol/stateExplanation"),
      import("../../protocol/taskWaitLook"),
      this.world.programRules(),
      this.world.readme(),
      isLiving(session) ? this.#serverOf(followed) : undefined,
    ]);
    const lines = stateExplanation({
      session,
      project: project.name,
      entries: record.recent,
      question: questionsBySession(record.state).get(name),
      writtenAt: (rule) => catalog.writtenAt(rule),
      recorded: catalog.named(session.program?.name)?.recorded ?? [],
      server,
      waits: waitsIn(record.state, name, this.world.clock.now()),
      followed: runner.who === "this_window" || (runner.who === "other" && !runner.gone),
      ruleFolder: this.world.ruleFolder,
      now: this.world.clock.now(),
    });
    const row = { kind: "session", key, name } as const;
    const { project_id } = project;
    this.#shown.set(uri, { lines, row, project_id, living: isLiving(session), readme });
    return `${lines.map(textOf).join("\n")}\n`;
  }

  /** Of the lines that the document has: it may be about to get others. */
  provideDocumentLinks(document: TextDocument): ShownLink[] {
    const state = this.#shown.get(document.uri);
    return (state?.lines ?? []).flatMap((line, number) => {
      if (!state || number >= document.lineCount) return [];
      const text = document.lineAt(number).text;
      if (text !== line.map((part) => part.text).join("")) return [];
      let end = 0;
      return line.flatMap(({ text, to }) => {
        const begin = end;
        end += text.length;
        return to ? [{ range: new Range(number, begin, number, end), ...this.#leadsTo(to, state) }] : [];
      });
    });
  }

  /** Only a server that was chosen is asked; nothing is started. */
  async #serverOf({ project }: FollowedProject): Promise<ServerInfo | undefined> {
    if (!project.server || !workspace.isTrusted) return undefined;
    return this.world.servers.asReference(project.server).then(
      ({ info }) => info,
      () => undefined,
    );
  }

  #leadsTo(
    place: ExplainedPlace,
    { row, project_id, living, readme }: ShownState,
  ): Pick<ShownLink, "target" | "tooltip"> {
    switch (place.kind) {
      case "session":
        return living
          ? leadsToCommand(l10n.t("Open Mirror"), "openMirror", row)
          : leadsToCommand(l10n.t("Open as Text"), "openSessionAsText", row);
      case "line":
        return leadsToCommand(l10n.t("Show the line in the session's text"), "openSessionAsText", row, {
          line: place.text,
        });
      case "question":
        return leadsToCommand(l10n.t("Review Question…"), "reviewQuestion", place.id);
      case "log":
        return leadsToCommand(l10n.t("Show Activity"), "filterActivity", { project: project_id, session: row.name });
      case "rule":
        return {
          target: Uri.file(place.file).with({ fragment: `L${place.line}` }),
          tooltip: shown(l10n.t("Open File")),
        };
      case "rulesHelp":
        return {
          target: commandLink("markdown.showPreview", [readme.with({ fragment: "rules-of-your-own" })]),
          tooltip: shown(l10n.t("Open README")),
        };
    }
  }
}
