import { kill } from "../../core/acts/kill";
import { applyEntry } from "../../core/model/projectState";
import type { SessionContext } from "../../core/model/session";
import { foreignContext } from "../../core/session/foreignContext";
import { sessionState } from "../../core/session/sessionState";
import { confirm } from "../confirm";
import type { Container } from "../container";
import { type ExitCode, exitCode } from "../../protocol/exitCodes";
import { findSession } from "../sessionLookup";

export interface KillOptions {
  readonly yes?: boolean;
}

/** Ends a session; what runs there ends with it. */
export async function killSession(container: Container, query: string, options: KillOptions): Promise<ExitCode> {
  const { output, interrupts, actor } = container;
  const found = await findSession(container, query);
  const owner = found.recorded?.owner;
  const result = await kill(found, {
    actor,
    insideSession: await container.insideSession,
    record: owner?.ledger,
    confirm: ({ session_name, reason }) =>
      options.yes
        ? Promise.resolve(true)
        : confirm(
            output,
            {
              question: `End ${session_name} and what runs in it? ${reason}`.trim(),
              why: "kill asks before it ends a session",
              otherwise: `${reason} Use --yes to kill ${session_name} without being asked.`.trim(),
            },
            interrupts.signal,
          ),
  });
  await owner?.ledger.close();
  if (result.how === "declined") {
    output.progress(`${found.name} was not ended.`);
    return exitCode.needsPerson;
  }
  const { state } = sessionState({ end: { lost: false, exit_code: null } });
  let context: SessionContext = {
    ...foreignContext(found.chosen, found.info, container.clock.now()),
    state,
    last_signal: result.said,
  };
  if (owner && result.entry) {
    applyEntry(owner.state, result.entry);
    context = owner.state.sessions.get(found.name) ?? context;
  }
  if (output.json) output.document(context);
  else output.line(`${found.name} ended.${owner ? "" : " The session did not belong to this workspace."}`);
  return exitCode.done;
}
