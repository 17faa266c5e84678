import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename } from "node:path";
import { after, before, describe, it } from "mocha";
import { commands, window } from "vscode";
import { ownSampleFolder } from "../../../../src/adapters/machine/ownSamples";
import { samplesIn } from "../../../../src/adapters/machine/sampleFolder";
import { until } from "../../../support/until";
import { doneProject, entryOf, probe, projectRowOf, run, sessionMs, sessionRow } from "../../support/host";
import { personAtTheWindow } from "../../support/person";

const project_id = "mistaken";
const token = "ghp_abcdefghijklmnopqrstuvwxyz0123456789";
let session: string;

describe("This Is Wrong…", () => {
  const person = personAtTheWindow();

  before(async () => (session = await doneProject(project_id)));
  after(async () => {
    await commands.executeCommand("workbench.action.closeAllEditors");
    await rm(ownSampleFolder(process.env), { recursive: true, force: true });
  });

  it("asks which state is right, in plain words, saves the screen, and offers a rule that is begun", async () => {
    await run("sendText", session, `echo ${token}; read -p "Last line of the log [y/N] " answer`);
    const row = await sessionRow(session, "needs confirmation");
    person().answers(/This Is Wrong/, "working");
    person().answers(/Saved as a sample/, "Write Rule");
    await run("correctState", row);
    const entry = await entryOf(project_id, "it was said to be wrong", ({ event }) => event === "state_wrong");
    equal(entry.state, "working");
    deepEqual(entry.told, { state: "waiting", state_kind: "confirm" });
    const items = person().picked.at(-1)?.items ?? [];
    deepEqual(items[0], { label: "working", description: "working", named: { state: "working" } });
    ok(items.some(({ label, description }) => label === "needs a password" && description === "waiting:password"));
    equal(new Set(items.map(({ label }) => label)).size, items.length);
    const { samples } = await samplesIn(ownSampleFolder(process.env));
    equal(samples.length, 1);
    const sample = samples[0]?.sample ?? "";
    match(basename(sample), /-waiting-confirm-is-working$/);
    for (const end of ["txt", "ansi", "raw", "json"]) doesNotMatch(readFileSync(`${sample}.${end}`, "utf8"), /ghp_/);
    const rule = await until(
      "a file with a rule is begun",
      () => {
        const document = window.activeTextEditor?.document;
        return document?.isUntitled === true && document.getText() !== "" ? document : undefined;
      },
      sessionMs,
    );
    match(
      rule.getText(),
      /^program: \w+\n[^]*state: working\n[^]*Last line of the log[^]*expect: \{ state: working \}/,
    );
    await commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });

  it("refuses what is no state", async () => {
    await run("correctState", session, "wokring");
    await person().hears(/did you mean "working"\?/);
    await run("sendText", session, "y");
    await sessionRow(session, "idle");
  });

  it("shows time and answers in the tooltip of the project", async () => {
    const { rows, trees } = await probe();
    const row = projectRowOf(rows(), project_id);
    ok(row);
    const item = await until("the log was read", async () => {
      const shown = await trees.projects.resolveTreeItem(trees.projects.getTreeItem(row), row);
      return shown.tooltip?.includes("Time of its sessions") === true ? shown : undefined;
    });
    match(item.tooltip ?? "", /Time of its sessions: working \S.*, needing an answer \S+, limited 0\n1 false alarm/);
  });
});
