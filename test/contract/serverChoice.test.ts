import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ServerChoice, type ServerChoiceOptions } from "../../src/adapters/wsh/serverChoice";
import type { ServerReference } from "../../src/core/model/project";
import type { LifecycleEvent } from "../../src/core/ports/sessions";
import { MemoryAddresses, placesOf } from "../support/chosenAddresses";
import { BuiltinServer, endProcess, readyLine, spawnServer } from "../support/builtinServer";
import { temporaryFolder } from "../support/localAddresses";
import { silentLogger, systemClock } from "../support/systemClock";
import { until } from "../support/until";

/** A user who chose these addresses. */
function trusting(...chosen: string[]): Pick<ServerChoiceOptions, "chosen" | "owners" | "env" | "ask"> {
  return {
    chosen: new MemoryAddresses(...chosen),
    owners: placesOf("nobody"),
    env: {},
    ask: () => Promise.reject(new Error("Nobody is asked here.")),
  };
}

describe("the server of a recorded session", () => {
  let [wanted, recorded]: BuiltinServer[] = [];
  const made: ServerChoice[] = [];
  beforeAll(async () => {
    [wanted, recorded] = await Promise.all([BuiltinServer.start(), BuiltinServer.start()]);
  });
  afterAll(async () => {
    for (const choice of made) choice.close();
    await Promise.all([wanted?.stop(), recorded?.stop()]);
  });

  const address = (server: BuiltinServer | undefined): string => `unix:${server?.folder ?? ""}/s.sock`;

  function choice(
    asksFor: ServerChoiceOptions["asksFor"],
    asked: string | undefined = address(wanted),
    own: Partial<ServerChoiceOptions["launcher"]> = {},
    more: Partial<ServerChoiceOptions> = {},
  ): ServerChoice {
    const launcher = {
      published: () => Promise.resolve(undefined),
      find: () => Promise.resolve(undefined),
      hasEnded: () => Promise.resolve(false),
      start: () => Promise.reject(new Error("Nothing is started here.")),
      ...own,
    };
    const one = new ServerChoice({
      asked,
      asksFor,
      ...trusting(address(wanted), address(recorded), "unix:/nowhere/at.sock"),
      tokens: { tokenFor: () => Promise.resolve(undefined), isWithheld: () => Promise.resolve(false) },
      certificates: undefined,
      clock: systemClock,
      logger: silentLogger,
      launcher,
      ...more,
    });
    made.push(one);
    return one;
  }

  async function reference(server: BuiltinServer | undefined): Promise<ServerReference> {
    const { info } = await choice("now", address(server)).asReference({ address: address(server), server_id: null });
    return { address: address(server), server_id: info.server_id };
  }

  it("is the recorded one, though a setting names another for new projects", async () => {
    const there = await reference(recorded);
    expect((await choice("always").asReference(there)).info.server_id).toBe(there.server_id);
    expect((await choice("always", "builtin").asReference(there)).info.server_id).toBe(there.server_id);
    expect((await choice("always", "http://127.0.0.1:1").asReference(there)).info.server_id).toBe(there.server_id);
  });

  it("is the built-in one wherever it is today, and says so when it does not run", async () => {
    await expect(
      choice("always", "builtin").asReference({
        address: "unix:/nowhere/at.sock",
        server_id: "another",
        builtin: true,
      }),
    ).rejects.toMatchObject({ code: "server_unreachable", message: "The built-in session server is not running." });
  });

  it("is the built-in one where it says that it is, unless another one answers there", async () => {
    const there = await reference(wanted);
    const builtin = { ...there, builtin: true as const };
    const published = (server_id: string | null) => () =>
      Promise.resolve({ address: address(wanted), server_id: server_id ?? "" });
    let looked = 0;
    const find = (): Promise<{ address: string }> => {
      looked++;
      return Promise.resolve({ address: address(recorded) });
    };
    const known = choice("always", "builtin", { find, published: published(there.server_id) });
    expect(await known.asReference(builtin)).toMatchObject({ builtin: true, info: { server_id: there.server_id } });
    expect(looked).toBe(0);
    const moved = choice("always", "builtin", { find, published: published("another") });
    expect((await moved.asReference(builtin)).info.server_id).toBe((await reference(recorded)).server_id);
    expect(looked).toBe(1);
  });

  it("is the one that was asked for with this command", async () => {
    expect((await choice("now").asReference(await reference(recorded))).info.server_id).toBe(
      (await reference(wanted)).server_id,
    );
  });

  it("is found at the address of the setting when it has another one today", async () => {
    const { server_id } = await reference(wanted);
    expect((await choice("always").asReference({ address: "unix:/nowhere/at.sock", server_id })).info.server_id).toBe(
      server_id,
    );
  });

  it.each([true, false])("has ended where its process has, as the project remembers it: %s", async (gone) => {
    const process = { pid: 4711, started_at: "then", host: "here" };
    const asked: unknown[] = [];
    const processes = () =>
      Promise.resolve({
        listening: () => Promise.resolve(process),
        hasEnded: (one: unknown) => Promise.resolve(asked.push(one) > 0 && gone),
      });
    const there = { address: "unix:/nowhere/at.sock", server_id: "another", process };
    await expect(choice("always", address(wanted), {}, { processes }).asReference(there)).rejects.toMatchObject({
      code: "server_unreachable",
      remedy: gone ? { kind: "resume_projects", server: there.address } : { kind: "reach_server" },
    });
    expect(asked).toEqual([process]);
    expect((await choice("now", address(wanted), {}, { processes }).forProject(undefined)).process).toEqual(process);
  });

  it("is told to be away when it does not answer, and no other server stands in for it", async () => {
    await expect(
      choice("always").asReference({ address: "unix:/nowhere/at.sock", server_id: "another" }),
    ).rejects.toMatchObject({ code: "server_unreachable" });
  });
});

describe("a server whose token was changed", () => {
  it("is reached with the new one by everything that was connected with the old one", async () => {
    const folder = await temporaryFolder();
    const tokenFile = join(folder, "token");
    const start = async (port: number): ReturnType<typeof spawnServer> =>
      spawnServer(folder, ["run", "--port", String(port), "--token-file", tokenFile]);
    writeFileSync(tokenFile, "the-first-token-of-the-server\n", { mode: 0o600 });
    let child = await start(0);
    const port = Number(new URL((await readyLine(child)).url ?? "").port);
    let read = 0;
    const choice = new ServerChoice({
      asked: `http://127.0.0.1:${port}`,
      asksFor: "always",
      ...trusting(),
      tokens: {
        tokenFor: () => {
          read++;
          return Promise.resolve(readFileSync(tokenFile, "utf8"));
        },
        isWithheld: () => Promise.resolve(false),
      },
      certificates: undefined,
      clock: systemClock,
      logger: silentLogger,
      launcher: {
        published: () => Promise.resolve(undefined),
        find: () => Promise.resolve(undefined),
        hasEnded: () => Promise.resolve(false),
        start: () => Promise.reject(new Error("not here")),
      },
    });
    try {
      const { server } = await choice.forProject(undefined);
      const events: LifecycleEvent[] = [];
      server.watch((event) => events.push(event));
      await until("the server tells of itself", () => events.some(({ type }) => type === "connected"));

      await endProcess(child, "SIGTERM");
      writeFileSync(tokenFile, "the-second-token-of-the-server\n");
      child = await start(port);
      await readyLine(child);

      // Its own socket has to come back without anybody asking for a session.
      await until("the socket is back", () => events.some((event) => event.type === "connected" && event.restarted));
      expect(await server.list()).toEqual([]);
      expect(await (await choice.forProject(undefined)).server.list()).toEqual([]);

      // Where the new one is refused as well, that is told, and nobody reads it again and again.
      writeFileSync(tokenFile, "a-token-that-no-server-knows\n");
      await endProcess(child, "SIGTERM");
      writeFileSync(tokenFile, "the-third-token-of-the-server\n");
      child = await start(port);
      await readyLine(child);
      writeFileSync(tokenFile, "a-token-that-no-server-knows\n");
      read = 0;
      await expect(server.sendInput("nobody", new Uint8Array([13]))).rejects.toMatchObject({ code: "auth_invalid" });
      expect(read).toBeLessThan(6);
    } finally {
      choice.close();
      await endProcess(child, "SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
