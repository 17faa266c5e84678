import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { WshServer } from "../../src/adapters/wsh/wshServer";
import {
  contextEntrySchema,
  projectContextSchema,
  projectSnapshotSchema,
  sessionContextSchema,
} from "../../src/core/model/schemas";
import { CliWorld } from "../support/cliWorld";
import { silentLogger, systemClock } from "../support/systemClock";
import { until } from "../support/until";

const sendSchema = z.strictObject({
  command_id: z.string().nullable(),
  exit_code: z.number().nullable(),
  output: z.string(),
});
const pullSchema = z.strictObject({
  session: z.string(),
  lines: z.array(z.string()),
  cursor: z.object({ row: z.number(), col: z.number(), visible: z.boolean() }),
  alternate_active: z.boolean(),
});

let world: CliWorld;
let server: WshServer;
beforeAll(async () => {
  world = new CliWorld();
  const result = await world.run(["do", "alpha", "--role", "builder", "--run", "echo made by builder"]);
  expect(result).toMatchObject({ code: 0 });
  server = new WshServer({
    address: `unix:${join(world.root, "run/runtime/server.sock")}`,
    clock: systemClock,
    logger: silentLogger,
  });
});
afterAll(async () => {
  // First, because there is no client when the first run failed.
  await world.close();
  server.close();
});

const send = async (args: readonly string[], code = 0): Promise<z.infer<typeof sendSchema>> =>
  sendSchema.parse(await world.json(["send", ...args], code));
const pulled = async (name: string): Promise<string[]> => pullSchema.parse(await world.json(["pull", name])).lines;

describe("send", () => {
  it.each(["proj-alpha::builder::1", "proj-alpha.builder.1", "builder::1"])(
    "finds %s, waits, and gives output and exit code",
    async (name) => {
      expect(await send([name, "echo one; echo two", "--wait"])).toMatchObject({ exit_code: 0, output: "one\ntwo" });
    },
  );

  it("records what it typed and how it ended", async () => {
    const { command_id } = await send(["builder::1", "sh -c 'exit 9'", "--wait"], 1);
    const entries = world.entries("alpha").filter((entry) => entry.command_id === command_id);
    expect(entries).toMatchObject([
      { kind: "command", input: "sh -c 'exit 9'", session_name: "proj-alpha::builder::1", typed_as: "paste" },
      { kind: "result", outcome: "exited", exit_code: 9, known_by: "mark" },
    ]);
  });

  it("types keys as they are without waiting, with and without Enter", async () => {
    expect(await send(["builder::1", "--no-enter", "--", "--- left on the line"])).toMatchObject({
      command_id: null,
      exit_code: null,
    });
    await until("the text stands on the line", async () =>
      (await pulled("builder::1")).at(-1)?.endsWith("--- left on the line"),
    );
    await server.sendInput("proj-alpha.builder.1", "\u0015");
    const { command_id, exit_code } = await send(["builder::1", "echo typed-$((40+2))"]);
    expect(exit_code).toBeNull();
    await until("the command ran", async () => (await pulled("builder::1")).includes("typed-42"));
    expect(world.entries("alpha").filter((entry) => entry.command_id === command_id)).toMatchObject([
      { kind: "command", typed_as: "keys" },
      { kind: "result", outcome: "unknown" },
    ]);
  });

  it("does not type what the policy asks about", async () => {
    for (const more of [[], ["--wait"], ["--wait", "--yes"]]) {
      const result = await world.run(["send", "builder::1", "rm -rf important", ...more, "--json"]);
      expect(result.code).toBe(3);
      expect(JSON.parse(result.stderr)).toMatchObject({ error: { code: "needs_person" } });
    }
    expect((await pulled("builder::1")).join("\n")).not.toContain("rm -rf important");
  });

  it("judges what is typed in the session's own shell: in an interactive zsh # begins no comment", async () => {
    const tidy = "# tidy; rm -rf important";
    await server.create({ name: "own-zsh", command: "exec zsh -f -i" });
    const result = await world.run(["send", "own-zsh", tidy, "--json"]);
    expect(result.code).toBe(3);
    expect(JSON.parse(result.stderr)).toMatchObject({ error: { code: "needs_person" } });
    await server.kill("own-zsh");
    const own = new CliWorld();
    try {
      const roles = "project: shells\nroles: { z: { shell: zsh }, b: { shell: bash } }";
      const tasks = 'tasks: [{ id: z, role: z, run: "true" }, { id: b, role: b, run: "true" }]';
      expect((await own.run(["do", "shells", "--plan", own.write("shells.yaml", `${roles}\n${tasks}\n`)])).code).toBe(
        0,
      );
      expect((await own.run(["send", "z::1", tidy])).code).toBe(3);
      expect((await own.run(["send", "z::1", tidy, "--wait"])).code).toBe(3);
      expect((await own.run(["send", "b::1", tidy])).code).toBe(0);
    } finally {
      await own.close();
    }
  });

  it("reaches sessions that are not ours: shells by an end mark, others until they wait again", async () => {
    await server.create({ name: "foreign", command: "exec bash --norc -i", env: { PS1: "$ " } });
    await until("its prompt", async () => (await pulled("foreign")).at(-1)?.trim().endsWith("$"));
    expect(await send(["foreign", "sh -c 'echo it works; exit 3'", "--wait"], 1)).toMatchObject({
      exit_code: 3,
      output: expect.stringContaining("it works") as string,
    });
    await server.create({ name: "program", command: "exec cat" });
    // Nothing tells what a program makes of a text.
    expect(await send(["program", "hello cat", "--wait"], 3)).toMatchObject({
      exit_code: null,
      output: expect.stringContaining("hello cat") as string,
    });
  });
});

describe("lists", () => {
  it("show what is ours, and with --all the rest", async () => {
    const ours = z.array(sessionContextSchema).parse(await world.json(["sessions"]));
    expect(ours.map((session) => session.session_name)).toEqual(["proj-alpha::builder::1"]);
    await server.create({ name: "somebodys", command: "exec cat" });
    const all = z.array(sessionContextSchema).parse(await world.json(["sessions", "--all"]));
    expect(all.map((session) => session.session_name)).toEqual(
      expect.arrayContaining(["proj-alpha::builder::1", "somebodys"]),
    );
    const projects = z.array(projectContextSchema).parse(await world.json(["projects"]));
    expect(projects.map((project) => project.project_id)).toEqual(["alpha"]);
    expect((await world.run(["projects"])).stdout.split("\t")[0]).toBe("alpha");
  });

  it("status tells a session that ended from a living one, and works without a server", async () => {
    const statusSchema = z.object({
      projects: z.array(
        z.object({
          project: projectContextSchema,
          sessions: z.array(sessionContextSchema),
          snapshot: projectSnapshotSchema,
        }),
      ),
    });
    await send(["builder::1", "true", "--wait"]);
    await world.run(["do", "gone", "--run", "true"]);
    await server.kill("proj-gone.shell.1");
    const { projects } = statusSchema.parse(await world.json(["status"]));
    const states = Object.fromEntries(
      projects.flatMap(({ sessions }) => sessions.map((session) => [session.session_name, session.state])),
    );
    expect(states).toEqual({ "proj-alpha::builder::1": "idle", "proj-gone::shell::1": "exited" });
    const without = await world.run(["status", "--json"], {
      env: { WSH_ORCHESTRATOR_SERVER: "unix:/nowhere/at.sock" },
    });
    expect(without.code).toBe(0);
    expect(statusSchema.parse(JSON.parse(without.stdout)).projects).toHaveLength(2);
    const said = await world.run(["status"], { env: { WSH_ORCHESTRATOR_SERVER: "unix:/nowhere/at.sock" } });
    expect(said.stderr.trim().split("\n")).toEqual([expect.stringMatching(/\/nowhere\/at\.sock cannot be reached/)]);
  });
});

describe("pull", () => {
  it("gives screen and scrollback without control characters", async () => {
    await send(["builder::1", "seq 1 300; printf '\\033[31mred\\033[0m\\n'", "--wait"]);
    const lines = await pulled("builder::1");
    expect(lines.slice(-5, -1)).toEqual(["298", "299", "300", "red"]);
    expect(lines).toContain("7");
    expect((await world.run(["pull", "builder::1", "--lines", "3"])).stdout.split("\n").slice(0, 2)).toEqual([
      "300",
      "red",
    ]);
    const styled = (await world.run(["pull", "builder::1", "--lines", "2", "--styled"])).stdout;
    expect(styled).toContain("\u001b[38;5;1mred\u001b[0m");
    expect(styled.replace(/\u001b\[[0-9;]*m/g, "")).not.toContain("\u001b");
  });

  it("follows a session until it ends", async () => {
    await server.create({
      name: "ticker",
      command: "exec sh -c 'read go; for i in 1 2 3 4 5; do echo tick $i; done; read stop'",
    });
    const running = world.start(["pull", "ticker", "--follow", "--json"]);
    await until("the first picture", () => running.stdout().includes("\n"));
    await server.sendInput("ticker", "\r");
    await until("the last line", () => running.stdout().includes("tick 5"));
    await server.sendInput("ticker", "\r");
    const result = await running.done;
    expect(result.code).toBe(0);
    for (const line of result.stdout.trimEnd().split("\n")) pullSchema.parse(JSON.parse(line));
  });

  it("follows as text: each finished line once", async () => {
    await server.create({
      name: "counter",
      command: "exec sh -c 'stty -echo; echo ready; read go; seq 1 200; read stop'",
    });
    const running = world.start(["pull", "counter", "--follow"]);
    await until("the first picture", () => running.stdout().includes("ready"));
    await server.sendInput("counter", "\r");
    await until("the last line", () => /^200$/m.test(running.stdout()));
    await server.kill("counter");
    const { code, stdout } = await running.done;
    expect(code).toBe(0);
    expect(stdout.split("\n").filter((line) => /^\d+$/.test(line))).toEqual(
      Array.from({ length: 200 }, (_, index) => String(index + 1)),
    );
  });
});

describe("the record", () => {
  it("keeps a note before the command has ended", async () => {
    const note = contextEntrySchema.parse(
      await world.json(["note", "alpha", "the key changes on Friday", "--session", "builder::1"]),
    );
    expect(note).toMatchObject({
      kind: "note",
      session_name: "proj-alpha::builder::1",
      text: "the key changes on Friday",
    });
    expect(world.entries("alpha").at(-1)).toEqual(note);
    const hostile = contextEntrySchema.parse(
      await world.json(["note", "alpha", "a\u001b]0;title\u0007b password=hunter2hunter2"]),
    );
    expect(hostile.text).toMatch(/^ab password=‹redacted:/);
  });

  it("can be filtered by kind, session and time, and followed", async () => {
    const log = async (...args: string[]): Promise<z.infer<typeof contextEntrySchema>[]> =>
      (await world.run(["log", "alpha", "--json", ...args])).stdout
        .split("\n")
        .flatMap((line) => (line === "" ? [] : [contextEntrySchema.parse(JSON.parse(line))]));
    expect(await log()).toEqual(world.entries("alpha"));
    expect(new Set((await log("--kind", "note", "--kind", "command")).map((entry) => entry.kind))).toEqual(
      new Set(["note", "command"]),
    );
    expect(
      (await log("--session", "builder::1")).every((entry) => entry.session_name === "proj-alpha::builder::1"),
    ).toBe(true);
    expect(await log("--since", "2099-01-01")).toEqual([]);
    expect((await log("--since", "1h")).length).toBe(world.entries("alpha").length);
    const unknown = await world.run(["log", "alpha", "--kind", "notes"]);
    expect([unknown.stdout, unknown.stderr]).toEqual([
      "",
      expect.stringMatching(
        /^"notes" is not a known kind of log entry; did you mean "note"\? Kinds: project, session, /,
      ),
    ]);
    expect(await log("--tail", "2")).toEqual(world.entries("alpha").slice(-2));
    const following = world.start(["log", "alpha", "--kind", "note", "--follow"]);
    await until("the old notes", () => following.stdout().includes("Friday"));
    await world.run(["note", "alpha", "and one more"]);
    await until("the new note", () => /note +and one more/.test(following.stdout()));
    following.child.kill("SIGINT");
    expect((await following.done).code).toBe(130);
  });

  it("ends quietly when its reader goes away", async () => {
    const running = world.start(["log", "alpha", "--follow"]);
    running.child.stdout?.destroy();
    await world.run(["note", "alpha", "nobody reads this"]);
    await world.run(["note", "alpha", "nor this"]);
    expect((await running.done).stderr).toBe("");
  });

  it("takes a handoff and shows it to the receiver", async () => {
    await world.run(["assign", "alpha", "reviewer", "--run", "true"]);
    const entry = contextEntrySchema.parse(
      await world.json(["handoff", "alpha", "--from", "builder::1", "--to", "reviewer", "Look at the parser first"]),
    );
    expect(entry).toMatchObject({ kind: "handoff", session_name: "proj-alpha::builder::1", to: "reviewer" });
    expect(world.entries("alpha").at(-1)).toMatchObject({
      kind: "delivery",
      session_name: "proj-alpha::reviewer::1",
      refs: [{ type: "entry", id: entry.id }],
    });
    expect((await pulled("reviewer::1")).join("")).toContain("Look at the parser first");
  });

  it("is verified byte for byte", async () => {
    expect(await world.json(["verify", "alpha"])).toMatchObject({
      ok: true,
      damaged: 0,
      projects: [{ project_id: "alpha" }],
    });
    await world.run(["do", "damaged", "--run", "true"]);
    const file = join(world.projectFolder("damaged"), "events-000001.jsonl");
    const lines = readFileSync(file, "utf8").split("\n");
    lines[1] = (lines[1] ?? "").replace("planned", "plannel").replace("started", "startled");
    writeFileSync(file, lines.join("\n"));
    appendFileSync(file, "no json at all\n");
    const result = await world.run(["verify"]);
    expect(result.code).toBe(1);
    expect(result.stdout).toMatch(/✗ damaged/);
    expect(await world.json(["verify", "damaged"], 1)).toMatchObject({ ok: false });
  });
});

describe("kill", () => {
  it("ends a session once somebody said so", async () => {
    expect((await world.run(["kill", "reviewer::1"])).code).toBe(2);
    const ended = sessionContextSchema.parse(await world.json(["kill", "reviewer::1", "--yes"]));
    expect(ended).toMatchObject({ session_name: "proj-alpha::reviewer::1", state: "exited" });
    expect(await server.get("proj-alpha.reviewer.1")).toBeUndefined();
    expect(sessionContextSchema.parse(await world.json(["kill", "somebodys", "--yes"]))).toMatchObject({
      session_name: "somebodys",
      state: "exited",
    });
  });
});
