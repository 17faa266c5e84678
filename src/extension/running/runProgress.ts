import { l10n, ProgressLocation } from "vscode";
import { countedTasks } from "../../core/model/taskCount";
import { countWords } from "../../protocol/projectRows";
import { viewIds } from "../identifiers";
import type { ProgressPlace } from "../settings";
import { shown } from "../shownText";
import { window } from "../shownWindow";
import type { WindowRun } from "./windowRuns";

/** That projects run in this window, for as long as they do. */
export class RunProgress {
  /** Keys of the projects whose progress is shown. */
  readonly #shown = new Set<string>();

  constructor(private readonly place: (folder: string) => ProgressPlace) {}

  /** Shows those that began since it was called last. */
  refresh(runs: readonly WindowRun[]): void {
    for (const run of runs) {
      if (this.#shown.has(run.key)) continue;
      this.#shown.add(run.key);
      const over = run.ended.then(
        () => undefined,
        () => undefined,
      );
      void over.then(() => this.#shown.delete(run.key));
      const place = this.place(run.folder);
      if (place !== "off") void window.withProgress({ location: { viewId: viewIds.projects } }, () => over);
      if (place === "notification") this.#notify(run, over);
    }
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
