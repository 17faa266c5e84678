import { type ContextEntry, isAskedInTerminal } from "../model/entry";
import { OrchestratorError } from "../model/errors";
import { shortSession } from "../model/names";
import type { ServerReference } from "../model/project";
import { questionsBySession } from "../model/questionSession";
import type { OpenRecord } from "../record/projectRecord";
import { Consents } from "../safety/consent";
import { isSamePrompt } from "../sense/askedPrompt";
import { senseTerminal } from "../sense/senseTerminal";
import { promptQuestion } from "../session/promptQuestion";
import { reachRecorded } from "../session/reachedSession";
import { recordedProgram } from "../session/recordedProgram";
import { promptOf, sensedState, terminalFacts } from "../session/sensedTerminal";
import type { Acting } from "./acting";
import type { AnsweredTerminals } from "./answerPrompt";

/**
 * What a session asks its person now, as a question: the one that is open, or what its program asks on its screen, which
 * nobody has noticed who runs the project. Only with a question it is known which prompt a person has seen, and so what
 * an answer is for. Throws `session_not_found` for one that is gone, and `entry_not_found` where nothing is asked.
 */
export async function askInSession(
  record: OpenRecord,
  by: Acting,
  session_name: string,
  terminals: Pick<AnsweredTerminals, "reach" | "catalog" | "workspace">,
  reference: ServerReference | undefined,
): Promise<ContextEntry> {
  const { state } = record;
  const session = shortSession(session_name);
  const look = { kind: "look_at_session", session: session_name } as const;
  const open = questionsBySession(state).get(session_name);
  if (open && !isAskedInTerminal(open)) return open;
  const context = state.sessions.get(session_name);
  const reached = context && (await reachRecorded(context, reference, terminals.reach));
  if (!reached) throw new OrchestratorError("session_not_found", `${session} is no longer there.`, look);
  const { server } = reached.chosen;
  const catalog = await terminals.catalog();
  // What comes while the screen is asked for makes this an old look, as where an answer is typed.
  const mode = await server.terminalMode(reached.wire);
  const screen = await server.screen(reached.wire, "plain");
  const facts = terminalFacts(screen, { at: by.clock.now(), ...recordedProgram(state, context), mode });
  const sensed = senseTerminal(facts, catalog);
  const prompt = promptOf(sensed, facts, catalog);
  if (!prompt) throw new OrchestratorError("entry_not_found", `${session} does not ask for anything now.`, look);
  if (open && isSamePrompt(open.screen ?? "", prompt.fingerprint)) return open;
  const { project_id } = record.ledger;
  const consents = new Consents(by.consents, by.clock, { workspace: terminals.workspace, project_id });
  const question = promptQuestion(context, sensedState(sensed, catalog), prompt, { record, consents });
  return record.append(question, "synced");
}
