import { describe, expect, it } from "vitest";
import { seeSession } from "../../../src/core/acts/seeSession";
import type { EntryDraft } from "../../../src/core/model/entry";
import type { Lease } from "../../../src/core/record/lease";
import { RequestListener } from "../../../src/core/run/requestListener";
import { FakeClock } from "../../support/fakeClock";
import { MemoryRecord } from "../../support/memoryRecord";

const name = "proj-alpha::worker::1";
const session = { actor: "engine", session_name: name, role: "worker" } as const;

function listened(): { record: MemoryRecord; seen: string[]; append: (draft: EntryDraft) => Promise<unknown> } {
  const record = new MemoryRecord(new FakeClock());
  const seen: string[] = [];
  const ignore = (): void => undefined;
  new RequestListener(record.open, { held: true, generation: 1 } as unknown as Lease, "here", {
    stop: ignore,
    handOver: ignore,
    restart: ignore,
    lost: ignore,
    seen: (each) => seen.push(each),
  });
  return { record, seen, append: (draft) => record.append(draft) };
}

describe("whoever runs a project hears that a person looked at a session", () => {
  it("from whoever has it in front of them, once", async () => {
    const { record, seen, append } = listened();
    await append({ ...session, kind: "session", event: "started", state: "idle", k: "k", text: "Started." });
    await seeSession(record.open, { actor: "human:test" }, name);
    expect(seen).toEqual([]);
    await append({ ...session, kind: "state", event: "sensed", state: "done_unseen", text: "Done." });
    await seeSession(record.open, { actor: "human:test" }, name);
    await seeSession(record.open, { actor: "human:test" }, name);
    expect(seen).toEqual([name]);
  });

  it("from an answer to what was asked there, and from nothing else that is written of it", async () => {
    const { seen, append } = listened();
    await append({ ...session, kind: "error", text: "It failed.", human_attention_needed: true });
    await append({ ...session, kind: "state", event: "sensed", state: "working", text: "It works." });
    expect(seen).toEqual([]);
    await append({ kind: "answer", actor: "human:test", session_name: name, text: "yes" });
    await append({ kind: "answer", actor: "human:test", session_name: null, text: "yes" });
    expect(seen).toEqual([name]);
  });
});
