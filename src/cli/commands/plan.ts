import { readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { editorPlatform } from "../../adapters/machine/editorPlatform";
import { projectFiles } from "../../adapters/machine/projectFiles";
import {
  namedWork,
  type OfferedFile,
  type OfferedWork,
  planOfFolder,
  workFileNames,
  workOfFolder,
} from "../../core/acts/planFromFolder";
import { messageOf, OrchestratorError } from "../../core/model/errors";
import { projectIdOf } from "../../core/model/names";
import { filledTemplate } from "../../core/model/planTemplate";
import { advice } from "../../core/model/remedy";
import { brief } from "../../core/model/sentences";
import { didYouMean } from "../../core/model/suggestion";
import { stripControlCharacters } from "../../core/safety/controlCharacters";
import { shellWord } from "../../core/sense/shellWord";
import type { Piece } from "../../protocol/piece";
import { planTemplates } from "../../protocol/planTemplates";
import { readLine } from "../confirm";
import type { Container } from "../container";
import { type ExitCode, exitCode } from "../../protocol/exitCodes";

export interface PlanOptions {
  readonly list?: boolean;
  readonly pick?: readonly string[];
  readonly template?: string;
  readonly goal?: string;
  /** Write no file. */
  readonly print?: boolean;
}

/** Makes a plan of what the folder has to run, or of a template. Nothing runs. */
export async function makePlan(
  container: Container,
  project: string | undefined,
  options: PlanOptions,
): Promise<ExitCode> {
  const { pick, template, goal = "" } = options;
  if (template !== undefined && pick !== undefined)
    throw new OrchestratorError("usage", "--template and --pick cannot be used together.", advice("Give one of them."));
  if (options.list === true || project === undefined) return list(container);
  projectIdOf(project);
  const wanted = { project, goal };
  if (template !== undefined)
    return give(container, project, filledTemplate(await templateText(template), wanted), options);
  const all = await foundWork(container);
  const picked = pick === undefined ? await asked(container, all) : pick.map((name) => namedWork(all, name));
  const text = planOfFolder(wanted, all, picked, { redact: (each) => container.redactor.redact(each) });
  return give(container, project, text, options);
}

async function foundWork(container: Container): Promise<OfferedFile[]> {
  const { workspace, clock, redactor } = container;
  const policy = await container.policy();
  const redact = (text: string): string => redactor.redact(text);
  return workOfFolder(workspace, { files: projectFiles, policy, clock, redact, platform: editorPlatform() });
}

async function list(container: Container): Promise<ExitCode> {
  const { output } = container;
  const files = await foundWork(container);
  const templates = planTemplates();
  if (output.json) {
    output.document({ files, templates });
    return exitCode.done;
  }
  for (const line of fileLines(files)) output.pieces(line);
  if (files.some(({ work }) => work.some(({ usual }) => usual)))
    output.pieces([{ text: "* is taken where nothing else is picked on a terminal.", tone: "quiet" }]);
  if (files.length === 0) output.line(`This folder has none of these: ${workFileNames}.`);
  output.line("\nTemplates");
  for (const { name, label, description } of templates)
    output.pieces([{ text: `  ${name.padEnd(18)}` }, { text: `${label}: ${description}`, tone: "quiet" }]);
  return exitCode.done;
}

/** `numbered`: what somebody is asked to choose from. */
function fileLines(files: readonly OfferedFile[], numbered = false): Piece[][] {
  let number = 0;
  return files.flatMap(({ file, work, notes, problem }) => [
    [{ text: file }],
    ...(problem === undefined ? [] : [[{ text: `  ${problem}`, tone: "attention" as const }]]),
    ...work.map((each) => workLine(each, numbered ? `${String(++number).padStart(4)} ` : "  ")),
    ...notes.map((note) => [{ text: `  Not offered: ${note}.`, tone: "quiet" as const }]),
  ]);
}

function workLine(work: OfferedWork, lead: string): Piece[] {
  const { name, usual, keepsRunning, port, asks, does } = work;
  const runs = port === undefined ? "keeps running, and names no port" : `keeps running, port ${port}`;
  const first = brief(does.split("\n")[0] ?? "");
  return [
    { text: `${lead}${usual ? "*" : " "} ${name.padEnd(18)}` },
    ...(keepsRunning ? [{ text: ` (${runs})`, tone: "quiet" as const }] : []),
    ...(asks === undefined ? [] : [{ text: " (look at it first)", tone: "attention" as const }]),
    { text: first === "" ? "" : `  ${first}`, tone: "quiet" },
  ];
}

/** What a person picks on the terminal; Enter alone takes what is marked. */
async function asked({ output, interrupts }: Container, all: readonly OfferedFile[]): Promise<OfferedWork[]> {
  const work = all.flatMap((each) => each.work);
  if (work.length === 0)
    throw new OrchestratorError(
      "usage",
      `There is nothing to pick: this folder has none of these, or nothing in them: ${workFileNames}.`,
      advice("Take a template with --template NAME; --list shows them."),
    );
  if (!output.canAsk || output.json)
    throw new OrchestratorError(
      "usage",
      "Nothing was picked, and this is not a terminal.",
      advice("Give names with --pick NAME; --list shows them."),
    );
  for (const line of fileLines(all, true)) output.progress(line);
  const question = "Numbers or names, with spaces between them; Enter takes those with *: ";
  const answer = (await readLine(output, question, interrupts.signal))?.trim();
  if (answer === undefined) return [];
  if (answer === "") return work.filter(({ usual }) => usual);
  return answer.split(/[\s,]+/).map((word) => work[/^\d+$/.test(word) ? Number(word) - 1 : -1] ?? namedWork(all, word));
}

async function templateText(name: string): Promise<string> {
  const known = planTemplates().map((each) => each.name);
  if (known.includes(name)) return readFile(join(__dirname, "..", "media", "templates", `${name}.yaml`), "utf8");
  throw new OrchestratorError(
    "usage",
    `There is no template "${name}"${didYouMean(name, known) || "."}`,
    advice(`Templates: ${known.join(", ")}.`),
  );
}

/** To the person who reviews and runs it: as a new file of the workspace, or printed. */
async function give(container: Container, project: string, text: string, options: PlanOptions): Promise<ExitCode> {
  const { output, workspace } = container;
  if (options.print === true) {
    if (output.json) output.document({ plan: text });
    else output.raw(stripControlCharacters(text, { keepNewlines: true }));
    return exitCode.done;
  }
  const file = await newFile(workspace, projectIdOf(project), text);
  const near = relative(process.cwd(), file);
  const path = near.startsWith("..") ? file : near;
  if (output.json) output.document({ file, plan: text });
  else {
    output.line(`The plan is in ${path}. Look at it, and change it as you like.`);
    output.line(`Run it:  wsh-orchestrator do ${shellWord(project)} --plan ${shellWord(path)}`);
  }
  return exitCode.done;
}

/** Never in the place of another file. */
async function newFile(folder: string, name: string, text: string): Promise<string> {
  for (let number = 1; ; number++) {
    const file = join(folder, `${name}${number === 1 ? "" : `-${number}`}.plan.yaml`);
    try {
      await writeFile(file, text, { flag: "wx" });
      return file;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") continue;
      throw new OrchestratorError(
        "usage",
        `The plan cannot be written to ${folder}: ${messageOf(error)}.`,
        advice("Print it with --print."),
        { cause: error },
      );
    }
  }
}
