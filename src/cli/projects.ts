import type { FileLedger } from "../adapters/ledger/fileLedger";
import { replay } from "../core/record/replay";
import { openNamed } from "../core/acts/projectLookup";
import { OrchestratorError } from "../core/model/errors";
import type { ProjectContext } from "../core/model/project";
import { namedProject } from "../core/model/projectFields";
import type { ProjectState } from "../core/model/projectState";
import type { Ledger, RecordPlace } from "../core/ports/ledger";
import type { Container } from "./container";
import { asOrchestratorError, reportWarning } from "./failure";

/** A project's record with its state, as it was when it was read. */
export interface ReadProject {
  readonly ledger: FileLedger;
  readonly project: ProjectContext;
  readonly state: ProjectState;
  readonly upTo: RecordPlace;
}

/** The id, and the name that it was given where that is another one. */
export function projectTitle({ project_id, name }: Pick<ProjectContext, "project_id" | "name">): string {
  return name === project_id ? project_id : `${project_id} (${name})`;
}

/** Reads a record once, without following it. */
export async function readState(ledger: Ledger): Promise<ProjectState> {
  return (await replay(ledger, "checkpoint")).state;
}

/** Opens a project by its name or id. Throws `project_not_found` and `name_invalid`. */
export function openProject({ store }: Container, name: string): Promise<FileLedger> {
  return openNamed(store, name);
}

export async function readProject(container: Container, name: string): Promise<ReadProject> {
  const ledger = await openProject(container, name);
  return readLedger(ledger);
}

async function readLedger(ledger: FileLedger): Promise<ReadProject> {
  const [project, { state, upTo }] = await Promise.all([ledger.readProject(), replay(ledger, "checkpoint")]);
  return { ledger, project: namedProject(project, state), state, upTo };
}

/** The project that is named, or all of the workspace that can be read; of the others one line on stderr says why. */
export async function readProjects(container: Container, name: string | undefined): Promise<ReadProject[]> {
  if (name !== undefined) return [await readProject(container, name)];
  const ids = await container.store.list();
  const read = await Promise.all(ids.map((id) => readOrProblem(container, id)));
  for (const each of read) if (each instanceof OrchestratorError) reportWarning(each, container.output);
  return read.flatMap((each) => (each instanceof OrchestratorError ? [] : [each]));
}

async function readOrProblem(container: Container, id: string): Promise<ReadProject | OrchestratorError> {
  try {
    return await readLedger(await container.store.open(id));
  } catch (error) {
    const { code, message, remedy } = asOrchestratorError(error);
    return new OrchestratorError(code, `Project ${id} is left out: ${message}`, remedy, { cause: error });
  }
}
