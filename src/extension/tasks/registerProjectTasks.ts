import { type Disposable, DisposableStore } from "../../core/base/lifecycle";
import type { WorkspaceRecords } from "../../viewing/workspaceRecords";
import type { DoProject } from "../commands/doProject";
import type { HostWorld } from "../hostWorld";
import { projectTaskType } from "../identifiers";
import { once } from "../once";
import type { WindowRuns } from "../running/windowRuns";
import { registerTasks } from "../shownTasks";

/** Nothing is loaded before VS Code wants a task of ours. */
export function registerProjectTasks(
  world: HostWorld,
  records: WorkspaceRecords,
  windowRuns: WindowRuns,
  doProject: () => Promise<DoProject>,
): Disposable {
  const store = new DisposableStore();
  const tasks = once(async () =>
    store.add(new (await import("./projectTasks")).ProjectTasks(world, records, windowRuns, doProject)),
  );
  store.add(registerTasks(projectTaskType, tasks));
  return store;
}
