import { RelativePattern, type Uri, workspace, type WorkspaceFolder } from "vscode";

/** More than anybody looks through; a search beyond ends by itself. */
const mostFiles = 500;
const notPlans = "**/{node_modules,.git,.orchestrator}/**";

export interface PlanFile {
  readonly uri: Uri;
  /** Milliseconds since 1970. */
  readonly changedAt: number;
}

/** The plans of a folder and of the folders in it, by their names; what was changed last comes first. */
export async function planFiles(folder: WorkspaceFolder): Promise<PlanFile[]> {
  const pattern = new RelativePattern(folder, "**/{plan.yaml,plan.yml,*.plan.yaml,*.plan.yml}");
  const found = await workspace.findFiles(pattern, notPlans, mostFiles);
  const files = await Promise.all(found.map((uri) => changedFile(uri)));
  return files.filter((each) => each !== undefined).sort((one, other) => other.changedAt - one.changedAt);
}

/** Undefined where it is gone. */
async function changedFile(uri: Uri): Promise<PlanFile | undefined> {
  try {
    return { uri, changedAt: (await workspace.fs.stat(uri)).mtime };
  } catch {
    return undefined;
  }
}
