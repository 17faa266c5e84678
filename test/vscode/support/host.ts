import { ok } from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { commands, extensions, workspace } from "vscode";
import type { ContextEntry } from "../../../src/core/model/entry";
import { contextEntrySchema } from "../../../src/core/model/schemas";
import { type CommandName, commandId } from "../../../src/extension/identifiers";
import type { TestApi } from "../../../src/extension/main";
import { isEntryRow } from "../../../src/extension/views/activityTree";
import type { ActivityRow } from "../../../src/protocol/activityRows";
import type { Row } from "../../../src/protocol/projectRows";
import { until } from "../../support/until";

/** Patience with what starts sessions, on a machine that has other things to do. */
export const sessionMs = 30_000;

export async function probe(): Promise<TestApi["probe"]> {
  const extension = extensions.getExtension<TestApi>("wsh-orchestrator.wsh-orchestrator");
  ok(extension);
  return (await extension.activate()).probe;
}

/** The workspace folder of that number. */
export function folder(index = 0): string {
  return workspace.workspaceFolders?.[index]?.uri.fsPath ?? "";
}

/** Runs a command of the extension as a keybinding would. */
export function run<T = unknown>(name: CommandName, ...args: unknown[]): Promise<T> {
  return Promise.resolve(commands.executeCommand<T>(commandId(name), ...args));
}

/** The entries that Activity has, newest first; of each group one after the other. */
export function activityEntries({ activity }: TestApi["probe"]["trees"]): ActivityRow[] {
  return activity.getChildren().flatMap((item) => [item, ...activity.getChildren(item)].filter(isEntryRow));
}

export function recordFolder(project_id: string, inFolder = folder()): string {
  return join(inFolder, ".orchestrator/projects", project_id);
}

/** The record as it stands in the file: whole lines, without what a line says about itself. */
export function entries(project_id: string, inFolder = folder()): ContextEntry[] {
  const path = join(recordFolder(project_id, inFolder), "events-000001.jsonl");
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) =>
      contextEntrySchema.parse(
        Object.fromEntries(Object.entries(JSON.parse(line) as object).filter(([name]) => name !== "v" && name !== "c")),
      ),
    );
}

/** Waits for an entry of the record that passes. */
export function entryOf(
  project_id: string,
  what: string,
  passes: (entry: ContextEntry) => boolean,
  inFolder = folder(),
): Promise<ContextEntry> {
  return until(`${project_id}: ${what}`, () => entries(project_id, inFolder).findLast(passes), sessionMs);
}

export function projectRowOf(rows: readonly Row[], name: string): Row | undefined {
  return rows.find((row) => row.kind === "project" && row.label === name);
}

/** Waits until the project's row says that word. */
export async function saysOfProject(name: string, word: string): Promise<Row> {
  const { rows } = await probe();
  return until(
    () => `the row of ${name} says ${word}; it says ${projectRowOf(rows(), name)?.look.word ?? "nothing"}`,
    () => [projectRowOf(rows(), name)].find((row) => row?.look.word === word),
    sessionMs,
  );
}

export function sessionName(project_id: string, role = "shell", number = 1): string {
  return `proj-${project_id}::${role}::${number}`;
}

/** Waits for a session's row, with that word where one is given. */
export async function sessionRow(name: string, word?: string): Promise<Row> {
  const { rows } = await probe();
  return until(
    `a row of ${name}${word === undefined ? "" : ` says ${word}`}`,
    () =>
      rows().find(
        (row) => row.kind === "session" && row.name === name && (word === undefined || row.look.word === word),
      ),
    sessionMs,
  );
}

/** A project that is done, with one idle session. */
export async function doneProject(name: string, ...run_: string[]): Promise<string> {
  const started = await run<{ project_id: string } | undefined>("doProject", {
    project: name,
    run: run_.length === 0 ? ["true"] : run_,
  });
  ok(started);
  const { running } = await probe();
  await saysOfProject(name, "done");
  await until(`${name} is not running any more`, () => !running().includes(started.project_id), sessionMs);
  await sessionRow(sessionName(started.project_id), "idle");
  return sessionName(started.project_id);
}
