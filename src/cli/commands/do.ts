import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { readPlanBytes } from "../../adapters/machine/planFile";
import { openIfNamed } from "../../core/acts/projectLookup";
import { runProject } from "../../core/acts/runProject";
import type { RunProjectRequest } from "../../core/acts/runRequest";
import type { PlanSource } from "../../core/acts/wantedPlan";
import { OrchestratorError } from "../../core/model/errors";
import { projectIdOf } from "../../core/model/names";
import type { TaskWork } from "../../core/model/quickPlan";
import { planText } from "../../core/run/readPlan";
import { shellWord } from "../../core/sense/shellWord";
import type { Container } from "../container";
import { detachRun } from "../detach";
import type { DoOptions } from "../doOptions";
import type { ExitCode } from "../../protocol/exitCodes";
import { givenKind, givenWork } from "../givenWork";
import { sayResult } from "../runResult";
import { detachedRun, terminalRun } from "../runShell";
import { advice } from "../../core/model/remedy";
import { commandsPlace } from "../workspace";

/** Runs a project here, or in a background process. Throws as `runProject`. */
export async function doProject(container: Container, name: string, options: DoOptions): Promise<ExitCode> {
  const project_id = (await openIfNamed(container.store, name))?.project_id ?? projectIdOf(name);
  const { plan, goal, maxSessions } = options;
  const work = await givenWork(options);
  if (plan !== undefined && work !== undefined) {
    const flag = "run" in work ? "--run" : "--prompt";
    throw new OrchestratorError("usage", `--plan and ${flag} cannot be used together.`, advice("Give one of them."));
  }
  if (options.detach === true) return detachRun(container, name, project_id, options);
  const source = await sourceOf(options, work);
  const given_by = plan !== undefined ? `--plan ${shellWord(plan)}` : work && "prompt" in work ? "--prompt" : "--run";
  const { request, shell } = options.detached
    ? detachedRun(container, given_by, options.afterRunner === true)
    : await terminalRun(container, given_by, plan !== undefined ? "plan" : work && givenKind(work));
  const isFirst = !existsSync(join(container.workspace, ".orchestrator"));
  const ran = await runProject(
    await container.runWorld({ detached: options.detached === true }),
    {
      ...request,
      name,
      source,
      ...someTasks(options),
      ...(goal === undefined ? {} : { goal }),
      ...(maxSessions === undefined ? {} : { max_sessions: maxSessions }),
      ...(work === undefined && options.cwd !== undefined ? { cwd: resolve(options.cwd) } : {}),
    },
    shell,
  );
  const code = await sayResult(container, ran);
  if (isFirst && !container.output.json) await hintAtIgnoreFiles(container);
  return code;
}

/** Who names a task wants it run, also when it is done. */
function someTasks({ task, again = false }: DoOptions): Pick<RunProjectRequest, "only" | "again"> {
  return task === undefined ? { again } : { only: task, again: true };
}

/** Once, when the folder is new: what it means to the tools of the workspace. */
async function hintAtIgnoreFiles({ output, workspace }: Container): Promise<void> {
  const { unawareTools } = await import("../../adapters/machine/ignoreFiles");
  const unaware = await unawareTools(workspace);
  if (unaware.length === 0) return;
  const { unawareText } = await import("./folderChecks");
  output.progress([{ text: `${unawareText(unaware)}. See: wsh-orchestrator doctor`, tone: "quiet" }]);
}

/** A task runs in the folder that is named, else where the caller stands; of a plan that folder is where its paths start from. */
async function sourceOf({ plan, role, cwd }: DoOptions, work: TaskWork | undefined): Promise<PlanSource> {
  if (plan !== undefined) return { from: "text", text: await readPlanFile(plan), file: plan };
  if (work === undefined) return { from: "record" };
  return {
    from: "commands",
    ...work,
    ...(role === undefined ? {} : { role }),
    ...commandsPlace(cwd),
  };
}

async function readPlanFile(path: string): Promise<string> {
  const bytes = await readPlanBytes(path).catch((error: unknown) => {
    throw new OrchestratorError(
      "usage",
      `The plan ${path} cannot be read.`,
      advice("Give the path of a readable YAML file."),
      { cause: error },
    );
  });
  return planText(bytes, path);
}
