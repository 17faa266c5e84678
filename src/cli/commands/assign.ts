import { assignTask } from "../../core/acts/assignTask";
import { OrchestratorError } from "../../core/model/errors";
import { advice } from "../../core/model/remedy";
import type { Container } from "../container";
import type { ExitCode } from "../../protocol/exitCodes";
import { givenKind, givenWork } from "../givenWork";
import type { WorkOptions } from "../workOptions";
import { sayResult } from "../runResult";
import { terminalRun } from "../runShell";
import { commandsPlace } from "../workspace";

export interface AssignOptions extends WorkOptions {
  readonly cwd?: string;
}

/** One more task for a role of a project that exists. Throws as `assignTask`. */
export async function assign(
  container: Container,
  name: string,
  role: string,
  options: AssignOptions,
): Promise<ExitCode> {
  const work = await givenWork(options);
  if (work === undefined)
    throw new OrchestratorError(
      "usage",
      "assign needs a command or a prompt.",
      advice("Give a command with --run COMMAND, or a prompt with --prompt TEXT."),
    );
  const { request, shell } = await terminalRun(container, "run" in work ? "--run" : "--prompt", givenKind(work));
  const given = { ...work, ...commandsPlace(options.cwd) };
  return sayResult(container, await assignTask(await container.runWorld(), { ...request, name, role, given }, shell));
}
