import type { Memento } from "vscode";
import { setContextKey } from "../contextKeyState";

const memoryKey = "listsActivityByTime";

/** Whether Activity groups its entries by task, or lists them by time, as a person wants it in this workspace. */
export class ActivityOrder {
  constructor(private readonly memory: Memento) {
    setContextKey("listsByTime", this.isByTime);
  }

  get isByTime(): boolean {
    return this.memory.get<unknown>(memoryKey) === true;
  }

  async setByTime(byTime: boolean): Promise<void> {
    await this.memory.update(memoryKey, byTime);
    setContextKey("listsByTime", byTime);
  }
}
