import { l10n, ProgressLocation } from "vscode";
import { deferred } from "../../core/base/async";
import { countedTasks } from "../../core/model/taskCount";
import { countWords } from "../../protocol/projectRows";
import { viewIds } from "../identifiers";
import type { ProgressPlace } from "../settings";
import { shown } from "../shownText";
import { window } from "../shownWindow";
import type { WindowRun } from "./windowRuns";

/** That projects run in this window, for as long as they do. */
export class RunProgress {
  /** Keys of the projects that have a notification. */
  readonly #notified = new Set<string>();
  #endLine: (() => void) | undefined;

  constructor(private readonly place: (folder: string) => ProgressPlace) {}

  /** `asks`: something waits for the person. A view's progress would cover the badge that says so. */
  refresh(runs: readonly WindowRun[], asks: boolean): void {
    this.#line(!asks && runs.some(({ folder }) => this.place(folder) !== "off"));
    for (const run of runs) {
      if (this.#notified.has(run.key) || this.place(run.folder) !== "notification") continue;
      this.#notified.add(run.key);
      const over = run.ended.then(
        () => undefined,
        () => undefined,
      );
      void over.then(() => this.#notified.delete(run.key));
      this.#notify(run, over);
    }
  }

  #line(shown: boolean): void {
    if (shown === (this.#endLine !== undefined)) return;
    this.#endLine?.();
    this.#endLine = undefined;
    if (!shown) return;
    const over = deferred<undefined>();
    this.#endLine = () => over.resolve(undefined);
    void window.withProgress({ location: { viewId: viewIds.projects } }, () => over.promise);
  }

  /** Counts its tasks, and stops it for who cancels. */
  #notify({ name, record, stop }: WindowRun, over: Promise<undefined>): void {
    const options = {
      location: ProgressLocation.Notification,
      title: shown(l10n.t("Running {0}", name)),
      cancellable: true,
    };
    void window.withProgress(options, async (progress, cancelled) => {
      let done = 0;
      const report = (): void => {
        const count = countedTasks(record.state);
        const share = count.total === 0 ? 0 : (100 * count.succeeded) / count.total;
        progress.report({ message: shown(countWords(count)), increment: Math.max(0, share - done) });
        done = Math.max(done, share);
      };
      report();
      const listeners = [
        record.onEntry(({ kind }) => {
          if (kind === "task") report();
        }),
        cancelled.onCancellationRequested(stop),
      ];
      await over;
      for (const listener of listeners) listener.dispose();
    });
  }
}
