import { l10n, TabInputText, type TextDocument, Uri, ViewColumn, workspace } from "vscode";
import type { Disposable } from "../../core/base/lifecycle";
import { messageOf, OrchestratorError } from "../../core/model/errors";
import type { Logger } from "../../core/ports/machine";
import { setContextKey } from "../contextKeyState";
import { showError } from "../messages";
import { shown } from "../shownText";
import { window } from "../shownWindow";
import { fileText, newPlanFile } from "./newPlanFile";
import { saved } from "./planFiles";
import type { PlanProblems } from "./planProblems";

/** A plan to review: a file that somebody has, or a text that becomes a new file of the folder. */
export type ReviewedPlan = { readonly name: string } & (
  { readonly file: Uri } | { readonly text: string; readonly folder: string }
);

/** What the person wants to run. */
export interface AcceptedPlan {
  readonly file: Uri;
  readonly text: string;
}

/**
 * Shows a plan in an editor until the person runs it or leaves it. It is a file from the beginning, which is what runs
 * and what stays; one that was made for the review and is left unchanged is taken away again.
 */
export class PlanReview implements Disposable {
  readonly #waiting = new Map<string, (accepted: AcceptedPlan | undefined) => void>();
  /** Somebody runs these: until it is known whether they can be run, nobody is asked to. */
  readonly #accepting = new Map<string, Promise<unknown>>();
  readonly #disposables: Disposable[];

  constructor(
    private readonly problems: PlanProblems,
    private readonly logger: Logger,
  ) {
    this.#disposables = [
      // The editor keeps the text of a closed tab for minutes.
      window.tabGroups.onDidChangeTabs(({ closed }) => {
        for (const { input } of closed)
          if (input instanceof TabInputText && !isInTab(input.uri))
            this.#waiting.get(input.uri.toString())?.(undefined);
      }),
      window.onDidChangeActiveTextEditor((editor) =>
        setContextKey("isReviewing", editor !== undefined && this.#waiting.has(editor.document.uri.toString())),
      ),
    ];
  }

  /** The plan as the person leaves it; undefined when they do not want it to run. Throws what the file system does. */
  async review(plan: ReviewedPlan): Promise<AcceptedPlan | undefined> {
    const { projectIdOf } = await import("../../core/model/names");
    const file =
      "file" in plan ? plan.file : await newPlanFile(Uri.file(plan.folder), projectIdOf(plan.name), plan.text);
    const key = file.toString();
    this.#waiting.get(key)?.(undefined);
    const document = await workspace.openTextDocument(file);
    this.problems.mustBeFor(document, plan.name);
    let accepted: AcceptedPlan | undefined;
    // Waits before the document is seen: whoever runs it at once means this review.
    const end = new Promise<AcceptedPlan | undefined>((resolve) => {
      this.#waiting.set(key, (wanted) => {
        this.#waiting.delete(key);
        resolve(wanted);
      });
    });
    try {
      await this.#show(document, plan.name);
      accepted = await end;
      return accepted;
    } finally {
      this.#waiting.delete(key);
      this.problems.mayBeForAny(document);
      setContextKey("isReviewing", false);
      if (accepted === undefined && "text" in plan) await this.#leave(document, plan.text);
    }
  }

  /** What a wish to run the document means for its review: accepted, not yet, or there is no review. */
  async accept(document: TextDocument): Promise<"accepted" | "invalid" | "not_reviewed"> {
    const settle = this.#waiting.get(document.uri.toString());
    if (!settle) return "not_reviewed";
    const accepted = this.#accept(document, settle);
    this.#accepting.set(document.uri.toString(), accepted);
    try {
      return await accepted;
    } finally {
      this.#accepting.delete(document.uri.toString());
    }
  }

  async #accept(
    document: TextDocument,
    settle: (accepted: AcceptedPlan | undefined) => void,
  ): Promise<"accepted" | "invalid"> {
    await saved(document);
    const text = document.getText();
    const problems = await this.problems.look(document);
    if (problems > 0) {
      const invalid = new OrchestratorError("plan_invalid", l10n.t("The plan is not valid."), {
        kind: "correct_plan",
        problems,
      });
      showError(invalid, this.logger);
      return "invalid";
    }
    settle({ file: document.uri, text });
    return "accepted";
  }

  dispose(): void {
    for (const each of this.#disposables) each.dispose();
  }

  async #show(document: TextDocument, name: string): Promise<void> {
    const key = document.uri.toString();
    await window.showTextDocument(document, { viewColumn: ViewColumn.Active, preview: false });
    setContextKey("isReviewing", true);
    await this.problems.check(document);
    await this.#accepting.get(key)?.catch(() => undefined);
    if (!this.#waiting.has(key)) return;
    const warned = this.problems.warnings(document).map((each) => ` ${each}${/[?.]$/.test(each) ? "" : "."}`);
    const [look, run] = [{ title: shown(l10n.t("Review")) }, { title: shown(l10n.t("Run")) }];
    // A message that is closed leaves the editor's own button.
    const ask = async (): Promise<void> => {
      const chosen = await window.showInformationMessage(
        shown(`${l10n.t("Review the plan of {0} in the editor, then run it.", name)}${warned.join("")}`),
        look,
        run,
        { title: shown(l10n.t("Cancel")) },
      );
      if (chosen === undefined) return;
      if (chosen === look) await window.showTextDocument(document, { preview: false }).then(ask);
      else if (chosen !== run) this.#waiting.get(key)?.(undefined);
      else if ((await this.accept(document)) === "invalid") await ask();
    };
    ask().catch((error: unknown) => showError(error, this.logger));
  }

  /** A new file that nobody changed goes as it came; work of a person stays, and they are told where. */
  async #leave(document: TextDocument, text: string): Promise<void> {
    const { uri } = document;
    const current = document.isClosed ? await fileText(uri) : document.getText();
    if (current === undefined) return;
    if (current !== text) {
      if (document.isDirty) await document.save();
      const name = workspace.asRelativePath(uri, false);
      void window.showInformationMessage(shown(l10n.t("The plan was not run. Your changes are kept in {0}.", name)));
      return;
    }
    try {
      for (const tab of tabsOf(uri)) await window.tabGroups.close(tab, true);
      await workspace.fs.delete(uri);
    } catch (error) {
      this.logger.warn(messageOf(error));
    }
  }
}

function tabsOf(uri: Uri): (typeof window.tabGroups.all)[number]["tabs"][number][] {
  return window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof TabInputText && input.uri.toString() === uri.toString());
}

function isInTab(uri: Uri): boolean {
  return tabsOf(uri).length > 0;
}
