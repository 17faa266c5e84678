import { type FSWatcher, watch } from "node:fs";
import { dirname } from "node:path";
import { findProcess } from "../adapters/machine/processFacts";
import { fileIdentity, readDiscovery, removeDiscovery, removeFile } from "./launchDiscovery";
import { ensurePrivateDirectory, fallbackPlace, type ServerPlace } from "./launchPlaces";

/** What the file system tells comes at once; what it does not tell is seen within this time. */
const lookMs = 5_000;
/** A folder that is emptied loses its files one by one. */
const settleMs = 50;

export interface PresenceOptions {
  /** Where the server was told to be. */
  readonly place: ServerPlace;
  readonly serverId: string;
  /** Listens on the socket at that path, and no longer on the one before. Rejects when that is not possible. */
  readonly listen: (socket: string) => Promise<void>;
  /** Writes the discovery file there. */
  readonly publish: (place: ServerPlace) => Promise<void>;
  /** For the server's log. */
  readonly say: (text: string) => void;
}

/**
 * Keeps the server where others look for it. A logout, a cleaner of temporary files or a person may empty the folder
 * of its socket and discovery file: the sessions live on, and nobody could reach them. Then both are made anew, and
 * where the folder cannot be made, at the fallback until it can.
 */
export class Presence {
  #place: ServerPlace;
  #identity: string | undefined;
  #watchers: readonly FSWatcher[] = [];
  #looking: Promise<void> | undefined;
  #again = false;
  #closed = false;
  #said = "";

  constructor(private readonly options: PresenceOptions) {
    this.#place = options.place;
  }

  /** Listens and publishes for the first time. Throws what listening throws. */
  async start(): Promise<void> {
    await this.#settle(this.options.place);
    setInterval(() => this.look(), lookMs).unref();
  }

  /** Looks whether others still find the server, and puts right what is not. */
  look(): void {
    if (this.#closed) return;
    if (this.#looking) {
      this.#again = true;
      return;
    }
    this.#again = false;
    this.#looking = this.#putRight()
      .catch((error: unknown) => this.#sayOnce(error instanceof Error ? error.message : String(error)))
      .finally(() => {
        this.#looking = undefined;
        if (this.#again) this.look();
      });
  }

  /** Takes socket and discovery file away, unless they are another server's. */
  close(): void {
    this.#closed = true;
    for (const watcher of this.#watchers) watcher.close();
    removeDiscovery(this.#place.runtime, this.options.serverId);
    removeFile(this.#place.socket, this.#identity);
  }

  async #putRight(): Promise<void> {
    const { place } = this.options;
    const here = this.#isHere();
    if (here && this.#place.runtime === place.runtime) return;
    try {
      await this.#settle(place);
    } catch (error) {
      if (here) return;
      const moved = await this.#settle(fallbackPlace(place.runtime)).then(
        () => true,
        () => false,
      );
      if (!moved) throw error;
    }
  }

  #isHere(): boolean {
    const { runtime, socket } = this.#place;
    return (
      this.#identity !== undefined &&
      fileIdentity(socket) === this.#identity &&
      readDiscovery(runtime)?.server_id === this.options.serverId
    );
  }

  async #settle(place: ServerPlace): Promise<void> {
    ensurePrivateDirectory(place.runtime);
    ensurePrivateDirectory(dirname(place.socket));
    await this.#requireFree(place);
    const before = this.#place;
    if (this.#identity === undefined || fileIdentity(place.socket) !== this.#identity) {
      await this.options.listen(place.socket);
      this.#identity = fileIdentity(place.socket);
    }
    if (this.#closed) {
      removeFile(place.socket, this.#identity);
      return;
    }
    await this.options.publish(place);
    this.#place = place;
    if (before.runtime !== place.runtime) removeDiscovery(before.runtime, this.options.serverId);
    this.#watch(place);
    this.#said = "";
  }

  /** Another server that lives there keeps its place. */
  async #requireFree({ runtime }: ServerPlace): Promise<void> {
    const record = readDiscovery(runtime);
    if (!record || record.server_id === this.options.serverId || record.pid === process.pid) return;
    if ((await findProcess(record)) !== "gone")
      throw new Error(`Another session server, process ${record.pid}, is at ${runtime}.`);
  }

  /** A folder that is deleted and made again is another one. */
  #watch({ runtime, socket }: ServerPlace): void {
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers = [...new Set([runtime, dirname(socket)])].flatMap((folder) => {
      try {
        const watcher = watch(folder, { persistent: false }, () => setTimeout(() => this.look(), settleMs).unref());
        return [watcher.on("error", () => this.look())];
      } catch {
        // It is looked at from time to time all the same.
        return [];
      }
    });
  }

  #sayOnce(text: string): void {
    if (text === this.#said) return;
    this.#said = text;
    this.options.say(`The session server cannot be reached by others: ${text}`);
  }
}
