import { describe, expect, it } from "vitest";
import { watchServer } from "../../../src/core/session/serverWatch";
import type { LifecycleEvent, SessionServer } from "../../../src/core/ports/sessions";
import { FakeClock } from "../../support/fakeClock";

const away = "The session server at unix:/s cannot be reached; trying again. Its sessions may still be running.";
const back = "The session server at unix:/s can be reached again.";

function watched(answering = "another"): {
  clock: FakeClock;
  said: string[];
  tell: (event: LifecycleEvent) => void;
  dispose: () => void;
  listening: () => boolean;
} {
  const clock = new FakeClock();
  const said: string[] = [];
  let listener: ((event: LifecycleEvent) => void) | undefined;
  const server = {
    address: "unix:/s",
    info: () => Promise.resolve({ server_id: answering }),
    watch: (heard: (event: LifecycleEvent) => void) => {
      listener = heard;
      return { dispose: () => (listener = undefined) };
    },
  } as unknown as SessionServer;
  const watch = watchServer(server, "first", clock, {
    gone: (sentence) => said.push(sentence),
    away: (sentence) => said.push(sentence),
    back: (sentence) => said.push(sentence),
  });
  return {
    clock,
    said,
    tell: (event) => listener?.(event),
    dispose: () => watch.dispose(),
    listening: () => listener !== undefined,
  };
}

describe("watching a server", () => {
  it("waits ten seconds before it gives a server up", () => {
    const { clock, said, tell } = watched();
    tell({ type: "disconnected" });
    clock.advance(9_999);
    expect(said).toEqual([away]);
    clock.advance(1);
    expect(said).toEqual([away, "The session server at unix:/s could not be reached for 10 s."]);
  });

  it("says once that it is away, however often connections fail meanwhile, and once that it is back", () => {
    const { clock, said, tell } = watched();
    for (let round = 0; round < 3; round++) {
      tell({ type: "disconnected" });
      clock.advance(1_000);
    }
    expect(said).toEqual([away]);
    tell({ type: "connected", restarted: false });
    tell({ type: "connected", restarted: false });
    clock.advance(60_000);
    expect(said).toEqual([away, back]);
  });

  it("says nothing of a break that is mended at once", () => {
    const { clock, said, tell } = watched();
    for (let round = 0; round < 20; round++) {
      tell({ type: "disconnected" });
      clock.advance(1_900);
      tell({ type: "connected", restarted: false });
    }
    expect(said).toEqual([]);
  });

  it("forgets it when the server is back in time", () => {
    const { clock, said, tell } = watched();
    tell({ type: "disconnected" });
    clock.advance(5_000);
    tell({ type: "connected", restarted: false });
    clock.advance(60_000);
    expect(said).toEqual([away, back]);
  });

  it("says at once that a server was started anew", async () => {
    const { said, tell } = watched();
    tell({ type: "connected", restarted: true });
    await Promise.resolve();
    expect(said).toEqual(["The session server at unix:/s was restarted; its sessions are lost."]);
  });

  it("says nothing of a start before the one that it is about", async () => {
    const { said, tell } = watched("first");
    tell({ type: "connected", restarted: true });
    await Promise.resolve();
    expect(said).toEqual([]);
  });

  it("leaves no timer and no listener", () => {
    const { clock, said, tell, dispose, listening } = watched();
    tell({ type: "disconnected" });
    dispose();
    clock.advance(60_000);
    expect(said).toEqual([]);
    expect(listening()).toBe(false);
  });
});
