import { FakeProject, type FakeRun } from "./fakeProject";
import type { FakeShell } from "./fakeTerminal";

/** `false` fails; `hold…` runs until the test ends it; everything else succeeds at once. */
export const shell: FakeShell = (text) =>
  text.startsWith("hold") ? "runs" : { status: text.startsWith("false") ? 1 : 0, output: "" };

export function projectOf(): FakeProject {
  const project = new FakeProject();
  project.server.shell = shell;
  return project;
}

/** Until the record has so many commands of tasks that do not end by themselves. */
export async function held(project: FakeProject, run: FakeRun, count: number): Promise<void> {
  await project.until(run, () => project.running.length >= count);
}
