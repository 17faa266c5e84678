import * as l10n from "@vscode/l10n";
import { durationText, plural } from "../core/model/sentences";
import type { Figures, ProjectFigures } from "../core/record/figureTallies";

/** The figures of a project in a line or two, for a tooltip; empty where its log has none. */
export function figureLines(figures: ProjectFigures): string[] {
  const { working_ms, waiting_ms, limited_ms, answer_ms, questions, false_alarms } = figures.total;
  if (figures.run_ms === 0 && questions.asked === 0) return [];
  const times = l10n.t(
    "Time of its sessions: working {0}, needing an answer {1}, limited {2}",
    timeText(working_ms),
    timeText(waiting_ms),
    timeText(limited_ms),
  );
  const answers = answer_ms
    ? [
        l10n.t(
          "{0} by people: half within {1}, 95% within {2}",
          plural(questions.answered, "answer"),
          durationText(answer_ms.p50),
          durationText(answer_ms.p95),
        ),
      ]
    : [];
  const alarms = false_alarms === 0 ? [] : [plural(false_alarms, "false alarm")];
  return [times, [...answers, ...alarms].join(" · ")].filter((line) => line !== "");
}

/** What the figures do not have, in sentences. */
export function figureGaps({ run_ms, not_run_ms, runs_cut_off }: ProjectFigures): string[] {
  return [
    run_ms === 0
      ? l10n.t("No process ran the project in that time, so nothing is known of the time of its sessions.")
      : l10n.t("A process ran the project for {0}; only that time counts for its sessions.", durationText(run_ms)),
    ...(not_run_ms === 0
      ? []
      : [
          l10n.t(
            "The project was not running for {0} in between; the log has nothing of that time.",
            durationText(not_run_ms),
          ),
        ]),
    ...(runs_cut_off === 0
      ? []
      : [
          l10n.t(
            "{0} ended without a word; what came after the last entry of such a run is not counted.",
            plural(runs_cut_off, "run"),
          ),
        ]),
  ];
}

/** How long: `0` where it is nothing, seconds where it is short. */
export function timeText(ms: number): string {
  return ms < 500 ? "0" : durationText(ms < 60_000 ? Math.round(ms / 1000) * 1000 : ms);
}

/** How soon half of the answers came, and 95 of 100; empty where there are none. */
export function answerTimes({ answer_ms }: Pick<Figures, "answer_ms">): { readonly p50: string; readonly p95: string } {
  return answer_ms ? { p50: durationText(answer_ms.p50), p95: durationText(answer_ms.p95) } : { p50: "", p95: "" };
}
