import { plural } from "../core/model/sentences";
import type { Container } from "./container";
import type { ReadProject } from "./projects";

export interface AllOptions {
  readonly all?: boolean;
}

/** The projects without those that a person put away, which a line names instead, unless somebody wants all. */
export function withoutArchived<Project extends Pick<ReadProject, "state">>(
  projects: readonly Project[],
  { all = false }: AllOptions,
  { output }: Container,
): Project[] {
  if (all || output.json) return [...projects];
  const shown = projects.filter(({ state }) => !state.archived);
  const left = projects.length - shown.length;
  if (left > 0)
    output.progress([
      {
        text: `${plural(left, "archived project")} left out; --all shows ${left === 1 ? "it" : "them"}.`,
        tone: "quiet",
      },
    ]);
  return shown;
}
