import type { Memento } from "vscode";
import { ActivityOrder } from "./activityOrder";
import { ExpandedRows } from "./expandedRows";
import { TreeFilter } from "./treeFilter";

/** How a person wants the views. */
export interface KeptChoices {
  readonly expanded: ExpandedRows;
  readonly filter: TreeFilter;
  readonly order: ActivityOrder;
}

/** As the workspace's memory has them. `failed`: one could not be kept. */
export function keptChoices(memory: Memento, failed: (error: unknown) => void): KeptChoices {
  return {
    expanded: new ExpandedRows(memory, failed),
    filter: new TreeFilter(memory, failed),
    order: new ActivityOrder(memory),
  };
}
