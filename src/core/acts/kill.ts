import { actorName } from "../model/actorName";
import type { ContextEntry } from "../model/entry";
import { shortSession } from "../model/names";
import type { Ledger } from "../ports/ledger";
import type { ReachedSession } from "../session/reachedSession";
import { type ConfirmingWorld, confirmed } from "./confirming";

export interface KillWorld extends ConfirmingWorld {
  readonly actor: string;
  /** The record that knows the session; undefined for one that is not this workspace's. */
  readonly record: Pick<Ledger, "append"> | undefined;
}

export type KillResult =
  | { readonly how: "declined" }
  /** `entry`: what the record has of it; undefined for a session without one. `said`: the same for people. */
  | { readonly how: "ended"; readonly entry: ContextEntry | undefined; readonly said: string };

/**
 * Ends a session, and what runs there with it; the record says who did. Throws what `confirm` and the server throw, and
 * what writing throws once the session is gone.
 */
export async function kill(
  { name, wire, chosen, context }: Pick<ReachedSession, "name" | "wire" | "chosen" | "context">,
  world: KillWorld,
): Promise<KillResult> {
  const { actor, record } = world;
  const reason = context === undefined ? "The session does not belong to this workspace." : "";
  if (!(await confirmed(world, { act: "kill", session_name: name, reason, destructive: true })))
    return { how: "declined" };
  // Another session may be made under this name before the end is written.
  const k = context?.k;
  await chosen.server.kill(wire);
  const said = `${actorName(actor)} killed ${shortSession(name)}.`;
  const entry = await record?.append(
    {
      kind: "session",
      actor,
      session_name: name,
      event: "ended",
      state: "exited",
      text: said,
      ...(k === undefined ? {} : { k }),
    },
    "synced",
  );
  return { how: "ended", entry, said };
}
