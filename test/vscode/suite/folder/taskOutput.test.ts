import { equal, ok } from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { commands, type DocumentLink, type DocumentSymbol, type FoldingRange, type Uri, window } from "vscode";
import type { EntryDraft } from "../../../../src/core/model/entry";
import { outputScheme } from "../../../../src/extension/identifiers";
import { until } from "../../../support/until";
import { entryOf, folder, probe, projectRowOf, run, saysOfProject, sessionMs } from "../../support/host";
import { append } from "../../support/otherWindow";

const project = "printed";

function text(): string {
  const document = window.activeTextEditor?.document;
  return document?.uri.scheme === outputScheme ? document.getText() : "";
}

function says(what: RegExp): Promise<true> {
  return until(
    () => `the output says ${what.source}; it says ${text()}`,
    () => (what.test(text()) ? true : undefined),
    sessionMs,
  );
}

/** As the tree knows the row of a task. */
async function taskRow(name: string): Promise<unknown> {
  const { key } = await until(
    "the project's row",
    async () => projectRowOf((await probe()).rows(), project),
    sessionMs,
  );
  return { kind: "task", key, name };
}

function shownUri(): Uri {
  const uri = window.visibleTextEditors.find(({ document }) => document.uri.scheme === outputScheme)?.document.uri;
  ok(uri);
  return uri;
}

function note(text: string): EntryDraft {
  return { kind: "note", actor: "human:x", session_name: null, text };
}

describe("Show Output", () => {
  before(async () => {
    mkdirSync(join(folder(), "parts"), { recursive: true });
    writeFileSync(join(folder(), "parts/a.ts"), "let a;\n\nlet b: wrong;\n");
    const plan = `project: ${project}
roles: { shell: {} }
tasks:
  - { id: lint, role: shell, cwd: parts, retries: { attempts: 2, backoff: 1ms }, run: "test -f ../again || { touch ../again; echo 'a.ts:3:5 is wrong'; false; }" }
  - { id: wait, role: shell, needs: lint, run: "echo begins; until test -f go; do sleep 0.1; done; echo ends" }
`;
    const file = join(folder(), `${project}.plan.yaml`);
    writeFileSync(file, plan);
    await run("doProject", { project, plan: file });
  });

  after(async () => {
    writeFileSync(join(folder(), "go"), "");
    await saysOfProject(project, "done");
    await commands.executeCommand("workbench.action.closeAllEditors");
  });

  it("shows the tries of a task from its row, with links to files of its folder", async () => {
    await entryOf(project, "lint succeeds", ({ task_id, state }) => task_id === "lint" && state === "succeeded");
    await run("showOutput", await taskRow("lint"));
    await says(
      /^lint \(printed\)\nsucceeded · 2 tries[^]*Try 1: failed, exit code 1\n[^]*a\.ts:3:5 is wrong\n[^]*Try 2: succeeded/,
    );
    const uri = shownUri();
    // While the page is read again, its lines are other ones than those that the text has.
    await until("the line of the file is a link", async () => {
      const links = await commands.executeCommand<DocumentLink[]>("vscode.executeLinkProvider", uri);
      return links.some(({ target }) => target?.path.endsWith("/parts/a.ts") && target.fragment === "L3,5");
    });
    const symbols = await commands.executeCommand<DocumentSymbol[]>("vscode.executeDocumentSymbolProvider", uri);
    equal(symbols.length, 2);
    const folds = await commands.executeCommand<FoldingRange[]>("vscode.executeFoldingRangeProvider", uri);
    ok(folds.length >= 3);
    await commands.executeCommand("workbench.action.closeAllEditors");
  });

  it("follows a task that runs, and its reader stays where they are", async () => {
    // What is written meanwhile takes nothing from a page that is just being opened.
    const writing = append(
      project,
      ...Array.from({ length: 20 }, (_, number) => note(`Written meanwhile, ${number}.`)),
    );
    await run("showOutput", { project, task: "wait" });
    await writing;
    await says(/begins\n\(Still running\. This page follows\.\)/);
    const editor = window.visibleTextEditors.find(({ document }) => document.uri.scheme === outputScheme);
    ok(editor);
    await until(
      () => `its reader is at the end; they are in line ${editor.selection.active.line}`,
      () => editor.selection.active.line === editor.document.lineCount - 1,
    );
    await commands.executeCommand("cursorTop");
    writeFileSync(join(folder(), "go"), "");
    await says(/Try 1: succeeded[^]*begins\nends\n\(Succeeded after/);
    equal(editor.selection.active.line, 0);
  });

  it("shows what the log has of it when its session has ended", async () => {
    await run("killSession", `proj-${project}::shell::1`, { force: true });
    await run("showOutput", { project, task: "lint" });
    await says(/a\.ts:3:5 is wrong/);
  });
});
