import { type FSWatcher, watch } from "node:fs";
import { dirname } from "node:path";
import type { Disposable } from "../../core/base/lifecycle";
import type { Clock } from "../../core/ports/machine";

/** An editor that saves a file makes several changes of it. */
const togetherMs = 50;

/**
 * Tells of changes in a folder that may not exist yet: then the nearest folder above it is watched until it does.
 */
export class FolderWatch implements Disposable {
  #watcher: FSWatcher | undefined;
  /** What is watched: the folder, or one above it. */
  #place = "";
  #soon: Disposable | undefined;

  constructor(
    private readonly folder: string,
    private readonly clock: Pick<Clock, "after">,
    private readonly changed: () => void,
  ) {
    this.#begin();
  }

  dispose(): void {
    this.#soon?.dispose();
    this.#watcher?.close();
  }

  #begin(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    for (let place = this.folder; ; place = dirname(place)) {
      try {
        this.#watcher = watch(place, { persistent: false }, () => this.#heard());
        this.#watcher.on("error", () => this.#heard());
        this.#place = place;
        return;
      } catch {
        if (place === dirname(place)) return;
      }
    }
  }

  #heard(): void {
    this.#soon?.dispose();
    this.#soon = this.clock.after(togetherMs, () => {
      const before = this.#place;
      // Also the folder itself may be another one of its name by now.
      this.#begin();
      if (before === this.folder || this.#place === this.folder) this.changed();
    });
  }
}
