import { join } from "node:path";
import { Uri } from "vscode";
import { projectIdOf } from "../../core/model/names";

/** A file in the folder of a project's log. `folder`: path of the workspace folder. */
export function projectFileUri(folder: string, project_id: string, name: "SNAPSHOT.md" | "plan.yaml"): Uri {
  return Uri.file(join(folder, ".orchestrator", "projects", project_id, name));
}

/** The saved plan of the project with that name. Throws `name_invalid`. */
export function planFileUri(folder: string, name: string): Uri {
  return projectFileUri(folder, projectIdOf(name), "plan.yaml");
}
