import { dirname } from "node:path";
import { places } from "../../embedded/launchPlaces";
import { writingProblem } from "../../embedded/launchWriting";
import { addToIgnoreFiles, type UnawareTool, unawareTools } from "../../adapters/machine/ignoreFiles";
import { listed } from "../../core/model/sentences";
import { asOrchestratorError } from "../failure";
import { mending } from "../mending";
import type { Check } from "../../protocol/setupCheck";

/** The folders of the user in which the built-in server keeps what it needs. `isNeeded`: no other server is used. */
export function dataCheck(env: NodeJS.ProcessEnv, isNeeded: boolean): Check {
  const name = "data folder";
  const bad = (text: string, next: string): Check => ({ name, status: isNeeded ? "bad" : "missing", text, next });
  try {
    const { data, runtime, socket } = places({ env });
    const folders = process.platform === "win32" ? [data, runtime] : [data, runtime, dirname(socket)];
    const problem = folders.map(writingProblem).find((each) => each !== undefined);
    return problem ? bad(problem.message, problem.next) : { name, status: "ok", text: data, next: "" };
  } catch (error) {
    const { message, remedy } = asOrchestratorError(error);
    return { ...bad(message, ""), ...mending(remedy) };
  }
}

/** Tools that read the record as if it were the project's own files; none where all know better. `fix`: tells them. */
export async function ignoreChecks(workspace: string, fix: boolean): Promise<Check[]> {
  const name = "ignore files";
  const unaware = await unawareTools(workspace);
  const added = fix ? unaware.filter((tool) => !tool.byHand) : [];
  await addToIgnoreFiles(workspace, added);
  const left = unaware.filter((tool) => !added.includes(tool));
  return [
    ...(added.length === 0
      ? []
      : [{ name, status: "ok", text: `.orchestrator was added to ${listed(filesOf(added))}`, next: "" } as const]),
    ...(left.length === 0 ? [] : [{ name, status: "missing", text: unawareText(left), ...nextFor(left) } as const]),
  ];
}

/** `Prettier and Docker also read .orchestrator`. */
export function unawareText(unaware: readonly UnawareTool[]): string {
  return `${listed(unaware.map(({ name }) => name))} also ${unaware.length === 1 ? "reads" : "read"} .orchestrator`;
}

function filesOf(tools: readonly UnawareTool[]): string[] {
  return tools.map(({ file }) => file);
}

function nextFor(unaware: readonly UnawareTool[]): Pick<Check, "next" | "remedy"> {
  const files = filesOf(unaware.filter((tool) => !tool.byHand));
  const byHand = unaware.filter((tool) => tool.byHand).map(({ file, line }) => `Put this into ${file}: ${line}`);
  if (files.length === 0) return { next: byHand.join("\n") };
  return mending({ kind: "ignore_record", files, by_hand: byHand });
}
