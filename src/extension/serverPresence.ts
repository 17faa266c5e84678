import { workspace } from "vscode";
import type { Disposable } from "../core/base/lifecycle";
import { messageOf } from "../core/model/errors";
import { setContextKey } from "./contextKeyState";
import type { HostWorld } from "./hostWorld";

/** A server that was missed is looked for again this soon. */
const againMs = 3000;

/** Whether sessions have a server, for the empty view; no server is asked while the view is hidden. */
export class ServerPresence implements Disposable {
  #again: Disposable | undefined;
  /** Looks in a row that met no server. */
  #misses = 0;

  constructor(
    private readonly world: HostWorld,
    private readonly isSeen: () => boolean,
  ) {}

  look(): void {
    if (!workspace.isTrusted || !this.isSeen()) return;
    this.world.hasServer().then(
      (has) => {
        this.#again?.dispose();
        this.#misses = has ? 0 : this.#misses + 1;
        // A busy machine may answer late once.
        setContextKey("noServer", this.#misses >= 2);
        if (!has) this.#again = this.world.clock.after(againMs, () => this.look());
      },
      (error: unknown) => this.world.logger.warn(messageOf(error)),
    );
  }

  dispose(): void {
    this.#again?.dispose();
  }
}
