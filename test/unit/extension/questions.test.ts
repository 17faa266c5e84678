import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { EventEmitter } from "../../../src/core/base/event";
import type { ContextEntry } from "../../../src/core/model/entry";
import type { WindowRuns } from "../../../src/extension/running/windowRuns";
import type { HostWorld } from "../../../src/extension/hostWorld";
import type { Question } from "../../../src/protocol/attentionRows";
import type { WorkspaceRecords } from "../../../src/viewing/workspaceRecords";
import { silentLogger } from "../../support/systemClock";
import { ActScene } from "../acts/actingFakes";

/** What the status bar said. */
const said: string[] = [];
vi.mock("vscode", () => ({
  l10n: { t: (text: string, ...more: unknown[]) => text.replace(/\{(\d)\}/g, (_all, at: string) => String(more[+at])) },
  ProgressLocation: { Window: 10 },
  languages: {},
  window: {
    setStatusBarMessage: (text: string) => said.push(text),
    withProgress: (_options: unknown, work: () => Promise<unknown>) => work(),
    showErrorMessage: () => Promise.resolve(undefined),
  },
  workspace: { isTrusted: true },
  Uri: {},
}));
const { Questions } = await import("../../../src/extension/attention/questions");

let scene: ActScene;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  said.length = 0;
  scene = await ActScene.open();
});
afterEach(async () => {
  vi.useRealTimers();
  await scene.close();
});

/** A window in which a run of the project is there as long as `isStarting` says, and that resumes it. */
async function answered(isStarting: () => boolean): Promise<{ resumed: () => number; question: ContextEntry }> {
  await scene.task("failed", "failed");
  const question = await scene.question("build");
  const folder = { path: "/w", name: "w" };
  const followed = { key: "k", folder, record: scene.record, project: { name: "alpha" }, runner: { who: "nobody" } };
  const records = { get: () => followed, onChange: new EventEmitter<undefined>().event, picture: () => followed };
  let resumed = 0;
  const questions = new Questions(
    { actor: "human:ada", clock: scene.clock, logger: silentLogger } as unknown as HostWorld,
    records as unknown as WorkspaceRecords,
    { isStarting, acting: () => Promise.resolve(scene.by) } as unknown as WindowRuns,
    () => Promise.resolve(resumed++),
  );
  const asked = { key: "k", id: question.id, who: "build", project: "alpha", entry: question } as unknown as Question;
  await questions.answer(asked, { text: "retry" });
  await vi.advanceTimersByTimeAsync(0);
  return { resumed: () => resumed, question };
}

it("an answer resumes a project that does not run", async () => {
  const { resumed } = await answered(() => false);
  expect([resumed(), said]).toEqual([1, ['$(check) Answer "retry" for build (alpha) saved. alpha is running.']]);
});

it("an answer that comes while a run of this window ends resumes the project once that run is over", async () => {
  let ends = true;
  const { resumed } = await answered(() => ends);
  expect(resumed()).toBe(0);
  ends = false;
  await vi.advanceTimersByTimeAsync(10_000);
  expect([resumed(), said]).toEqual([1, ['$(check) Answer "retry" for build (alpha) saved. alpha is running.']]);
});

it("an answer that a run which begins here applies is told to be applied", async () => {
  const { resumed } = await answered(() => true);
  await scene.task("answered", "pending");
  await vi.advanceTimersByTimeAsync(10_000);
  expect([resumed(), said]).toEqual([0, ['$(check) Answer "retry" for build (alpha) applied.']]);
});
