import { requirePerson } from "../../core/acts/acting";
import { seeSession } from "../../core/acts/seeSession";
import type { ContextEntry } from "../../core/model/entry";
import { findNamedSession, sessionNotFound } from "../../core/people/namedSession";
import { ProjectRecord } from "../../core/record/projectRecord";
import type { Container } from "../container";
import { type ExitCode, exitCode } from "../../protocol/exitCodes";
import { type ReadProject, readProject, readProjects } from "../projects";

/**
 * Says that the person has seen what sessions have done: one session, those of one project, or all. Throws
 * `session_not_found`, `ambiguous`, and `needs_person` below a session of ours.
 */
export async function markSeen(container: Container, name: string | undefined): Promise<ExitCode> {
  const { output } = container;
  const by = await container.acting();
  requirePerson(by);
  const seen: ContextEntry[] = [];
  for (const { owner, sessions } of await chosen(container, name)) {
    const unseen = sessions.filter((session) => owner.state.sessions.get(session)?.state === "done_unseen");
    if (unseen.length === 0) continue;
    const record = await ProjectRecord.resume(owner.ledger, container.logger, owner);
    try {
      for (const session of unseen) {
        const { entry } = await seeSession(record, by, session);
        if (entry) seen.push(entry);
      }
    } finally {
      await record.close();
    }
  }
  if (output.json) output.document(seen);
  else if (seen.length === 0) output.line("No session has done anything that was not looked at.");
  else for (const { text } of seen) output.line(text);
  return exitCode.done;
}

/** A project by its name or id, else a session; without a name all. */
async function chosen(
  container: Container,
  name: string | undefined,
): Promise<readonly { readonly owner: ReadProject; readonly sessions: readonly string[] }[]> {
  const all = (owner: ReadProject): { owner: ReadProject; sessions: string[] } => ({
    owner,
    sessions: [...owner.state.sessions.keys()],
  });
  if (name === undefined) return (await readProjects(container, undefined)).map(all);
  if ((await container.store.list()).includes(name)) return [all(await readProject(container, name))];
  const projects = await readProjects(container, undefined);
  const project = projects.find((each) => each.project.name === name);
  if (project) return [all(project)];
  const named = findNamedSession(projects, name);
  if (!named)
    throw sessionNotFound(
      name,
      projects.flatMap(({ state }) => [...state.sessions.keys()]),
    );
  return [{ owner: named.owner, sessions: [named.context.session_name] }];
}
