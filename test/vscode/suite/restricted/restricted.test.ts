import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { describe, it } from "mocha";
import { env, workspace } from "vscode";
import { entryTextScheme, sessionTextScheme } from "../../../../src/extension/identifiers";
import { until } from "../../../support/until";
import { activityEntries, entries, probe, run, saysOfProject, sessionRow } from "../../support/host";
import { personAtTheWindow } from "../../support/person";
import { panelOf } from "../../support/shownPanel";

describe("Restricted Mode", () => {
  const person = personAtTheWindow();

  it("shows stored records", async () => {
    equal(workspace.isTrusted, false);
    const row = await saysOfProject("stored", "done");
    equal(row.tooltip[0], "Be readable");
    const { trees } = await probe();
    ok(activityEntries(trees).some((each) => each.entry.kind === "result"));
    const result = activityEntries(trees).find(({ entry: { kind } }) => kind === "result");
    await run("openEntry", result);
    const page = await until("its entry is shown", () =>
      workspace.textDocuments.find(({ uri }) => uri.scheme === entryTextScheme)?.getText(),
    );
    match(page, /\n\$ echo it was done before\nit was done before\n\(Succeeded /);
    await run("copyDay", result);
    match(await env.clipboard.readText(), /^## stored, [\d-]+\n\n- [\d:]+ \*\*stored\*\* /);
    const session = await sessionRow("proj-stored::shell::1");
    await run("openSessionAsText", session);
    const text = workspace.textDocuments.find((each) => each.uri.scheme === sessionTextScheme)?.getText() ?? "";
    match(text, /not trusted[\s\S]*it was done before/);
  });

  it("says in a mirror why nothing is seen there, and neither asks the session's server nor types", async () => {
    const session = await sessionRow("proj-stored::shell::1");
    const mirror = await panelOf(() => run("openMirror", session));
    const banner = await until("it says why", () => mirror.status()?.banner ?? undefined);
    match(banner.text, /^This workspace is not trusted, so nothing is started or typed here\./);
    match(mirror.status()?.noTyping ?? "", /not trusted/);
    equal(mirror.screen(), "");
    equal(person().errors().length, 0);
    mirror.panel.dispose();
  });

  it("starts and types nothing, and says why", async () => {
    const before = entries("stored").length;
    const session = await sessionRow("proj-stored::shell::1");
    await rejects(run("doProject", { project: "new", run: ["true"] }), /not trusted/);
    const unasked = [
      () => run("doProject"),
      () => run("runProject", "stored"),
      () => run("takeTour"),
      () => run("attachSession", session),
      () => run("sendText", session, "echo no"),
      () => run("killSession", session, { force: true }),
      () => run("startServer"),
      () => run("retryTask", { kind: "task", key: session.key, name: "run" }),
    ];
    for (const attempt of unasked) await attempt();
    const errors = person().told.filter(({ kind }) => kind === "error");
    equal(errors.length, unasked.length + 1);
    for (const { message, buttons } of errors) {
      match(message, /This workspace is not trusted, so nothing is started or typed here\.$/);
      deepEqual(buttons, ["Manage Workspace Trust", "Show Extension Output"]);
    }
    equal(entries("stored").length, before);
  });

  it("saves an answer and resumes nothing; its row says that the project does not run", async () => {
    const asked = entries("asking").find((entry) => entry.kind === "approval_needed");
    await run("answer", asked?.id, "run");
    const { trees } = await probe();
    const row = await until("its row says so", () =>
      trees.attention.getChildren().find(({ id, context }) => id === asked?.id && context === "question+answered"),
    );
    match(row.description, / · answered by [^:]+: run · \S+ is not running$/);
    deepEqual([entries("asking").at(-1)?.kind, person().errors()], ["answer", []]);
  });
});
