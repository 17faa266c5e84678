import { l10n, QuickPickItemKind } from "vscode";
import { editorPlatform } from "../../adapters/machine/editorPlatform";
import { projectFiles } from "../../adapters/machine/projectFiles";
import {
  type FolderWorld,
  type OfferedFile,
  type OfferedWork,
  planOfFolder,
  workFileNames,
  workOfFolder,
} from "../../core/acts/planFromFolder";
import { OrchestratorError } from "../../core/model/errors";
import { brief } from "../../core/model/sentences";
import type { HostWorld } from "../hostWorld";
import { shown, type ShownText } from "../shownText";
import { type ShownItem, window } from "../shownWindow";
import { askSeveral, type StepEnd } from "./steps";

interface WorkItem extends ShownItem {
  readonly work?: OfferedWork;
}

/** What was picked, as the text of a plan for a project. */
export type MakePlan = (wanted: { readonly project: string; readonly goal: string }) => string;

/** What the files of a folder have to run. */
export async function foundWork(world: HostWorld, folder: string): Promise<OfferedFile[]> {
  return workOfFolder(folder, await folderWorld(world));
}

/** Asks which of it a plan is made of. Throws `usage` where there is nothing to pick. */
export async function askFoundWork(
  world: HostWorld,
  files: readonly OfferedFile[],
  { title, step, total }: { readonly title: ShownText; readonly step: number; readonly total: number },
): Promise<StepEnd<MakePlan>> {
  const { redact } = await folderWorld(world);
  const problems = files.flatMap(({ problem }) => problem ?? []);
  if (files.every(({ work }) => work.length === 0))
    throw new OrchestratorError(
      "usage",
      problems[0] ?? l10n.t("This folder has nothing to make a plan of. These are looked for: {0}.", workFileNames),
      { kind: "give_commands" },
    );
  for (const problem of problems) void window.showWarningMessage(shown(problem));
  const items = files.flatMap(itemsOf);
  const end = await askSeveral<WorkItem>({
    title,
    placeholder: shown(l10n.t("Choose tasks; you see the plan before it runs")),
    items,
    picked: items.filter(({ work }) => work?.usual === true),
    step,
    total,
  });
  if (end === undefined || end === "back") return end;
  const picked = end.value.flatMap(({ work }) => work ?? []);
  return { value: (wanted) => planOfFolder(wanted, files, picked, { redact }) };
}

/** Below a line with the file's name, which also says what of it is not offered. */
function itemsOf({ file, work, notes }: OfferedFile): WorkItem[] {
  if (work.length === 0) return [];
  const title = notes.length === 0 ? file : l10n.t("{0} · not offered: {1}", file, notes.join(", "));
  return [{ label: shown(title), kind: QuickPickItemKind.Separator }, ...work.map(itemOf)];
}

function itemOf(work: OfferedWork): WorkItem {
  const { name, keepsRunning, port, asks, does, needs, command } = work;
  const facts = [
    ...(asks === undefined ? [] : [l10n.t("look at it first: it may remove or change something for good")]),
    ...(!keepsRunning
      ? []
      : [port === undefined ? l10n.t("keeps running, and names no port") : l10n.t("keeps running, port {0}", port)]),
    ...(command === undefined ? [l10n.t("brings {0}", needs.join(", "))] : []),
  ];
  return {
    label: shown(name),
    description: shown(facts.join(" · ")),
    detail: shown(brief(does === "" ? (command ?? "") : (does.split("\n")[0] ?? ""))),
    work,
  };
}

async function folderWorld(world: HostWorld): Promise<FolderWorld> {
  const redactor = await world.redactor;
  const { clock } = world;
  const redact = (text: string): string => redactor.redact(text);
  return { files: projectFiles, policy: await world.policy(), clock, redact, platform: editorPlatform() };
}
