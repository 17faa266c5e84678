import { endedNote } from "../../core/acts/personsActs";
import { applyEntry } from "../../core/model/projectState";
import type { Container } from "../container";
import { confirm } from "../confirm";
import { type ExitCode, exitCode } from "../exitCodes";
import { foreignContext } from "../../core/session/foreignContext";
import { findSession } from "../sessionLookup";

export interface KillOptions {
  readonly yes?: boolean;
}

/** Ends a session; what runs there ends with it. */
export async function killSession(container: Container, query: string, options: KillOptions): Promise<ExitCode> {
  const { output, interrupts } = container;
  const found = await findSession(container, query);
  const stranger = found.recorded ? "" : " It is not a session of this workspace.";
  if (
    !options.yes &&
    !(await confirm(output, `End ${found.name} and what runs there?${stranger}`, interrupts.signal))
  ) {
    output.progress("Nothing was ended.");
    return exitCode.needsPerson;
  }
  await found.chosen.server.kill(found.wire);
  const ended = endedNote(found.name, container.actor);
  let context = {
    ...foreignContext(found.chosen, found.info, container.clock.now()),
    state: "exited",
    last_signal: ended.text,
  };
  if (found.recorded) {
    const { owner } = found.recorded;
    const entry = await owner.ledger.append(ended, "synced");
    await owner.ledger.close();
    applyEntry(owner.state, entry);
    context = owner.state.sessions.get(found.name) ?? context;
  }
  if (output.json) output.document(context);
  else output.line(`${found.name} has ended.${stranger === "" ? "" : " It was not a session of this workspace."}`);
  return exitCode.done;
}
