import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { crc32, crcHex } from "../../src/adapters/ledger/crc32";
import type { ContextEntry } from "../../src/core/model/entry";
import { CliWorld } from "../support/cliWorld";
import { noSmallDisk, SmallDisk } from "../support/smallDisk";
import { until } from "../support/until";

let world: CliWorld;
beforeAll(() => {
  world = new CliWorld();
});
afterAll(() => world.close());

const segmentOf = (name: string): string => join(world.projectFolder(name), "events-000001.jsonl");
/** A line as its writer would seal it; `v` comes first. */
function sealed(fields: object): string {
  const body = JSON.stringify(fields);
  return `${body.slice(0, -1)},"c":"${crcHex(crc32(body))}"}\n`;
}
async function make(name: string): Promise<void> {
  expect(await world.run(["do", name, "--goal", "A goal", "--run", "echo one"])).toMatchObject({ code: 0 });
}
const log = async (...args: string[]): Promise<ContextEntry[]> => {
  const { stdout, code } = await world.run(["log", "--json", ...args]);
  expect(code).toBe(0);
  return stdout
    .trimEnd()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as ContextEntry);
};

describe("a record from the future", () => {
  const lines = [
    {
      v: 7,
      id: "01ZZZZZZZZZZZZZZZZZZZZZZ01",
      project_id: "future",
      session_name: null,
      actor: "engine",
      kind: "dream",
      ts: "2031-01-01T00:00:00.000Z",
      text: "It dreams.",
      depth: { deep: [1] },
    },
    {
      v: 7,
      id: "01ZZZZZZZZZZZZZZZZZZZZZZ02",
      kind: "task",
      task_id: "shell",
      state: "hibernating",
      text: { de: "Es schläft." },
      outcome: "evaporated",
    },
    {
      v: 1,
      id: "01ZZZZZZZZZZZZZZZZZZZZZZ03",
      project_id: "future",
      session_name: "proj-future::shell::1",
      actor: "engine",
      kind: "state",
      ts: "someday",
      text: "It hovers.",
      state: "hovering",
    },
    {
      v: 9,
      id: "01ZZZZZZZZZZZZZZZZZZZZZZ04",
      project_id: "future",
      session_name: null,
      actor: "engine",
      kind: "lease",
      ts: "",
      text: "x",
      event: "pondered",
      generation: "high",
    },
  ];
  let before: Buffer;
  beforeAll(async () => {
    await make("future");
    appendFileSync(segmentOf("future"), lines.map(sealed).join(""));
    const change = (name: string, edit: (value: Record<string, unknown>) => object): void => {
      const path = join(world.projectFolder("future"), name);
      writeFileSync(path, JSON.stringify(edit(JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>)));
    };
    change("project.json", (project) => ({ ...project, status: "hibernating", later: { x: 1 } }));
    change("snapshot.json", (snapshot) => ({ ...snapshot, cursor: { schema: 9 }, later: 1 }));
    writeFileSync(join(world.projectFolder("future"), "checkpoint.jsonl"), '{"schema":9}\n{"later":1}\n', {
      mode: 0o600,
    });
    before = readFileSync(segmentOf("future"));
  });

  it.each([["status"], ["projects"], ["sessions"], ["attention"], ["log", "future"], ["verify"]])(
    "is shown by %s, whatever is in it",
    async (...command) => {
      const result = await world.run(command);
      expect(result).toMatchObject({ code: 0, stderr: expect.not.stringContaining("left out") as string });
      if (command[0] === "log")
        for (const text of ["It dreams.", "Written by a newer version of wsh Orchestrator.", "It hovers."])
          expect(result.stdout).toContain(text);
      expect(readFileSync(segmentOf("future"))).toEqual(before);
    },
  );

  it("is told as it is: what is not understood, and what is kept", async () => {
    const entries = await log("future", "--tail", "4");
    expect(entries).toMatchObject([
      lines[0] ?? {},
      { id: lines[1]?.id, unread: { text: { de: "Es schläft." }, outcome: "evaporated" } },
      { state: "hovering" },
      { unread: { generation: "high" } },
    ]);
    expect(await world.json(["verify", "future"])).toMatchObject({ ok: true, damaged: 0, opaque: 3 });
  });

  it("is gone on with, and nothing of it is lost", async () => {
    const result = await world.run(["do", "future", "--run", "echo two"]);
    expect(result).toMatchObject({ code: 0, stderr: expect.not.stringContaining("restored from the log") as string });
    expect(await world.run(["note", "future", "a note"])).toMatchObject({ code: 0 });
    expect(readFileSync(segmentOf("future")).subarray(0, before.length)).toEqual(before);
    expect(JSON.parse(readFileSync(join(world.projectFolder("future"), "project.json"), "utf8"))).toMatchObject({
      later: { x: 1 },
      status: "done",
    });
    expect((await log("future", "--tail", "1"))[0]).toMatchObject({ text: "a note" });
  });
});

describe("wrong clocks", () => {
  const hour = 3_600_000;
  const at = (hours: number): string => new Date(Date.now() + hours * hour).toISOString();

  it("change neither the order of the record nor what follow, verify and --since make of it", async () => {
    await make("clocks");
    const offsets = [5, -5, 0, 30, -300_000, 2];
    const ids = offsets.map(
      (_, index) =>
        `${["01ZZ", "0000", "01H0", "7ZZZ", "0001", "01J0"][index] ?? ""}${String(index).padStart(22, "0")}`,
    );
    const times = [...offsets.map(at), "+275760-09-13T00:00:00.000Z", "yesterday", ""];
    const all = times.map((ts, index) => ({
      v: 1,
      id: ids[index] ?? `01K${String(index).padStart(23, "0")}`,
      project_id: "clocks",
      session_name: null,
      actor: "human:far",
      kind: "note",
      ts,
      text: `n${index}`,
    }));
    const following = world.start(["log", "clocks", "--follow", "--json"]);
    await until("the log has begun", () => following.stdout().includes("\n"));
    for (const fields of all) appendFileSync(segmentOf("clocks"), sealed(fields));
    const wanted = all.map(({ text }) => text);
    await until("the last one is followed", () => following.stdout().includes(`"text":"n${all.length - 1}"`));
    following.child.kill("SIGINT");
    await following.done;
    const seen = following
      .stdout()
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as ContextEntry);
    expect(seen.slice(-all.length).map(({ text }) => text)).toEqual(wanted);
    expect((await log("clocks", "--kind", "note")).map(({ text }) => text)).toEqual(wanted);
    // Since an hour ago, as each writer's clock says; what has no time is left out.
    expect((await log("clocks", "--kind", "note", "--since", "1h")).map(({ text }) => text)).toEqual([
      "n0",
      "n2",
      "n3",
      "n5",
      "n6",
    ]);
    expect(await world.json(["verify", "clocks"])).toMatchObject({ ok: true, damaged: 0, duplicates: 0 });
    expect(await world.run(["status", "clocks"])).toMatchObject({ code: 0 });
    expect((await world.run(["log", "clocks"])).stdout).toContain("--:--:--");
    expect(await world.run(["do", "clocks", "--run", "echo two"])).toMatchObject({ code: 0 });
  });
});

/** Somebody may be writing into it just then; Node's own retries do not look anew at what is in it. */
function deleteWhileWritten(folder: string): void {
  for (let tries = 1; existsSync(folder); tries++) {
    try {
      rmSync(folder, { recursive: true });
    } catch (error) {
      if (tries === 20) throw error;
    }
  }
}

describe("a project that vanishes while it runs", () => {
  const running = async (name: string): Promise<ReturnType<CliWorld["start"]>> => {
    const started = world.start([
      "do",
      name,
      "--run",
      `echo x >> ${name}.began; while [ ! -e ${name}.go ]; do sleep 0.1; done`,
      "--run",
      `touch ${name}.more`,
    ]);
    await until("its command runs", () => existsSync(join(world.workspace, `${name}.began`)));
    return started;
  };

  it.each([
    ["deleted", deleteWhileWritten],
    ["renamed", (folder: string) => renameSync(folder, `${folder}-2`)],
    [
      "replaced by another",
      (folder: string): void => {
        renameSync(folder, `${folder}-2`);
        cpSync(`${folder}-2`, folder, { recursive: true });
      },
    ],
  ])("and is %s: the runner says so and types nothing more, and nothing is made in its place", async (how, vanish) => {
    const name = `gone-${how.split(" ")[0] ?? ""}`;
    const started = await running(name);
    const folder = world.projectFolder(name);
    const before = readFileSync(segmentOf(name));
    vanish(folder);
    world.write(`${name}.go`, "");
    const result = await started.done;
    expect(result.code).not.toBe(0);
    expect(result.stderr).toMatch(/The folder .* was deleted, moved or replaced/);
    expect(result.stderr).toContain("Restore the folder");
    expect(result.stderr).not.toMatch(/\bat .*\.js:\d|Unhandled|ENOENT/);
    expect(existsSync(join(world.workspace, `${name}.more`))).toBe(false);
    if (how === "replaced by another") expect(readFileSync(segmentOf(name))).toEqual(before);
    else expect(existsSync(folder)).toBe(false);
    if (how !== "deleted")
      expect(readFileSync(join(`${folder}-2`, "events-000001.jsonl")).subarray(0, before.length)).toEqual(before);
  });

  it("goes on where it was once the folder is back", async () => {
    const folder = world.projectFolder("gone-renamed");
    renameSync(`${folder}-2`, folder);
    const result = await world.run(["do", "gone-renamed"]);
    expect(result).toMatchObject({ code: 0 });
    expect(existsSync(join(world.workspace, "gone-renamed.more"))).toBe(true);
    expect(readFileSync(join(world.workspace, "gone-renamed.began"), "utf8")).toBe("x\n");
  });
});

describe.skipIf(noSmallDisk !== "")(`a disk that fails while a project runs${noSmallDisk}`, () => {
  it("and is full: it is said once, nothing more is typed, and with space it goes on where it was (R8, R9)", async () => {
    const disk = SmallDisk.make(512);
    try {
      const file = (name: string): string => join(world.workspace, `full.${name}`);
      const command = `echo x >> ${file("began")}; while [ ! -e ${file("go")} ]; do sleep 0.1; done; seq 3000`;
      const started = world.start([
        "--dir",
        disk.path,
        "do",
        "full",
        "--run",
        command,
        "--run",
        `touch ${file("more")}`,
      ]);
      await until("its command runs", () => existsSync(file("began")));
      await disk.fill();
      writeFileSync(file("go"), "");
      const stopped = await started.done;
      expect(stopped.code).not.toBe(0);
      expect(stopped.stderr.match(/The disk is full/g)).toHaveLength(1);
      expect(stopped.stderr).toContain("Free some disk space");
      expect(stopped.stderr).not.toMatch(/\bat .*\.js:\d|Unhandled|ENOSPC/);
      expect(existsSync(file("more"))).toBe(false);
      for (const look of [["status"], ["log", "full"], ["verify"]])
        expect(await world.run(["--dir", disk.path, ...look])).toMatchObject({ code: 0 });
      await disk.free();
      expect(await world.run(["--dir", disk.path, "do", "full"])).toMatchObject({ code: 0 });
      expect(readFileSync(file("began"), "utf8")).toBe("x\n");
      expect(existsSync(file("more"))).toBe(true);
    } finally {
      disk.remove();
    }
  });

  it("and is read-only before it begins: reading goes on, and do says so once", async () => {
    const disk = SmallDisk.make(512);
    try {
      expect(await world.run(["--dir", disk.path, "do", "fixed", "--run", "true"])).toMatchObject({ code: 0 });
      disk.readOnly(true);
      for (const look of [["status"], ["log", "fixed"], ["verify"], ["attention"]])
        expect(await world.run(["--dir", disk.path, ...look])).toMatchObject({
          code: 0,
          stderr: expect.not.stringContaining("read-only") as string,
        });
      for (const change of [
        ["do", "fixed", "--run", "echo two"],
        ["note", "fixed", "x"],
      ]) {
        const refused = await world.run(["--dir", disk.path, ...change]);
        expect(refused.code).not.toBe(0);
        expect(refused.stderr.match(/cannot be written: its disk is read-only/g)).toHaveLength(1);
      }
    } finally {
      disk.remove();
    }
  });
});

describe("a half-written plan", () => {
  const plan =
    'project: half\nroles: { w: {} }\ntasks:\n  - { id: a, role: w, run: "touch half-a" }\n  - { id: b, role: w, needs: [a], run: "touch half-b" }\n';

  it("is refused with its place, and nothing runs, wherever it was cut inside of a task", async () => {
    for (const cut of [plan.indexOf("half-a") + 3, plan.indexOf("needs") + 8, plan.length - 4]) {
      const path = world.write("plan.yaml", plan.slice(0, cut));
      const result = await world.run(["do", "half", "--plan", path]);
      expect([cut, result.code]).toEqual([cut, 2]);
      expect(result.stderr).toMatch(/plan\.yaml:\d+:\d+: /);
    }
    expect(existsSync(world.projectFolder("half"))).toBe(false);
    expect(existsSync(join(world.workspace, "half-a"))).toBe(false);
  });

  it("in the record is refused the same way", async () => {
    await make("kept");
    mkdirSync(world.projectFolder("kept"), { recursive: true });
    const path = join(world.projectFolder("kept"), "plan.yaml");
    writeFileSync(path, plan.replace("half", "kept").slice(0, -4), { mode: 0o600 });
    const result = await world.run(["do", "kept"]);
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/plan\.yaml:5:\d+: /);
    expect(statSync(path).size).toBe(plan.length - 4);
  });
});
