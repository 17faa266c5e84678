import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { HostWorld } from "../../src/extension/hostWorld";
import { CliWorld } from "../support/cliWorld";
import { CountingServer } from "../support/countingServer";
import { freePort } from "../support/localAddresses";
import { until } from "../support/until";

const messages: string[] = [];
const settings = { get: () => undefined, inspect: () => undefined };
const l10n = {
  t: (text: string, ...more: unknown[]) => text.replace(/\{(\d)\}/g, (_all, at: string) => String(more[+at])),
};
const neverTold = (): { dispose(): void } => ({ dispose: () => undefined });
vi.mock("vscode", () => ({
  l10n,
  window: {
    showInformationMessage: (text: string) => {
      messages.push(text);
      return Promise.resolve(undefined);
    },
  },
  commands: { executeCommand: () => Promise.resolve(undefined) },
  languages: {},
  workspace: {
    isTrusted: true,
    getConfiguration: () => settings,
    onDidChangeConfiguration: neverTold,
    onDidChangeWorkspaceFolders: neverTold,
  },
}));

describe("a trusted window on a project whose files name a stranger's server", () => {
  const cli = new CliWorld();
  const before = process.env.WSH_ORCHESTRATOR_RUNTIME_DIR;
  let stranger: CountingServer;
  let world: HostWorld;
  let address = "";

  beforeAll(async () => {
    process.env.WSH_ORCHESTRATOR_RUNTIME_DIR = join(cli.root, "run");
    expect((await cli.run(["do", "demo", "--run", "true"])).code).toBe(0);
    const port = await freePort();
    address = `http://127.0.0.1:${port}`;
    stranger = await CountingServer.at(port);
    const path = join(cli.projectFolder("demo"), "project.json");
    const project = JSON.parse(readFileSync(path, "utf8")) as object;
    writeFileSync(path, JSON.stringify({ ...project, server: { address, server_id: "someone" } }));
    const { HostWorld } = await import("../../src/extension/hostWorld");
    const secrets = { get: () => Promise.resolve("a-token"), store: () => undefined, delete: () => undefined };
    const log = { debug: () => undefined, warn: () => undefined };
    world = new HostWorld(cli.root, secrets as never, log as never);
  });
  afterAll(async () => {
    await world.close(500);
    stranger.close();
    process.env.WSH_ORCHESTRATOR_RUNTIME_DIR = before;
    if (before === undefined) delete process.env.WSH_ORCHESTRATOR_RUNTIME_DIR;
    await cli.close();
  });

  it("asks nothing of it, says so once, and uses it after the yes", async () => {
    const [{ WorkspaceRecords }, { SessionFeeds }, { ServerQuestions }] = await Promise.all([
      import("../../src/viewing/workspaceRecords"),
      import("../../src/viewing/sessionFeeds"),
      import("../../src/extension/serverQuestions"),
    ]);
    const folder = { path: cli.workspace, name: "work" };
    const records = new WorkspaceRecords(world, { all: () => [folder], watch: () => ({ dispose: () => undefined }) });
    const memory = new Map<string, unknown>();
    const questions = (): InstanceType<typeof ServerQuestions> =>
      new ServerQuestions(world, records, {
        get: (key: string) => memory.get(key),
        update: (key: string, value: unknown) => Promise.resolve(void memory.set(key, value)),
        keys: () => [],
      });
    const first = questions();
    world.unchosenServer = (each) => first.tell(each);
    records.watchers = () => 1;
    records.start();
    await until("the record is read", () => records.all()[0]);
    records.lookSoon();
    await until("its server is known to be nobody's choice", () => records.pictures()[0]?.server_unchosen);
    const feeds = new SessionFeeds(world, records);
    const [followed] = records.all();
    if (!followed) throw new Error("There is no project.");
    const held = feeds.hold(feeds.identityOf(followed, "proj-demo::shell::1"));
    const watching = held.feed.watch();
    await until("the mirror says why there is no picture", () => held.feed.condition.kind === "away");
    await world.hasServer();
    await expect(world.servers.forProject(followed.project.server)).rejects.toMatchObject({
      code: "server_not_chosen",
    });
    expect(stranger.connections).toBe(0);
    expect(messages).toEqual([
      `The files of demo name the session server ${address}, which you have never chosen. Nothing was sent to it.`,
    ]);
    // After a reload as well.
    const second = questions();
    world.unchosenServer = (each) => second.tell(each);
    await expect(world.servers.forProject(followed.project.server)).rejects.toMatchObject({
      code: "server_not_chosen",
    });
    expect([messages.length, stranger.connections]).toEqual([1, 0]);

    await world.chosen.keep(address, "yes");
    await expect(world.servers.forProject(followed.project.server)).rejects.toMatchObject({ code: "auth_required" });
    expect(stranger.connections).toBeGreaterThan(0);
    watching.dispose();
    held.dispose();
    feeds.dispose();
    records.dispose();
  });
});
