import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CliWorld, type RunningCli } from "../support/cliWorld";
import { until } from "../support/until";

const token = "ghp_abcdefghijklmnopqrstuvwxyz0123456789";
const script = `echo "using ${token}"
printf '\\033]7501;state=idle:app=x:msg=%s\\033\\\\' "$(printf '${token}' | base64 -w0)"
printf '\\033]7501;state=clear\\033\\\\'
printf 'Continue with the job? [y/N] '
exec sleep 300
`;

let world: CliWorld;
let run: RunningCli;
let samples: string;
beforeAll(async () => {
  world = new CliWorld();
  samples = join(world.root, "run/config/samples");
  const file = world.write("job.sh", script);
  run = world.start(["do", "alpha", "--role", "builder", "--run", `sh ${file}`]);
  await until(
    "the program's question",
    async () => ((await world.json(["attention"])) as unknown[]).length === 1,
    20_000,
  );
});
afterAll(async () => {
  run.child.kill("SIGKILL");
  await world.close();
});

const wrong = ["explain", "builder::1", "--wrong"];

test("a state that is none is refused with what may have been meant, and a session that is none", async () => {
  const refused = async (...args: string[]): Promise<[number | null, string]> => {
    const { code, stderr } = await world.run([...args]);
    return [code, stderr];
  };
  expect(await refused(...wrong, "wokring")).toEqual([2, expect.stringContaining('did you mean "working"?')]);
  expect(await refused(...wrong, "permission")).toEqual([2, expect.stringContaining('"waiting:permission"?')]);
  expect(await refused(...wrong, "waiting:confirm")).toEqual([2, expect.stringContaining("nothing was saved")]);
  expect(await refused("explain", "nobody::9", "--wrong", "idle")).toEqual([5, expect.stringContaining("nobody::9")]);
  expect(await refused("explain", "--wrong", "idle")).toEqual([2, expect.stringContaining("session")]);
  expect(await refused("explain", "builder::1", "--test")).toEqual([2, expect.stringContaining("Exactly one")]);
  expect(existsSync(samples)).toBe(false);
});

const isRoot = process.getuid?.() === 0;
const whyNot = isRoot ? " [not run: needs another user than root, who may write anywhere]" : "";
test.skipIf(isRoot)(`a folder that cannot be written is said, and the question stays${whyNot}`, async () => {
  mkdirSync(samples, { recursive: true });
  chmodSync(samples, 0o500);
  const { code, stderr } = await world.run([...wrong, "working"]);
  expect([code, stderr]).toEqual([2, expect.stringContaining("cannot be saved")]);
  chmodSync(samples, 0o700);
  expect(await world.json(["attention"])).toHaveLength(1);
});

test("something else in the place of the folder is said, and the question stays", async () => {
  mkdirSync(join(samples, ".."), { recursive: true });
  writeFileSync(samples, "a file");
  const { code, stderr } = await world.run([...wrong, "working"]);
  expect([code, stderr]).toEqual([2, expect.stringContaining("cannot be saved")]);
  rmSync(samples);
  expect(await world.json(["attention"])).toHaveLength(1);
});

test("the frame is saved without secrets, with its stream; the question is closed and stays so", async () => {
  const said = (await world.json([...wrong, "working"])) as { sample: string; closed_question: string; found: string };
  expect(said).toMatchObject({ expected: "working", told: "waiting(confirm)", found: "waiting(confirm)" });
  expect(said.closed_question).not.toBeNull();
  for (const end of ["txt", "ansi", "raw", "json"]) {
    const text = readFileSync(`${said.sample}.${end}`, "utf8");
    expect(text).not.toContain(token);
    expect(text).not.toContain(Buffer.from(token).toString("base64"));
    expect(statSync(`${said.sample}.${end}`).mode & 0o777).toBe(0o600);
  }
  expect(readFileSync(`${said.sample}.raw`, "utf8")).toContain("Continue with the job? [y/N]");
  expect(await world.json(["attention"])).toEqual([]);
  const { projects } = (await world.json(["status"])) as { projects: { sessions: { state: string }[] }[] };
  expect(projects[0]?.sessions[0]?.state).toBe("working");
  const stats = (await world.json(["stats"])) as { projects: { total: { false_alarms: number } }[] };
  expect(stats.projects[0]?.total.false_alarms).toBe(1);
});

test("--test says what fails, with rule and line, until a rule of one's own finds what is right", async () => {
  const failed = await world.run(["explain", "--test"]);
  expect(failed.code).toBe(1);
  expect(failed.stdout).toMatch(
    /must be working, is waiting\(confirm\) by the rule asked\/yes_no, in "Continue with the job\? \[y\/N\]"/,
  );
  const tool = readdirSync(samples)[0] ?? "";
  const rules = join(world.root, "run/config/programs");
  mkdirSync(rules, { recursive: true });
  writeFileSync(
    join(rules, "mine.yaml"),
    `program: ${tool === "sh" ? "sleep" : tool}
role: tool
rules:
  - name: job
    state: working
    priority: 500
    when: [{ in: screen, matches: '^Continue with the job' }]
`,
  );
  const passed = (await world.json(["explain", "--test"])) as Record<string, unknown>;
  expect(passed).toMatchObject({ passed: 1, failed: 0, samples: [{ expected: "working", isRight: true }] });
  const seen = await world.run(["explain", "--samples", samples]);
  expect([seen.code, seen.stdout]).toEqual([0, expect.stringContaining("  running")]);
  writeFileSync(join(samples, tool, "odd.txt"), "x\n");
  const odd = await world.run(["explain", "--test"]);
  expect([odd.code, odd.stdout]).toEqual([1, expect.stringContaining('odd: it has no "expected" state')]);
});

test("a session of no project here has a sample, which stats tells", async () => {
  const elsewhere = join(world.root, "elsewhere");
  mkdirSync(elsewhere);
  const options = { cwd: elsewhere };
  const said = (await world.json(["explain", "proj-alpha::builder::1", "--wrong", "failed"], 0, options)) as {
    entry: unknown;
    sample: string;
  };
  expect(said.entry).toBeNull();
  expect(JSON.parse(readFileSync(`${said.sample}.json`, "utf8"))).toMatchObject({
    frame: { project_id: null },
    expected: "failed",
  });
});

test("a state that is no wait is the right one at once, and stays it while its screen does", async () => {
  await world.json([...wrong, "failed:server"]);
  const session = async (): Promise<unknown> => {
    const { projects } = (await world.json(["status"])) as { projects: { sessions: unknown[] }[] };
    return projects[0]?.sessions[0];
  };
  expect(await session()).toMatchObject({ state: "failed", state_kind: "server" });
  expect((await world.run(["status"])).stdout).toContain("its service failed");
  await world.json(["send", "builder::1", "hello"]);
  await until("what the rules find", async () => ((await session()) as { state: string }).state !== "failed", 10_000);
});
