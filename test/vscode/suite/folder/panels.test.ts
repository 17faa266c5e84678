import { deepEqual, equal } from "node:assert/strict";
import { afterEach, describe, it } from "mocha";
import { ViewColumn, type WebviewPanel, window } from "vscode";
import { panelTypes } from "../../../../src/extension/identifiers";
import { until } from "../../../support/until";
import { probe, run } from "../../support/host";

const title = "restored::1";
const kept = { identity: { session: `proj-panels::${title}`, project_id: "panels", folder: "one" } };

const tabsOf = (label: string): number =>
  window.tabGroups.all.flatMap(({ tabs }) => tabs).filter((tab) => tab.label === label).length;

describe("panels that VS Code brings back", () => {
  const panels = new Set<WebviewPanel>();

  afterEach(() => {
    for (const panel of panels) panel.dispose();
  });

  /** As VS Code does with a tab of an earlier window, once somebody looks at it. */
  async function restore(kind: "mirror" | "overview", state: unknown): Promise<WebviewPanel> {
    const label = kind === "mirror" ? title : "Overview";
    const before = tabsOf(label);
    const panel = window.createWebviewPanel(panelTypes[kind], label, ViewColumn.Active);
    panels.add(panel);
    panel.onDidDispose(() => panels.delete(panel));
    await until("it has a tab", () => tabsOf(label) > before);
    const { restorers } = await probe();
    await restorers[kind].deserializeWebviewPanel(panel, state);
    return panel;
  }

  it("stay where the person finds them; the mirror of the same session that was opened meanwhile goes", async () => {
    const opened = await restore("mirror", kept);
    const other = await restore("mirror", { identity: { ...kept.identity, folder: "two" } });
    deepEqual([...panels], [opened, other]);
    const restored = await restore("mirror", kept);
    await until("one tab has gone", () => tabsOf(title) === 2);
    deepEqual([...panels], [other, restored]);
  });

  it("are the one overview, which is opened no second time", async () => {
    await run("openOverview");
    await until("it has a tab", () => tabsOf("Overview") === 1);
    const restored = await restore("overview", undefined);
    await until("one tab has gone", () => tabsOf("Overview") === 1);
    deepEqual([...panels], [restored]);
    await run("openOverview");
    equal(tabsOf("Overview"), 1);
  });
});
