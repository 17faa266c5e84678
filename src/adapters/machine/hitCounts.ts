import type { Hit, HitFile, HitFiles, HitRecord } from "../../core/ports/targets";

/** Names that are kept for people; the rest is counted. */
const mostNames = 5;

interface Counted {
  files: number;
  folders: number;
  readonly names: string[];
  count: number;
}

/** Adds up what a look finds. */
export class HitCounts {
  /** Something was not looked at. */
  isPart = false;
  readonly #effects = new Map<HitFiles["effect"], Counted>();
  readonly #records: HitRecord[] = [];
  readonly #overwritten: HitFile[] = [];
  #overwrites = 0;
  #changes: readonly string[] = [];
  #stashes = { lost: 0, of: 0 };

  /** One of those that a command names or finds. */
  named(effect: HitFiles["effect"], name: string, isFolder: boolean): void {
    this.add(effect, isFolder);
    const counted = this.#of(effect);
    counted.count++;
    if (counted.names.length < mostNames) counted.names.push(isFolder ? `${name}/` : name);
  }

  /** Something that goes with it. */
  add(effect: HitFiles["effect"], isFolder: boolean): void {
    const counted = this.#of(effect);
    if (isFolder) counted.folders++;
    else counted.files++;
  }

  record(record: HitRecord): void {
    const same = this.#records.findIndex(
      ({ effect, workspace }) => effect === record.effect && workspace === record.workspace,
    );
    const before = this.#records[same];
    if (!before) this.#records.push(record);
    else
      this.#records[same] = {
        ...before,
        isWhole: before.isWhole || record.isWhole,
        project_ids: [...new Set([...before.project_ids, ...record.project_ids])].sort(),
      };
  }

  overwrite(file: HitFile): void {
    this.#overwrites++;
    if (this.#overwritten.length < mostNames) this.#overwritten.push(file);
  }

  changed(names: readonly string[]): void {
    this.#changes = [...new Set([...this.#changes, ...names])];
  }

  stashed(which: "all" | "one", of: number): void {
    this.#stashes = { lost: Math.min(of, which === "all" ? of : this.#stashes.lost + 1), of };
  }

  /** Undefined where nothing is hit. */
  hit(): Hit | undefined {
    const files = [...this.#effects].map(([effect, counted]) => ({ effect, ...counted, isAll: !this.isPart }));
    const records = [...this.#records];
    const changes = { names: this.#changes.slice(0, mostNames), count: this.#changes.length };
    const overwritten = { files: [...this.#overwritten], count: this.#overwrites };
    const isHit = files.length + records.length + changes.count + overwritten.count + this.#stashes.lost > 0;
    return isHit ? { records, files, overwritten, changes, stashes: this.#stashes } : undefined;
  }

  #of(effect: HitFiles["effect"]): Counted {
    const counted = this.#effects.get(effect) ?? { files: 0, folders: 0, names: [], count: 0 };
    this.#effects.set(effect, counted);
    return counted;
  }
}
