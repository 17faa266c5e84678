import { deepEqual } from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "mocha";
import { languages, Uri } from "vscode";
import { until } from "../../../support/until";
import { folder, run, saysOfProject, sessionMs } from "../../support/host";

const project = "checked";

/** Line and sentence of each, lines from 1. */
function problems(): string[] {
  return languages
    .getDiagnostics(Uri.file(join(folder(), "checked/a.ts")))
    .map(({ range, message }) => `${range.start.line + 1}: ${message}`);
}

describe("Problems of a task", () => {
  after(() => rmSync(join(folder(), "checked"), { recursive: true, force: true }));

  it("are those that a problem matcher finds in its output, and go away with the next run", async () => {
    mkdirSync(join(folder(), "checked"), { recursive: true });
    writeFileSync(join(folder(), "checked/a.ts"), "let a;\n\nlet b: wrong;\n");
    const file = join(folder(), `${project}.plan.yaml`);
    const plan = `project: ${project}
roles: { shell: { problems: $tsc } }
tasks:
  - { id: types, role: shell, cwd: checked, run: "test -f fixed || echo 'a.ts(3,8): error TS2304: Cannot find name.'" }
`;
    writeFileSync(file, plan);
    await run("doProject", { project, plan: file });
    await saysOfProject(project, "done");
    await until(
      () => `the problem is there: ${problems().join()}`,
      () => problems().length > 0 || undefined,
      sessionMs,
    );
    deepEqual(problems(), ["3: Cannot find name."]);
    writeFileSync(join(folder(), "checked/fixed"), "");
    await run("runProject", project, { again: true });
    await until("the problem is gone", () => problems().length === 0 || undefined, sessionMs);
  });
});
