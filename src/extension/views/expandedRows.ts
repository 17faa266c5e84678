import type { Memento } from "vscode";
import type { Row } from "../../protocol/projectRows";

const memoryKey = "expandedRows";
/** Of rows that are long gone nobody needs to know more. */
const mostRows = 500;

/** Which rows a person has opened and closed, for this workspace; VS Code forgets it with a reload. */
export class ExpandedRows {
  /** By id; those that were touched last come last. */
  readonly #rows: Map<string, boolean>;

  constructor(
    private readonly memory: Memento,
    private readonly failed: (error: unknown) => void,
  ) {
    this.#rows = new Map(storedRows(memory.get<unknown>(memoryKey)));
  }

  isExpanded({ id, expanded }: Pick<Row, "id" | "expanded">): boolean {
    return this.#rows.get(id) ?? expanded;
  }

  set({ id }: Pick<Row, "id">, expanded: boolean): void {
    if (this.#rows.get(id) === expanded) return;
    this.#rows.delete(id);
    this.#rows.set(id, expanded);
    for (const oldest of this.#rows.keys()) {
      if (this.#rows.size <= mostRows) break;
      this.#rows.delete(oldest);
    }
    this.memory.update(memoryKey, [...this.#rows]).then(undefined, this.failed);
  }
}

/** What else stands there counts as nothing. */
function storedRows(stored: unknown): [string, boolean][] {
  const list: readonly unknown[] = Array.isArray(stored) ? stored : [];
  return list.flatMap((each) => {
    const [id, expanded] = Array.isArray(each) ? (each as readonly unknown[]) : [];
    return typeof id === "string" && typeof expanded === "boolean" ? [[id, expanded] as [string, boolean]] : [];
  });
}
