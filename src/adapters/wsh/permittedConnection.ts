import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { ServerAccess } from "./serverAddress";

type Connected = (error: Error | null, socket: Duplex) => void;

/** Node's way to make a connection: told through the callback, or returned. */
export type MakeConnection<O> = (options: O, connected: Connected) => Duplex | null | undefined;

/**
 * The same once the server may be connected to: whose its place is may have changed since the last connection. Nothing
 * is connected or looked up before.
 */
export function permittedConnection<O>(
  { permit }: Pick<ServerAccess, "permit">,
  connect: MakeConnection<O>,
): MakeConnection<O> {
  if (permit === undefined) return connect;
  return (options, connected) => {
    permit().then(
      () => {
        const socket = connect(options, connected);
        if (socket) connected(null, socket);
      },
      // Node takes no socket with an error.
      (error: unknown) => connected(error as Error, undefined as unknown as Socket),
    );
    return undefined;
  };
}
