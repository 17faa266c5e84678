import type { ContextEntry } from "../model/entry";
import { OrchestratorError } from "../model/errors";
import type { ProjectState } from "../model/projectState";
import { plural } from "../model/sentences";
import { advice } from "../model/remedy";

/** A project's record, as far as its questions are known. */
export interface QuestionOwner {
  readonly state: Pick<ProjectState, "escalations">;
}

/** So much of an id is enough to be taken for a part of one. */
const leastCharacters = 4;

/**
 * A question by its whole id, or by an end or a beginning that only one has; open ones go first. Throws
 * `entry_not_found` and `ambiguous`.
 */
export function namedQuestion<Owner extends QuestionOwner>(
  owners: readonly Owner[],
  id: string,
): { readonly owner: Owner; readonly entry: ContextEntry } {
  const wanted = id.toUpperCase();
  const all = owners.flatMap((owner) =>
    [...owner.state.escalations.values()].map(({ entry, answer, settled }) => ({
      owner,
      entry,
      open: !answer && !settled,
    })),
  );
  const exact = all.filter(({ entry }) => entry.id === wanted);
  const matching =
    exact.length > 0 || wanted.length < leastCharacters
      ? exact
      : all.filter(({ entry }) => entry.id.endsWith(wanted) || entry.id.startsWith(wanted));
  const open = matching.filter((each) => each.open);
  const candidates = open.length > 0 ? open : matching;
  if (candidates.length > 1)
    throw new OrchestratorError(
      "ambiguous",
      `${id} matches ${plural(candidates.length, "question")}: ${candidates.map(({ entry }) => entry.id).join(", ")}.`,
      advice("Use the whole id."),
    );
  const [found] = candidates;
  if (!found && wanted.length < leastCharacters)
    throw new OrchestratorError(
      "entry_not_found",
      `"${id}" is too short: at least ${leastCharacters} characters of an id are needed.`,
      { kind: "show_questions" },
    );
  if (!found) throw new OrchestratorError("entry_not_found", `There is no question ${id}.`, { kind: "show_questions" });
  return { owner: found.owner, entry: found.entry };
}
