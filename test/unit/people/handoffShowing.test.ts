import { describe, expect, it } from "vitest";
import type { CommandReport, CommandRequest } from "../../../src/core/command/commandRunner";
import type { ContextEntry, EntryDraft } from "../../../src/core/model/entry";
import { type ErrorCode, OrchestratorError } from "../../../src/core/model/errors";
import { applyEntry, emptyProjectState } from "../../../src/core/model/projectState";
import type { Outcome } from "../../../src/core/model/entryKinds";
import type { SessionMode } from "../../../src/core/model/states";
import { showHandoff } from "../../../src/core/people/handoffShowing";
import type { OpenRecord } from "../../../src/core/record/projectRecord";
import { nothingToDo } from "../../../src/core/model/remedy";

/** A receiver whose shell takes what is typed, or does not, as `outcome` says. */
function receiver(
  mode: SessionMode,
  outcome: Outcome | ErrorCode,
): {
  readonly typed: string[];
  readonly entries: ContextEntry[];
  readonly show: () => Promise<string>;
  readonly undelivered: () => number;
  readonly shown: Set<string>;
} {
  const state = emptyProjectState();
  const entries: ContextEntry[] = [];
  const typed: string[] = [];
  const append = (draft: EntryDraft): Promise<ContextEntry> => {
    const entry = { ...draft, id: `E${entries.length}`, project_id: "a", ts: "" } as ContextEntry;
    entries.push(entry);
    applyEntry(state, entry);
    return Promise.resolve(entry);
  };
  const run = (request: CommandRequest): Promise<CommandReport> => {
    if (["session_busy", "draft_on_line", "server_unreachable"].includes(outcome))
      return Promise.reject(new OrchestratorError(outcome as ErrorCode, "It failed.", nothingToDo));
    typed.push(request.text);
    return Promise.resolve({ outcome, recorded: Promise.resolve() } as CommandReport);
  };
  void append({
    kind: "handoff",
    actor: "human:me",
    session_name: "proj-a::left::1",
    text: "mind the gap",
    to: "right",
  });
  const record = { state, append } as unknown as OpenRecord;
  return {
    typed,
    entries,
    shown: state.shown,
    undelivered: () => state.undelivered.size,
    show: () =>
      showHandoff(record, { run }, entries[0] as ContextEntry, {
        session: { identity: { name: "proj-a::right::1" } } as unknown as CommandRequest["session"],
        mode,
        role: "right",
        cwd: "/",
        actor: "engine",
      }),
  };
}

const deliveries = (entries: readonly ContextEntry[]): unknown[] =>
  entries.filter(({ kind }) => kind === "delivery").map(({ event, text }) => [event, text]);

describe("a hand-over note", () => {
  it.each<SessionMode>(["marks", "sentinel"])(
    "is delivered once it stands on the screen of a shell with %s",
    async (mode) => {
      const { show, typed, entries, undelivered } = receiver(mode, "exited");
      expect(await show()).toBe("shown");
      expect(typed).toEqual([expect.stringContaining("'Handoff note from left::1: mind the gap'")]);
      expect(deliveries(entries)).toEqual([["delivered", "right::1 received the handoff note from left::1."]]);
      expect(undelivered()).toBe(0);
    },
  );

  it("is never shown to a program, which would take it for its input, and not delivered", async () => {
    const { show, typed, entries, undelivered } = receiver("program", "exited");
    expect(await show()).toBe("cannot_be_shown");
    expect([typed, deliveries(entries), undelivered()]).toEqual([[], [], 1]);
  });

  it.each<Outcome | ErrorCode>(["session_busy", "draft_on_line", "not_sent", "rejected", "unknown"])(
    "waits for the next task after %s",
    async (outcome) => {
      const { show, entries, undelivered } = receiver("marks", outcome);
      expect(await show()).toBe("not_now");
      expect([deliveries(entries), undelivered()]).toEqual([[], 1]);
    },
  );

  it("that an earlier run has shown is not typed again, but delivered", async () => {
    const { show, shown, typed, entries } = receiver("marks", "exited");
    shown.add("E0");
    expect(await show()).toBe("shown");
    expect([typed, deliveries(entries)]).toEqual([[], [expect.arrayContaining(["delivered"])]]);
  });

  it("throws what is no matter of this session", async () => {
    await expect(receiver("marks", "server_unreachable").show()).rejects.toMatchObject({ code: "server_unreachable" });
  });
});
