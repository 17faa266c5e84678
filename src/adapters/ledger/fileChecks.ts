import { join } from "node:path";
import { messageOf } from "../../core/model/errors";
import { parseStoredPlan } from "../../core/model/plan";
import { PlanError } from "../../core/model/planError";
import { snapshotStanding } from "./derivedFiles";

/** The files beside the events, as they are read. */
interface KeptFiles {
  readonly folder: string;
  readProject(): Promise<unknown>;
  readPlan(): Promise<string | undefined>;
}

/**
 * What is wrong with the files beside the events, one sentence each; empty when nothing is. A snapshot that is spoilt
 * itself is no damage, because the next run writes it anew; one that knows of events that are not there is.
 */
export async function fileProblems(ledger: KeptFiles): Promise<string[]> {
  const found = await Promise.all([projectProblem(ledger), planProblem(ledger), snapshotProblem(ledger.folder)]);
  return found.filter((problem) => problem !== undefined);
}

async function projectProblem(ledger: KeptFiles): Promise<string | undefined> {
  try {
    await ledger.readProject();
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

async function planProblem(ledger: KeptFiles): Promise<string | undefined> {
  const path = join(ledger.folder, "plan.yaml");
  try {
    const text = await ledger.readPlan();
    // A copy without its secrets is no plan to run; it may have lost its form with them.
    if (text !== undefined && !text.includes("‹redacted:")) parseStoredPlan(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof PlanError)) return messageOf(error);
    const first = error.problems[0];
    return `${path} is not a valid plan${first ? `: line ${first.line}: ${first.message}` : ""}.`;
  }
}

async function snapshotProblem(folder: string): Promise<string | undefined> {
  const standing = await snapshotStanding(folder);
  if (standing === "short")
    return `Events are missing in ${folder}: its snapshot.json was made from more events than there are.`;
  if (standing === "changed") return `The events in ${folder} were changed after its snapshot.json was made.`;
  return undefined;
}
