import type { Need } from "../protocol/needs";

/** Where a person is who goes from one thing that needs them to the next. */
export class NeedTour {
  readonly #visited = new Set<string>();

  /**
   * The most urgent one that was not visited yet, and the first again once all were; undefined where nothing needs anybody.
   * `at`: which one of those that there are now it is, from 1.
   */
  next(needs: readonly Need[]): { readonly need: Need; readonly at: number } | undefined {
    const ids = needs.map(needId);
    // What is over comes back as another one.
    for (const id of this.#visited) if (!ids.includes(id)) this.#visited.delete(id);
    if (ids.every((id) => this.#visited.has(id))) this.#visited.clear();
    const index = ids.findIndex((id) => !this.#visited.has(id));
    const need = needs[index];
    if (!need) return undefined;
    this.#visited.add(needId(need));
    return { need, at: index + 1 };
  }
}

function needId(need: Need): string {
  return need.kind === "question"
    ? `${need.question.key} ${need.question.id}`
    : `${need.picture.key} ${need.session.session_name} ${need.why} ${need.since}`;
}
