import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { encodeLine } from "../../src/adapters/ledger/lineCodec";
import type { ContextEntry } from "../../src/core/model/entry";
import { contextEntrySchema } from "../../src/core/model/schemas";
import { type CliResult, CliWorld } from "../support/cliWorld";
import { shellWord } from "../../src/core/sense/shellWord";
import { until } from "../support/until";

let world: CliWorld;
beforeAll(() => {
  world = new CliWorld();
});
afterAll(() => world.close());

const stands = (name: string): boolean => existsSync(join(world.workspace, name));

async function questionOf(project: string): Promise<ContextEntry> {
  const [question] = z.array(contextEntrySchema).parse(await world.json(["attention", project]));
  if (!question) throw new Error("Nobody is asked.");
  return question;
}

/** Asks whether the file of that name may be removed. */
async function asked(project: string): Promise<ContextEntry> {
  world.write(project, "x");
  expect((await world.run(["do", project, "--run", `rm -rf ${project}`])).code).toBe(3);
  return questionOf(project);
}

const eventsOf = (project: string): string => join(world.projectFolder(project), "events-000001.jsonl");

/** What a clone, or who can write the file, makes of it: each line is whole. */
function rewrite(project: string, change: (entry: ContextEntry) => ContextEntry): void {
  writeFileSync(eventsOf(project), Buffer.concat(world.entries(project).map((entry) => encodeLine(change(entry)))));
  rmSync(join(world.projectFolder(project), "checkpoint.jsonl"), { force: true });
}

function answerTo(question: ContextEntry, more: Partial<ContextEntry> = {}): ContextEntry {
  const { project_id, task_id } = question;
  return {
    id: `${question.id.slice(0, -1)}${question.id.endsWith("Z") ? "Y" : "Z"}`,
    project_id,
    session_name: null,
    actor: "human:root",
    kind: "answer",
    ts: new Date().toISOString(),
    text: "root allowed it.",
    answer: "run",
    task_id,
    refs: [{ type: "entry", id: question.id }],
    ...more,
  };
}

const add = (project: string, entry: ContextEntry): void =>
  writeFileSync(eventsOf(project), encodeLine(entry), { flag: "a" });

/** It runs nothing, asks once more, and says why. */
async function asksAnew(project: string, why: string): Promise<void> {
  const result = await world.run(["do", project]);
  expect(result.code, result.stderr).toBe(3);
  expect(stands(project)).toBe(true);
  const question = await questionOf(project);
  expect(question.input).toBe(`rm -rf ${project}`);
  expect(question.reason).toContain(why);
}

describe("a yes in a record that came with a clone", () => {
  const foreign = "root allowed it in the log, but not as you on this machine, so that does not count.";

  it("runs nothing, with or without what was derived from it", async () => {
    const { seal: _seal, subject: _subject, ...old } = await asked("cloned");
    rewrite("cloned", (entry) => (entry.id === old.id ? old : entry));
    add("cloned", answerTo(old));
    expect((await world.run(["status", "cloned"])).code).toBe(0);
    await asksAnew("cloned", foreign);
    expect((await world.run(["answer", (await questionOf("cloned")).id, "run", "--resume"])).code).toBe(0);
    expect(stands("cloned")).toBe(false);
  });

  it("runs nothing, whatever the question shows: neither what it shows nor what the task does", async () => {
    const question = await asked("shown");
    rewrite("shown", (entry) =>
      entry.id === question.id ? { ...entry, input: "touch shown.yes", text: "May the tests run?" } : entry,
    );
    const answered = await world.run(["answer", question.id, "run", "--resume"]);
    expect(answered.code).toBe(3);
    expect(answered.stderr).toContain("The question was not asked by you on this machine");
    expect([stands("shown"), stands("shown.yes")]).toEqual([true, false]);
    expect((await questionOf("shown")).input).toBe("rm -rf shown");
  });

  it("runs nothing, also where another user of the machine gave it", async () => {
    const question = await asked("theirs");
    const elsewhere = { WSH_ORCHESTRATOR_RUNTIME_DIR: join(world.root, "their") };
    mkdirSync(join(world.root, "their"), { mode: 0o700 });
    const answered = await world.run(["answer", question.id, "run"], { env: elsewhere });
    expect(answered.code).toBe(0);
    expect(answered.stderr).toContain("The question was not asked by you on this machine");
    await asksAnew("theirs", "allowed it in the log, but not as you on this machine");
  });

  it("runs nothing in another folder, where it was copied to", async () => {
    const question = await asked("copied");
    expect((await world.run(["answer", question.id, "run"])).code).toBe(0);
    const other = join(world.root, "other");
    cpSync(world.workspace, other, { recursive: true });
    const project = JSON.parse(
      readFileSync(join(other, ".orchestrator/projects/copied/project.json"), "utf8"),
    ) as object;
    writeFileSync(
      join(other, ".orchestrator/projects/copied/project.json"),
      JSON.stringify({ ...project, default_cwd: other }),
    );
    const result = await world.run(["do", "copied"], { cwd: other });
    expect(result.code).toBe(3);
    expect(existsSync(join(other, "copied"))).toBe(true);
    expect((await world.run(["do", "copied"])).code).toBe(0);
    expect(stands("copied")).toBe(false);
  });

  it("runs nothing a second time: what was used stays used when the record is put back", async () => {
    const question = await asked("again");
    expect((await world.run(["answer", question.id, "run"])).code).toBe(0);
    const before = readFileSync(eventsOf("again"));
    expect((await world.run(["do", "again"])).code).toBe(0);
    expect(stands("again")).toBe(false);
    writeFileSync(eventsOf("again"), before);
    world.write("again", "x");
    await asksAnew("again", "allowed it once, and that answer was used. Each answer counts for one time.");
    const used = join(world.root, "run/data/consent-used");
    expect(readdirSync(used).length).toBeGreaterThan(0);
    for (const name of readdirSync(used)) expect(statSync(join(used, name)).mode & 0o777).toBe(0o600);
  });
});

describe("a yes of this user", () => {
  it("is used by whoever runs the project, also when the process that asked was killed", async () => {
    world.write("killed", "x");
    const running = world.start(["do", "killed", "--detached", "--run", "rm -rf killed"]);
    const question = await until(
      "it asks",
      () => existsSync(eventsOf("killed")) && world.entries("killed").find(({ kind }) => kind === "approval_needed"),
    );
    running.child.kill("SIGSTOP");
    expect((await world.run(["answer", question.id, "run"])).code).toBe(0);
    running.child.kill("SIGKILL");
    await running.done;
    expect((await world.run(["do", "killed"])).code).toBe(0);
    expect(stands("killed")).toBe(false);
    expect(world.entries("killed").filter(({ kind, step }) => kind === "command" && step === 0)).toHaveLength(1);
  });

  it("counts where the data folder cannot be written only for the process that asks, which says so", async () => {
    const env = { WSH_ORCHESTRATOR_RUNTIME_DIR: undefined, XDG_DATA_HOME: "/dev/null" };
    const server = join(world.root, "run/runtime/server.sock");
    const args = ["--server", `unix:${server}`];
    const question = await asked("unkept");
    const result = await world.run(["do", "unkept", ...args], { env });
    expect(result.code).toBe(3);
    expect(result.stderr + result.stdout).toContain("Your data folder cannot be used");
    expect((await world.run(["answer", question.id, "run"], { env })).code).not.toBe(0);
  });
});

describe("a session", () => {
  /** Runs the lines in a session, as a script that the task starts. */
  async function fromSession(project: string, lines: readonly string[]): Promise<CliResult & { output: string }> {
    const script = world.write(`${project}.sh`, `${lines.join("\n")}\n`);
    const result = await world.run(["do", project, "--run", `bash ${shellWord(script)}`]);
    const output = world.entries(project).find(({ kind, step }) => kind === "result" && step === 0)?.output ?? "";
    return { ...result, output };
  }
  const refused = "and a session cannot answer or confirm for you.";
  const cli = "wsh-orchestrator";
  const clean = `env -i PATH="$PATH" HOME="$HOME" WSH_ORCHESTRATOR_RUNTIME_DIR=$RUN WSH_ORCHESTRATOR_DIR="$WSH_ORCHESTRATOR_DIR"`;

  it("cannot answer for its person, however it hides that it is one", async () => {
    const question = await asked("guarded");
    const answer = `${cli} answer ${question.id} run --resume`;
    const { output, code } = await fromSession("attacker", [
      `RUN=${join(world.root, "run")}`,
      answer,
      `${cli} answer ${question.id} skip`,
      `env -u WSH_ORCHESTRATOR_SESSION ${answer}`,
      `${clean} ${answer}`,
      `${clean} sh -c '${answer}'`,
      `( ${clean} nohup ${answer} </dev/null >orphan.log 2>&1 & ) ; for i in $(seq 100); do grep -q cannot orphan.log && break; sleep 0.1; done; cat orphan.log`,
      `${cli} send proj-attacker::shell::1 'rm -rf guarded' --yes`,
      `${cli} kill proj-attacker::shell::1 --yes`,
      `${cli} wsh-server stop`,
      "true",
    ]);
    expect(code).toBe(0);
    expect(output.replaceAll("\n", " ").split(refused)).toHaveLength(10);
    expect(stands("guarded")).toBe(true);
    expect(world.entries("guarded").filter(({ kind }) => kind === "answer")).toEqual([]);
    expect((await questionOf("guarded")).id).toBe(question.id);
  });

  it("cannot answer in place of its own shell, with an environment and folders of its own", async () => {
    const question = await asked("replaced");
    const [said, elsewhere] = [join(world.root, "said.txt"), join(world.root, "elsewhere")];
    const own = `XDG_RUNTIME_DIR=${elsewhere} XDG_DATA_HOME=${elsewhere} WSH_ORCHESTRATOR_DIR="$WSH_ORCHESTRATOR_DIR"`;
    const answer = `${cli} answer ${question.id} run --resume >${said} 2>&1; true`;
    await world.run(["do", "takes-over", "--run", `exec env -i PATH="$PATH" HOME="$HOME" ${own} sh -c '${answer}'`]);
    expect(readFileSync(said, "utf8")).toContain(refused);
    expect(stands("replaced")).toBe(true);
  });

  it("may read, write notes, and run what is allowed", async () => {
    const { output } = await fromSession("agent", [
      `${cli} status >/dev/null && echo status`,
      `${cli} attention >/dev/null && echo attention`,
      `${cli} note agent 'as agreed' >/dev/null && echo note`,
      `${cli} do inner --run true >/dev/null 2>&1 && echo inner`,
    ]);
    expect(output.split("\n").filter((line) => line !== "")).toEqual(["status", "attention", "note", "inner"]);
  });
});
