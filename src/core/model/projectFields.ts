import type { ContextEntry } from "./entry";
import { archivedEvent, handOverEvent, renamedEvent, restoredEvent } from "./entryKinds";
import { type ProjectStatus, projectStatuses } from "./states";

/** What `project` entries say of the project as a whole. */
export interface ProjectFields {
  status: ProjectStatus;
  goal: string;
  /** The name that a person gave it later; undefined: the one that it was made with. */
  name: string | undefined;
  /** A person put it away; a run takes it back. */
  archived: boolean;
  /** The code of what ended the last run before its time (`interrupted`, an error's code), if anything did. */
  endReason: string | undefined;
  /** The generation whose runner was asked last to leave everything for another one. */
  handedOver: number | undefined;
}

/** What project.json says, by the name that the record has: a runner may have written the file once more before it heard. */
export function namedProject<Project extends { readonly name: string }>(
  project: Project,
  { name }: Pick<ProjectFields, "name">,
): Project {
  return name === undefined || name === project.name ? project : { ...project, name };
}

export function applyProject(project: ProjectFields, entry: ContextEntry): void {
  const { state, event, reason, goal, name, generation } = entry;
  const status = projectStatuses.find((each) => each === state);
  if (status !== undefined) {
    project.status = status;
    project.endReason = reason;
    if (status === "running") project.archived = false;
  }
  if (goal !== undefined) project.goal = goal;
  if (event === handOverEvent) project.handedOver = generation;
  if (event === renamedEvent && name !== undefined) project.name = name;
  if (event === archivedEvent || event === restoredEvent) project.archived = event === archivedEvent;
}
