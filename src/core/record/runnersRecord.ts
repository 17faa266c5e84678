import { Sequencer } from "../base/async";
import type { OpenRecord } from "./projectRecord";

/**
 * The record of one runner: before each append `check` is asked, which rejects once another process runs the project, and each
 * entry carries the runner's generation, so that readers can tell what a runner wrote that had lost its place without
 * knowing it yet.
 */
export function runnersRecord(
  record: OpenRecord,
  check: () => Promise<void>,
  generation: () => number | undefined,
): OpenRecord {
  const checks = new Sequencer();
  return {
    ledger: record.ledger,
    state: record.state,
    onEntry: record.onEntry,
    onLost: record.onLost,
    catchUp: () => record.catchUp(),
    get place() {
      return record.place;
    },
    // One after the other, so that what is appended first also comes first.
    append: async (draft, durability) => {
      await checks.run(check);
      return record.append({ ...draft, generation: generation() }, durability);
    },
  };
}
