import { dependentsOf, firstCause } from "../model/dependents";
import type { Plan, PlanTask } from "../model/plan";
import type { TaskState } from "../model/states";

export interface StoppedTask {
  readonly task: PlanTask;
  readonly state: "blocked" | "skipped";
  /** What stops it: of needs that are stopped themselves, the one where that began. */
  readonly cause: string;
}

/** What does not get done by waiting for it. */
const dead: readonly TaskState[] = ["failed", "blocked", "skipped", "unknown", "cancelled"];

interface Place {
  readonly task: PlanTask;
  readonly index: number;
  /** By its own state and by what it needs. */
  state: TaskState;
  /** Needs that are not done. */
  missing: number;
  /** Of these, the ones that will not be done. */
  dead: number;
}

/**
 * Which tasks may begin, and which cannot because something that they need will not be done. Follows the states of the
 * tasks, whose owner says which have changed; that costs as much as they and what needs them directly, however long
 * the plan is.
 */
export class Schedule {
  readonly #places = new Map<string, Place>();
  readonly #ready = new Set<Place>();
  /** Places whose tasks became ready or stopped, or were touched in such a state, and were not taken since. */
  readonly #unseenReady = new Set<Place>();
  readonly #unseenStopped = new Set<Place>();

  constructor(
    private readonly plan: Plan,
    /** The state of a task by itself, without what it needs. */
    private readonly ownState: (task: PlanTask) => TaskState,
  ) {
    for (const [index, task] of plan.tasks.entries())
      this.#places.set(task.id, { task, index, state: "pending", missing: task.needs.length, dead: 0 });
    for (const task of plan.tasks) this.touch(task.id);
  }

  /** The state of that task may be another one than it was. */
  touch(id: string): void {
    const touched = this.#places.get(id);
    if (!touched) return;
    const queue = new Set([touched]);
    for (const place of queue) {
      queue.delete(place);
      const before = place.state;
      place.state = this.#stateOf(place);
      const isReady = place.state === "pending" && place.missing === 0;
      if (isReady) this.#ready.add(place);
      else this.#ready.delete(place);
      if (isReady) this.#unseenReady.add(place);
      if (place.dead > 0) this.#unseenStopped.add(place);
      if (place.state !== before) for (const behind of this.#tell(place, before)) queue.add(behind);
    }
  }

  /** By itself and by what it needs; undefined for a task that the plan does not have. */
  stateOf(id: string): TaskState | undefined {
    return this.#places.get(id)?.state;
  }

  /** Tasks whose needs are all done and that have not begun. */
  get ready(): PlanTask[] {
    return inOrder(this.#ready).map(({ task }) => task);
  }

  /** Those of them that were not taken since they became so or were touched, in the plan's order. */
  takeReady(): PlanTask[] {
    const ready = inOrder(this.#unseenReady).filter((place) => this.#ready.has(place));
    this.#unseenReady.clear();
    return ready.map(({ task }) => task);
  }

  isReady(task: PlanTask): boolean {
    const place = this.#places.get(task.id);
    return place !== undefined && this.#ready.has(place);
  }

  /** Pending tasks that cannot begin, the direct ones and all behind them, as `takeReady`. */
  takeStopped(): StoppedTask[] {
    const causes = new Map<string, string>();
    const stopped = inOrder(this.#unseenStopped).flatMap((place) => {
      const state = this.#stoppedState(place);
      if (!state) return [];
      return [{ task: place.task, state, cause: firstCause(place.task.id, (id) => this.#deadNeed(id), causes) }];
    });
    this.#unseenStopped.clear();
    return stopped;
  }

  #stateOf(place: Place): TaskState {
    return this.#stoppedState(place) ?? this.ownState(place.task);
  }

  /** The first need that will not be done decides. */
  #stoppedState({ task, dead: count }: Place): StoppedTask["state"] | undefined {
    if (count === 0 || this.ownState(task) !== "pending") return undefined;
    const need = this.#deadNeed(task.id);
    return need === undefined ? undefined : this.stateOf(need) === "skipped" ? "skipped" : "blocked";
  }

  /** Of what a task needs, the first that will not be done. */
  #deadNeed(id: string): string | undefined {
    const place = this.#places.get(id);
    if (!place || place.dead === 0) return undefined;
    return place.task.needs.find((need) => dead.includes(this.stateOf(need) ?? "pending"));
  }

  /** Counts for those behind it; gives the ones that have to be looked at for it. */
  #tell({ task, state }: Place, before: TaskState): Place[] {
    const missing = Number(state !== "succeeded") - Number(before !== "succeeded");
    const dying = Number(dead.includes(state)) - Number(dead.includes(before));
    return dependentsOf(this.plan, task.id).flatMap((dependent) => {
      const behind = this.#places.get(dependent.id);
      if (!behind) return [];
      behind.missing += missing;
      behind.dead += dying;
      return behind.dead > 0 || dying !== 0 || behind.missing === 0 || missing > 0 ? [behind] : [];
    });
  }
}

function inOrder(places: Iterable<Place>): Place[] {
  return [...places].sort((one, other) => one.index - other.index);
}

/** Milliseconds before try `attempt + 1`: doubles with each try, at most five minutes. */
export function backoffBefore(attempt: number, base_ms: number): number {
  return Math.min(base_ms * 2 ** (attempt - 1), 5 * 60_000);
}
