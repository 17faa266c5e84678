import { expect, it } from "vitest";
import type { CommandRunner } from "../../../src/core/command/commandRunner";
import type { PromptStanding } from "../../../src/core/command/promptStanding";
import type { ContextEntry, EntryDraft } from "../../../src/core/model/entry";
import type { OpenRecord } from "../../../src/core/record/projectRecord";
import { LeftPrompts } from "../../../src/core/run/leftPrompts";
import { agentCatalog } from "../../../src/core/session/agentCatalog";
import type { OpenSession } from "../../../src/core/session/openSession";
import type { SensedStates } from "../../../src/core/session/sensedStates";
import { entryOf } from "../../support/entries";
import { fakeAgentCatalog } from "../../support/fakeAgents";

const session_name = "proj-alpha::coder::1";
const sent = {
  ...entryOf({ kind: "command", session_name, command_id: "c", task_id: "mend", input: "Mend it.", generation: 3 }),
  id: "sent",
};
const sensed = (state: EntryDraft["state"], generation = 3, of = session_name): ContextEntry =>
  entryOf({ kind: "state", session_name: of, event: "sensed", generation, ...(state === undefined ? {} : { state }) });

/** What is said of a prompt whose screen shows `standing`, where the record has `behind` it. */
async function endOf(standing: PromptStanding["is"], before: ContextEntry[], behind: ContextEntry[]): Promise<unknown> {
  const record = { ledger: { last: () => Promise.resolve([...before, sent, ...behind]) } } as unknown as OpenRecord;
  const runner = {
    standing: () => Promise.resolve({ is: standing, ...(standing === "unknown" ? { why: "nobody knows" } : {}) }),
  } as unknown as CommandRunner;
  const states = {} as SensedStates;
  const session = { name: session_name, role: { agent: { use: "codex" } } } as OpenSession;
  const left = new LeftPrompts(record, runner, { states, agents: agentCatalog(), catalog: fakeAgentCatalog });
  return (await left.end(session, sent, undefined, undefined))?.outcome;
}

it("a prompt at which its agent was seen to work was taken, whatever its screen shows now", async () => {
  expect(await endOf("unknown", [], [sensed("idle"), sensed("working"), sensed("done_unseen")])).toBeUndefined();
});

it("what the agent did before, what another session did and what another runner saw prove nothing", async () => {
  const others = [sensed("idle"), sensed("working", 3, "proj-alpha::coder::2"), sensed("working", 4)];
  expect(await endOf("unknown", [sensed("working")], others)).toBe("unknown");
});

it("where its screen proves that it was not typed, that counts", async () => {
  expect(await endOf("not_typed", [], [sensed("working")])).toBe("not_sent");
});
