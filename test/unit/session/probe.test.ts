import { describe, expect, it } from "vitest";
import { ShellSession } from "../../../src/core/session/shellSession";
import type { SessionInfo, SessionServer } from "../../../src/core/ports/sessions";
import { systemClock } from "../../support/systemClock";

interface Size {
  readonly rows: number;
  readonly cols: number;
}

/** A server with one session that answers no probe: only its size matters. */
class SizedServer implements Pick<SessionServer, "get" | "resize"> {
  readonly sizes: Size[] = [];
  onResize: () => void = () => undefined;

  constructor(public size: Size) {}

  get(name: string): Promise<SessionInfo> {
    return Promise.resolve({
      name,
      pid: 1,
      command: "",
      clients: 0,
      tags: [],
      last_activity_ms: null,
      server: null,
      ...this.size,
    });
  }

  resize(_name: string, size: Size, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.size = size;
    this.sizes.push(size);
    this.onResize();
    return Promise.resolve();
  }

  session(): ShellSession {
    return new ShellSession(this as unknown as SessionServer, systemClock, {
      name: "s",
      wire: "s",
      key: "k",
      rows: 50,
      cols: 200,
    });
  }
}

const rowsOf = (server: SizedServer): number[] => server.sizes.map(({ rows }) => rows);

describe("a probe", () => {
  it("asks with one row more, and comes back", async () => {
    const server = new SizedServer({ rows: 50, cols: 200 });
    expect(await server.session().probe()).toBe(false);
    expect(rowsOf(server)).toEqual([51, 50]);
  });

  it("comes back to the size of a terminal that is attached", async () => {
    const server = new SizedServer({ rows: 24, cols: 80 });
    await server.session().probe();
    expect(server.sizes).toEqual([
      { rows: 25, cols: 80 },
      { rows: 24, cols: 80 },
    ]);
  });

  it("does not take the probe of another process for a size", async () => {
    const server = new SizedServer({ rows: 51, cols: 200 });
    await server.session().probe();
    expect(server.size).toEqual({ rows: 50, cols: 200 });
  });

  it("comes back when it is stopped in between", async () => {
    const server = new SizedServer({ rows: 50, cols: 200 });
    const stop = new AbortController();
    server.onResize = () => stop.abort(new Error("stopped"));
    await expect(server.session().probe(stop.signal)).rejects.toThrow("stopped");
    expect(rowsOf(server)).toEqual([51, 50]);
  });
});
