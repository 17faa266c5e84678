/** A row that has the same id as long as it is about the same thing. */
export interface IdentifiedRow {
  readonly id: string;
}

interface Shown<Row> {
  /** The object that a view knows the row by, whatever it says meanwhile: the first one that was given. */
  readonly known: Row;
  now: Row;
  /** Ids of the rows below, as they were last given; undefined while nobody asked. */
  below: readonly string[] | undefined;
}

/**
 * `all`: the rows at the top are others than before; else, for one row at the top after the other, those that say something
 * else, or that have other rows below them. Each is looked at when it is asked for.
 */
export type RowChanges<Row> = "all" | Iterable<readonly Row[]>;

/**
 * What a tree view was given, so that only what differs is given again. Rows are plain data: two that say the same are
 * the same.
 */
export class ShownRows<Row extends IdentifiedRow> {
  readonly #shown = new Map<string, Shown<Row>>();
  #top: readonly string[] | undefined;

  /** `rowsBelow`: the rows below one as they are now; without a parent those at the top. */
  constructor(private readonly rowsBelow: (parent: Row | undefined) => readonly Row[]) {}

  /** The rows below one, as a view asks for them. Each is the same object as long as it is shown. */
  give(parent: Row | undefined): Row[] {
    const rows = this.rowsBelow(parent);
    const ids = rows.map(({ id }) => id);
    const above = parent && this.#shown.get(parent.id);
    this.#forget(above ? above.below : parent ? undefined : this.#top, new Set(ids));
    if (above) above.below = ids;
    else if (!parent) this.#top = ids;
    return rows.map((row) => this.#show(row));
  }

  /** What the row says now; one that was never given says what it says. */
  now(row: Row): Row {
    return this.#shown.get(row.id)?.now ?? row;
  }

  /** The object that the view knows the row by. */
  known(row: Row): Row {
    return this.#shown.get(row.id)?.known ?? row;
  }

  /**
   * Compares what was given with what is now, below those rows at the top that `touched` takes. `words`: what has to be
   * the same of a row; what is left out is shown with the row's next change.
   */
  changes(touched: (row: Row) => boolean = () => true, words: (row: Row) => unknown = (row) => row): RowChanges<Row> {
    if (!this.#top) return [];
    const rows = this.rowsBelow(undefined);
    return sameIds(this.#top, rows) ? this.#changesOf(rows.filter(touched), words) : "all";
  }

  *#changesOf(rows: readonly Row[], words: (row: Row) => unknown): Generator<readonly Row[]> {
    for (const row of rows) {
      const changed: Row[] = [];
      this.#compare(row, words, changed);
      yield changed;
    }
  }

  /** A view asks anew for all that is below a row that changed, so nothing deeper is looked at there. */
  #compare(row: Row, words: (row: Row) => unknown, changed: Row[]): void {
    const shown = this.#shown.get(row.id);
    if (!shown) return;
    const differs = !saysTheSame(words(shown.now), words(row));
    shown.now = row;
    const below = shown.below && this.rowsBelow(row);
    if (differs || (shown.below && below && !sameIds(shown.below, below))) changed.push(shown.known);
    else for (const each of below ?? []) this.#compare(each, words, changed);
  }

  #show(row: Row): Row {
    const shown = this.#shown.get(row.id);
    if (shown) shown.now = row;
    else this.#shown.set(row.id, { known: row, now: row, below: undefined });
    return shown?.known ?? row;
  }

  #forget(ids: readonly string[] | undefined, kept: ReadonlySet<string>): void {
    for (const id of ids ?? []) {
      if (kept.has(id)) continue;
      const below = this.#shown.get(id)?.below;
      this.#shown.delete(id);
      this.#forget(below, new Set());
    }
  }
}

function sameIds(ids: readonly string[], rows: readonly IdentifiedRow[]): boolean {
  return ids.length === rows.length && ids.every((id, index) => id === rows[index]?.id);
}

function saysTheSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  const [left, right] = [one, other] as readonly Readonly<Record<string, unknown>>[];
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => saysTheSame(left?.[key], right?.[key]));
}
