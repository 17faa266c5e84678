import { deepEqual, equal, match, ok } from "node:assert/strict";
import { describe, it } from "mocha";
import { commands, DataTransfer, TreeItemCollapsibleState, Uri, workspace } from "vscode";
import { type ActivityItem, isEntryRow } from "../../../../src/extension/views/activityTree";
import { mirrorScheme, sessionTextScheme } from "../../../../src/extension/identifiers";
import { until } from "../../../support/until";
import { terminalsOf } from "../../support/attachedTerminal";
import { cli } from "../../support/cli";
import {
  activityEntries,
  doneProject,
  entries,
  probe,
  projectRowOf,
  run,
  saysOfProject,
  sessionMs,
  sessionRow,
} from "../../support/host";
import { personAtTheWindow } from "../../support/person";
import { panelOf } from "../../support/shownPanel";

describe("the trees", () => {
  const person = personAtTheWindow();

  it("have stable ids, parents, labels for screen readers and plain tooltips", async () => {
    const session = await doneProject("treed", "echo hello");
    const { trees } = await probe();
    const all = (
      row?: Parameters<typeof trees.projects.getChildren>[0],
    ): ReturnType<typeof trees.projects.getChildren> =>
      trees.projects.getChildren(row).flatMap((each) => [each, ...all(each)]);
    const root = await saysOfProject("treed", "done");
    const rows = [root, ...all(root)];
    deepEqual(
      rows.map((row) => row.kind),
      ["project", "tasks", "task", "session"],
    );
    deepEqual(
      [root, ...all(root)].map((row) => row.id),
      rows.map((row) => row.id),
    );
    equal(new Set(rows.map((row) => row.id)).size, rows.length);
    deepEqual(
      rows.map((row) => trees.projects.getParent(row)?.kind),
      [undefined, "project", "tasks", "project"],
    );
    for (const row of rows) {
      const item = trees.projects.getTreeItem(row);
      equal(item.id, row.id);
      ok((item.accessibilityInformation?.label ?? "").startsWith(row.label));
      const { tooltip = "" } = await trees.projects.resolveTreeItem(item, row);
      equal(typeof tooltip, "string");
      if (row.kind === "project") match(tooltip, /^Time of its sessions: working \d/m);
    }
    const row = rows.at(-1);
    ok(row);
    equal(row.name, session);
    const transfer = new DataTransfer();
    trees.projects.handleDrag([row], transfer);
    const dragged = Uri.parse((await transfer.get("text/uri-list")?.asString()) ?? "");
    // An editor group opens it as the session's mirror.
    deepEqual([dragged.scheme, dragged.fragment], [mirrorScheme, session]);
  });

  it("show a session by a click on its row, and leave its keyboard and its size alone", async () => {
    const session = await doneProject("clicked", "echo to-be-seen");
    const row = await sessionRow(session);
    const { trees } = await probe();
    const size = (): Promise<string> => cli(["send", session, "stty size", "--wait"]);
    const before = await size();
    const click = (): Promise<unknown> => {
      const { command } = trees.projects.getTreeItem(row);
      ok(command);
      return Promise.resolve(commands.executeCommand(command.command, ...((command.arguments ?? []) as unknown[])));
    };
    // A mirror that another test has left would be shown again.
    await commands.executeCommand("workbench.action.closeAllEditors");
    const { panel, screen } = await panelOf(click);
    await until("it is shown", () => screen().includes("to-be-seen"), sessionMs);
    await click();
    deepEqual(
      entries("clicked").filter(({ event }) => event === "attached"),
      [],
    );
    deepEqual(terminalsOf(session), []);
    equal(await size(), before);
    panel.dispose();
    await run("killSession", session, { force: true });
    const over = await sessionRow(session, "ended");
    await run("showSession", over);
    await until("its text is shown", () =>
      workspace.textDocuments.some(({ uri }) => uri.scheme === sessionTextScheme && uri.fragment === session),
    );
    await commands.executeCommand("workbench.action.closeAllEditors");
  });

  it("show what a link names, and do nothing else", async () => {
    const session = await doneProject("linked");
    const row = await sessionRow(session);
    const { views, running, reveal } = await probe();
    const before = entries("linked").length;
    // The link is clicked until the view is still: a renewal at the same moment takes the selection away.
    await until(
      `it is selected; visible: ${views.projects.visible}`,
      async () => {
        await reveal(Uri.parse(`vscode://wsh-orchestrator.wsh-orchestrator/session/${session}`));
        return views.projects.selection[0]?.id === row.id;
      },
      sessionMs,
    );
    deepEqual([running(), entries("linked").length], [[], before]);
  });

  it("filter Activity by project, session and kind, and name the filter, until it is cleared", async () => {
    const { trees, views } = await probe();
    await doneProject("filtered", "echo one");
    const everything = (): string[] => [...new Set(activityEntries(trees).map((row) => row.entry.project_id))];
    await until("Activity has it", () => everything().includes("filtered"));
    ok(everything().length > 1 || projectRowOf((await probe()).rows(), "filtered"));
    person().answers(/Show only/, "filtered");
    await run("filterActivity");
    deepEqual([everything(), views.activity.description], [["filtered"], "filtered"]);
    person().answers(/Show only/, "session of filtered");
    await run("filterActivity");
    ok(activityEntries(trees).every((each) => each.entry.session_name === "proj-filtered::shell::1"));
    person().answers(/Show only/, "results");
    await run("filterActivity");
    deepEqual([...new Set(activityEntries(trees).map((each) => each.entry.kind))], ["result"]);
    equal(views.activity.description, "shell::1 (filtered) · results");
    await run("clearActivityFilter");
    equal(views.activity.description, undefined);
    ok(!activityEntries(trees).some((each) => each.entry.kind === "lease"));
    person().answers(/Show only/, "Also show internal entries");
    await run("filterActivity");
    ok(activityEntries(trees).some((each) => each.entry.kind === "lease"));
    await run("clearActivityFilter");
    ok(activityEntries(trees).some((each) => each.entry.kind === "session"));
    for (const row of activityEntries(trees).slice(0, 20)) {
      const item = trees.activity.getTreeItem(row);
      ok(item.id !== undefined && item.accessibilityInformation !== undefined && item.command !== undefined);
    }
  });

  it("group Activity by task, or list it by time, as the person wants it", async () => {
    const { trees } = await probe();
    await doneProject("grouped", "echo one");
    const own = (): ActivityItem[] => trees.activity.getChildren().filter(({ id }) => id.includes("grouped"));
    const [task] = await until("its task is a group", () => {
      const found = own().filter((item) => !isEntryRow(item) && item.kind === "task");
      return found.length > 0 && found;
    });
    ok(task && !isEntryRow(task));
    match(task.description, /^succeeded · [\d:]+ · grouped$/);
    deepEqual(
      own().map((item) => isEntryRow(item) || item.kind),
      ["project", "task", "session"],
    );
    const kinds = trees.activity.getChildren(task).map((item) => isEntryRow(item) && item.entry.kind);
    ok(kinds.includes("command") && kinds.includes("result") && kinds.includes("task"));
    const item = trees.activity.getTreeItem(task);
    deepEqual([item.contextValue, item.collapsibleState], ["entries+task", TreeItemCollapsibleState.Collapsed]);
    await run("listActivityByTime");
    ok(own().length > 3 && own().every(isEntryRow));
    await run("groupActivity");
    ok(!own().some(isEntryRow));
  });
});
