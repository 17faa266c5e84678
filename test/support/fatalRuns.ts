import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, it } from "vitest";
import type { ContextEntry, EntryDraft } from "../../src/core/model/entry";
import type { SessionServer } from "../../src/core/ports/sessions";
import type { Policy } from "../../src/core/ports/safety";
import { ProjectHarness } from "./projectHarness";
import { needsResize, type RunningServer, type ServerKind } from "./servers";
import { testWithShell } from "./shellTest";
import { type FatalPoint, runUntilDeath } from "./suddenDeath";

export const states = (result: { tasks: readonly { id: string; state: string }[] }): Record<string, string> =>
  Object.fromEntries(result.tasks.map((task) => [task.id, task.state]));

/** Fatal points, named after the entry or call that they stand at. */
export const append = (when: FatalPoint["when"], match: Partial<EntryDraft>): FatalPoint => ({
  when,
  append: (draft) => Object.entries(match).every(([name, value]) => draft[name as keyof EntryDraft] === value),
});
export const typing = (when: FatalPoint["when"], text: string): FatalPoint => ({
  when,
  call: (method, args) => method === "sendInput" && String(args[1]).includes(text),
});

export const ran = (project: ProjectHarness): Promise<string[]> =>
  readFile(join(project.workspace, "ran"), "utf8").then(
    (text) => text.trim().split("\n"),
    () => [],
  );
export const sessionsOf = async (project: ProjectHarness): Promise<string[]> =>
  (await project.server.list())
    .map((session) => session.name)
    .filter((name) => name.startsWith(`proj-${project.project.project_id}.`));
export const results = async (project: ProjectHarness, step: number): Promise<ContextEntry[]> =>
  (await project.entries("result")).filter((entry) => entry.step === step);
export const questions = async (project: ProjectHarness): Promise<ContextEntry[]> =>
  (await project.entries()).filter((entry) => entry.human_attention_needed === true);
export const answer = (project: ProjectHarness, question: ContextEntry | undefined, option: string): Promise<void> =>
  project.answer(question, option);

/** Three steps that each leave a line in the file that `ran` reads. */
export const three =
  "roles: { w: { shell: bash } }\ntasks: [{ id: a, role: w, run: [echo one >> ran, echo two >> ran, echo three >> ran] }]";

export interface FatalRuns {
  /** Skipped where the server is missing. */
  readonly test: typeof it;
  readonly shellTest: (shell: string, name: string, body: () => Promise<void>) => void;
  /** A client of the server that runs for this group of tests. */
  readonly client: () => SessionServer;
  readonly harness: (policy?: Policy) => Promise<ProjectHarness>;
  readonly dies: (
    project: ProjectHarness,
    yaml: string,
    point: FatalPoint,
    options?: Parameters<ProjectHarness["run"]>[1],
  ) => Promise<void>;
}

/** To be called in a `describe`: projects on one server, whose runner dies at a point of its run. */
export function fatalRuns({ start, missing }: ServerKind): FatalRuns {
  let running: RunningServer;
  let count = 0;
  beforeAll(async () => {
    if (!missing) running = await start();
  });
  afterAll(async () => {
    if (!missing) await running.stop();
  });
  beforeEach(async (context) => {
    if (!missing) await needsResize(context, running.client());
  });
  return {
    test: missing ? (it.skip as typeof it) : it,
    shellTest: (shell, name, body) => {
      if (missing) it.skip(`${shell}: ${name}`, () => undefined);
      else testWithShell(shell, `${shell}: ${name}`, body);
    },
    client: () => running.client(),
    harness: (policy) =>
      ProjectHarness.create(running.client(), { name: `fatal-${++count}`, ...(policy ? { policy } : {}) }),
    dies: (project, yaml, point, options) => runUntilDeath(project, running.client(), yaml, point, options),
  };
}
