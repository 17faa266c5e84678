import { describe, expect, it } from "vitest";
import { typeKeys } from "../../../src/core/acts/personsActs";
import type { EntryDraft } from "../../../src/core/model/entry";
import { type ErrorCode, OrchestratorError } from "../../../src/core/model/errors";
import type { OpenRecord } from "../../../src/core/record/projectRecord";

const keys = { session_name: "proj-a::shell::1", wire: "proj-a.shell.1", text: "make", actor: "human:me" };

async function typed(enter: boolean, code?: ErrorCode): Promise<{ drafts: EntryDraft[]; error: unknown }> {
  const drafts: EntryDraft[] = [];
  const append = ((draft: EntryDraft) => {
    drafts.push(draft);
    return Promise.resolve(draft);
  }) as unknown as OpenRecord["append"];
  const sendInput = (): Promise<void> =>
    code === undefined ? Promise.resolve() : Promise.reject(new OrchestratorError(code, "It failed.", ""));
  const error: unknown = await typeKeys(
    { append },
    { sendInput },
    { next: () => "C1", secret: () => "" },
    { ...keys, enter },
  ).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { drafts, error };
}

describe("keys that a person sends", () => {
  it.each<[ErrorCode, string]>([
    ["input_not_sent", "not_sent"],
    ["server_unreachable", "not_sent"],
    ["input_unconfirmed", "unknown"],
  ])("have a result when they fail with %s", async (code, outcome) => {
    const { drafts, error } = await typed(true, code);
    expect(error).toMatchObject({ code });
    expect(drafts.map((draft) => [draft.kind, draft.command_id, draft.outcome])).toEqual([
      ["command", "C1", undefined],
      ["result", "C1", outcome],
    ]);
  });

  it("have a result when they were typed", async () => {
    const { drafts, error } = await typed(true);
    expect(error).toBeUndefined();
    expect(drafts.map((draft) => [draft.kind, draft.outcome])).toEqual([
      ["command", undefined],
      ["result", "unknown"],
    ]);
  });

  it("are a note without Enter, and no command that could seem to run", async () => {
    const { drafts, error } = await typed(false, "input_not_sent");
    expect(error).toMatchObject({ code: "input_not_sent" });
    expect(drafts.map((draft) => draft.kind)).toEqual(["note"]);
  });
});
