import { describe, expect, it } from "vitest";
import type { EntryDraft } from "../../../src/core/model/entry";
import type { TerminalMode } from "../../../src/core/ports/sessions";
import { shippedCatalog } from "../../../src/core/sense/programs/catalog";
import { senseOnce } from "../../../src/core/session/sensedTerminal";
import { inFront, minuteMs, name, scene } from "./looksScene";

describe("a session of a project that does not run, of which a person says that it does not wait", () => {
  const asks = (file: string): [string[], TerminalMode] => [
    ["$ rm -i *", `rm: remove regular file '${file}'?`],
    inFront("rm"),
  ];
  const denies = (screen: string, state: string, told = "waiting"): EntryDraft => ({
    ...{ kind: "note", actor: "human:ada", session_name: name, event: "state_wrong", state, screen, text: "ada says." },
    told: { state: told, ...(told === "waiting" ? { state_kind: "confirm" } : {}) },
  });
  async function waiting(): Promise<Awaited<ReturnType<typeof scene>> & { screen: string }> {
    const there = await scene();
    await there.typed("c1", "rm -i *");
    there.shows(...asks("a"));
    await there.clock.advanceAsync(5000);
    expect(await there.look()).toMatchObject({ state: "waiting", state_kind: "confirm" });
    const { asks: screen } = senseOnce(await there.server.screen(), { mode: inFront("rm") }, shippedCatalog);
    return { ...there, screen: screen ?? "" };
  }

  it("is what that person says at each look, and waits again at another prompt", async () => {
    const { record, clock, look, shows, screen } = await waiting();
    await record.append(denies(screen, "working"));
    expect(await look()).toMatchObject({ state: "working", last_signal: "ada says." });
    shows(...asks("a"));
    await clock.advanceAsync(minuteMs);
    expect((await look()).state).toBe("working");
    shows(...asks("b"));
    await clock.advanceAsync(minuteMs);
    expect((await look()).state).toBe("waiting");
  });

  it("waits again when the same is asked by another command", async () => {
    const { record, clock, look, shows, typed, screen } = await waiting();
    await record.append(denies(screen, "idle"));
    expect((await look()).state).toBe("idle");
    await typed("c2", "rm -i *");
    shows(...asks("a"));
    await clock.advanceAsync(5000);
    expect((await look()).state).toBe("waiting");
  });

  it("is not asked about by a run that found no end of its command, until that is taken back", async () => {
    const { record, look, screen } = await waiting();
    await record.append(denies(screen, "idle"));
    await record.append({
      ...{
        kind: "result",
        actor: "engine",
        session_name: name,
        command_id: "c1",
        outcome: "unknown",
        text: "Unknown.",
      },
    });
    expect((await look()).state).toBe("idle");
    await record.append({ ...denies(screen, "waiting", "idle"), state_kind: "confirm" });
    expect(await look()).toMatchObject({ state: "waiting", state_kind: "confirm" });
    expect(record.state.sessions.get(name)?.denied).toBeUndefined();
  });

  it.each([
    ["waiting", "question"],
    ["working", "server"],
  ])("is %s by a person's word, whatever was said, until its screen shows something else", async (state, kind) => {
    const { record, clock, look, shows, typed, server } = await scene();
    await typed("c1", "deploy");
    shows(["$ deploy", "Everything is up"], inFront("deploy"));
    await clock.advanceAsync(5000);
    const told = await look();
    const { shows: fingerprint } = senseOnce(
      await server.screen(),
      { mode: inFront("deploy"), denied: true },
      shippedCatalog,
    );
    const { screen: _, ...draft } = denies("", state, told.state);
    await record.append({ ...draft, state_kind: kind, shows: fingerprint ?? "" });
    expect(record.state.sessions.get(name)).toMatchObject({ state, state_kind: kind });
    expect(await look()).toMatchObject({ state, state_kind: kind, last_signal: "ada says." });
    shows(["$ deploy", "Everything is up"], inFront("deploy"));
    await clock.advanceAsync(minuteMs);
    expect((await look()).state).toBe(state);
    shows(["$ deploy", "Everything is up", "Cleaning"], inFront("deploy"));
    await clock.advanceAsync(minuteMs);
    expect(await look()).toMatchObject({ state: told.state });
    expect((await look()).state_kind).not.toBe(kind);
  });
});
