import { readPlanBytes } from "../adapters/machine/planFile";
import { OrchestratorError } from "../core/model/errors";
import type { RoleAgent } from "../core/model/plan";
import type { TaskWork } from "../core/model/quickPlan";
import { advice } from "../core/model/remedy";
import { textOfBytes } from "../core/model/textBytes";
import type { WorkOptions } from "./workOptions";

/** Undefined where neither a command nor a prompt is given. Throws `usage` for options that do not go together. */
export async function givenWork(options: WorkOptions): Promise<TaskWork | undefined> {
  const { run, promptFile } = options;
  const prompt = options.prompt ?? (promptFile === undefined ? undefined : await fileText(promptFile));
  const agent = agentOf(options);
  if (prompt !== undefined) return { prompt, ...(agent === undefined ? {} : { agent }) };
  if (agent !== undefined)
    throw new OrchestratorError("usage", "--agent needs a prompt.", advice("Give it with --prompt TEXT."));
  return run === undefined ? undefined : { run };
}

/** For people who wait until what runs already is done. */
export function givenKind(work: TaskWork): "commands" | "prompt" {
  return "run" in work ? "commands" : "prompt";
}

function agentOf({ agent, mode, model }: WorkOptions): RoleAgent | undefined {
  if (agent !== undefined)
    return { use: agent, ...(mode === undefined ? {} : { mode }), ...(model === undefined ? {} : { model }) };
  if (mode === undefined && model === undefined) return undefined;
  const flag = mode === undefined ? "--model" : "--mode";
  throw new OrchestratorError("usage", `${flag} needs --agent.`, advice("Give the agent with --agent NAME."));
}

/** Without the end of its last line. */
async function fileText(path: string): Promise<string> {
  const bytes = await readPlanBytes(path).catch((error: unknown) => {
    throw new OrchestratorError(
      "usage",
      `The file ${path} cannot be read.`,
      advice("Give the path of a readable text file."),
      { cause: error },
    );
  });
  const text = textOfBytes(bytes);
  if (typeof text === "string") return text.replaceAll("\r\n", "\n").replace(/\n+$/, "");
  throw new OrchestratorError(
    "usage",
    `The file ${path} is not valid at line ${text.line}, column ${text.column}: ${text.message}.`,
    advice("Give a text file."),
  );
}
