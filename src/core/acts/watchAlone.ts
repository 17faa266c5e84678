import type { Disposable } from "../base/lifecycle";
import type { SessionTyping, TypingTarget } from "../command/sessionTyping";
import { messageOf } from "../model/errors";
import type { ConsentKeeper } from "../ports/consent";
import type { Clock, Logger, Processes } from "../ports/machine";
import type { OpenRecord } from "../record/projectRecord";
import { Consents } from "../safety/consent";
import type { RuleCatalog } from "../sense/senseTerminal";
import type { OpenSession } from "../session/openSession";
import { runnerOf } from "./acting";

export interface WatchingWorld {
  readonly record: OpenRecord;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly processes: Processes;
  readonly consents: ConsentKeeper;
  /** Absolute path of the folder of the record. */
  readonly workspace: string;
  /** By which it is known what programs ask; asked for where something is waited for in a project that nobody runs. */
  readonly rules: () => Promise<RuleCatalog>;
}

/**
 * What a program asks while somebody waits for it is a question to people, also where nobody runs its project: undefined
 * where somebody does, who asks it. Never throws.
 */
export async function watchAlone(
  target: TypingTarget,
  typing: Pick<SessionTyping, "session" | "mode">,
  world: WatchingWorld,
): Promise<Disposable | undefined> {
  try {
    return await watch(target, typing, world);
  } catch (error) {
    world.logger.warn(`What the session asks cannot be noticed: ${messageOf(error)}`);
    return undefined;
  }
}

async function watch(
  { context, chosen, role }: TypingTarget,
  { session, mode }: Pick<SessionTyping, "session" | "mode">,
  { record, clock, logger, rules, consents: keeper, workspace, processes }: WatchingWorld,
): Promise<Disposable | undefined> {
  if (!context || (await runnerOf(record, { processes, runsHere: false })) !== undefined) return undefined;
  const { session_name: name } = context;
  const watched = (await role()) ?? { name: context.role, env: {}, count: 1 };
  const open: OpenSession = { name, role: watched, shell: session, mode, startedIn: undefined, busy: true };
  const consents = new Consents(keeper, clock, { workspace, project_id: record.ledger.project_id });
  const world = { server: chosen.server, clock, logger, catalog: await rules(), record, consents };
  const { SessionWatch } = await import("../session/sessionWatch");
  const noMore = (): Disposable => ({ dispose: () => undefined });
  return new SessionWatch({ sessions: [open], onTaken: noMore }, world).start();
}
