import { randomUUID } from "node:crypto";
import type { JsonSocket } from "./jsonSocket";
import { programVersion } from "./launchCopy";
import type { SessionRegistry } from "./sessionRegistry";

/** Server-level sockets, as many as wsh allows. */
const maxServerSockets = 256;

/** What belongs to the server as a whole. */
export class ServerState {
  /** Changes with every start. */
  readonly serverId = randomUUID();
  readonly version = programVersion(__filename);
  readonly sessions: SessionRegistry;
  /** Whether the server stays when there is nothing to do. */
  persistent: boolean;
  readonly #sockets = new Set<JsonSocket>();

  constructor(sessions: SessionRegistry, persistent: boolean) {
    this.sessions = sessions;
    this.persistent = persistent;
  }

  hasRoomForSocket(): boolean {
    return this.#sockets.size < maxServerSockets;
  }

  socketOpened(socket: JsonSocket): void {
    this.#sockets.add(socket);
  }

  socketClosed(socket: JsonSocket): void {
    this.#sockets.delete(socket);
  }

  closeSockets(): void {
    for (const socket of this.#sockets) socket.finish();
  }
}
