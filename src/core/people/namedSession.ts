import { OrchestratorError } from "../model/errors";
import { matchesSession } from "../model/names";
import type { ProjectState } from "../model/projectState";
import { plural } from "../model/sentences";
import type { SessionContext } from "../model/session";
import { isLiving } from "../model/states";
import { advice } from "../model/remedy";

/** A project's record, as far as its sessions are known by name. */
export interface SessionOwner {
  readonly state: Pick<ProjectState, "sessions">;
}

export interface NamedSession<Owner extends SessionOwner> {
  readonly owner: Owner;
  readonly context: SessionContext;
}

/**
 * The recorded session that somebody named: logical, wire or the tail of a name. Living ones go before ended ones.
 * Throws `session_not_found` and `ambiguous`.
 */
export function namedSession<Owner extends SessionOwner>(owners: readonly Owner[], query: string): NamedSession<Owner> {
  const found = findNamedSession(owners, query);
  if (found) return found;
  throw sessionNotFound(
    query,
    owners.flatMap(({ state }) => [...state.sessions.keys()]),
  );
}

/** As `namedSession`; undefined for none. Throws `ambiguous`. */
export function findNamedSession<Owner extends SessionOwner>(
  owners: readonly Owner[],
  query: string,
): NamedSession<Owner> | undefined {
  const [first, ...others] = sessionsNamed(owners, query);
  if (first && others.length > 0)
    throw sessionAmbiguous(
      query,
      [first, ...others].map(({ context }) => context.session_name),
    );
  return first;
}

/** All that it may name: logical, wire or the tail of a name, whole names before tails, living ones before ended ones. */
export function sessionsNamed<Owner extends SessionOwner>(
  owners: readonly Owner[],
  query: string,
): NamedSession<Owner>[] {
  const all = owners.flatMap((owner) =>
    [...owner.state.sessions.values()].map((context): NamedSession<Owner> => ({ owner, context })),
  );
  const exact = all.filter(({ context }) => query === context.session_name || query === context.wire_name);
  const matching =
    exact.length > 0
      ? exact
      : all.filter(({ context }) => matchesSession(query, context.session_name, context.wire_name ?? ""));
  const living = matching.filter(({ context }) => isLiving(context));
  return living.length > 0 ? living : matching;
}

/** `known`: names that there are. */
export function sessionNotFound(query: string, known: readonly string[]): OrchestratorError {
  return new OrchestratorError("session_not_found", `There is no session ${query}.`, { kind: "choose_session", known });
}

export function sessionAmbiguous(query: string, names: readonly string[]): OrchestratorError {
  return new OrchestratorError(
    "ambiguous",
    `${query} matches ${plural(names.length, "session")}: ${names.join(", ")}.`,
    advice(`Use the whole name, for example ${names[0] ?? ""}.`),
  );
}
