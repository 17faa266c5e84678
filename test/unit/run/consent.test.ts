import { describe, expect, it } from "vitest";
import type { ContextEntry } from "../../../src/core/model/entry";
import { sealYes } from "../../../src/core/safety/consent";
import type { FakeProject } from "../../support/fakeProject";
import { projectOf, shell } from "../../support/heldCommands";
import { testConsents } from "../../support/testConsents";

const hourMs = 3_600_000;
const failed = { status: 1, output: "" };

/** A policy that asks about commands that begin with `ask`. */
function careful(): FakeProject {
  const project = projectOf();
  project.policy = {
    ...project.policy,
    decide: (text) => ({ verdict: text.startsWith("ask") ? "ask" : "allow", reason: "It asks.", rule: "test" }),
  };
  return project;
}

const plan = (run: string, more = "", role = ""): string =>
  `roles: { worker: { ${role} } }\ntasks: [{ id: one, role: worker, run: "${run}"${more} }]`;

const questions = ({ entries }: FakeProject): ContextEntry[] =>
  entries.filter(({ kind }) => kind === "approval_needed");

/** As a clone brings it, or whoever else can write the file. */
function forge(project: FakeProject, which: ContextEntry, more: Partial<ContextEntry>): ContextEntry {
  const forged = { ...which, ...more } as ContextEntry;
  project.shared.entries[project.shared.entries.indexOf(which)] = forged;
  return forged;
}

/** Asked once, and not answered. */
async function asked(text = "ask me"): Promise<{ project: FakeProject; question: ContextEntry }> {
  const project = careful();
  expect((await project.run(plan(text))).status).toBe("waiting");
  return { project, question: project.question("one") };
}

/** Runs the plan to its end while time goes on, as the sessions of a shell need it that is not the role's. */
async function ran(project: FakeProject, yaml: string): Promise<string> {
  const run = await project.begin(yaml);
  let over = false;
  void run.result.finally(() => (over = true));
  while (!over) await project.clock.advanceAsync(50);
  return (await run.result).status;
}

/** Nothing was typed, and another question says why. */
async function isAskedAnew(project: FakeProject, why: string, yaml = plan("ask me")): Promise<ContextEntry> {
  const before = questions(project).length;
  expect(await ran(project, yaml)).toBe("waiting");
  expect(project.commands).toEqual([]);
  expect(questions(project)).toHaveLength(before + 1);
  const question = project.question("one");
  expect(question.reason).toBe(why === "" ? "It asks." : `It asks. ${why}`);
  expect(question.text).toContain(why);
  // It is asked once.
  expect(await ran(project, yaml)).toBe("waiting");
  expect(questions(project)).toHaveLength(before + 1);
  return question;
}

const foreign = "other allowed it in the log, but not as you on this machine, so that does not count.";
const changed = "other allowed it for another command, folder or shell, so that does not count.";

describe("a yes that this user gave to this very command", () => {
  it("lets it run once, and nothing of the key or the text's secrets is in the record", async () => {
    const { project, question } = await asked();
    project.answer(question, "run");
    expect((await project.run(plan("ask me"))).status).toBe("done");
    expect(project.commands).toEqual(["ask me"]);
    expect(project.consents.used.size).toBe(1);
    expect(question.subject).toMatch(/^[0-9a-f]{64}$/);
  });

  it("counts for 24 hours", async () => {
    const { project, question } = await asked();
    project.answer(question, "run");
    project.clock.advance(24 * hourMs);
    expect((await project.run(plan("ask me"))).status).toBe("done");
  });

  it("no longer counts after that", async () => {
    const { project, question } = await asked();
    project.answer(question, "run");
    project.clock.advance(24 * hourMs + 1);
    const anew = await isAskedAnew(project, "other allowed it more than 24 hours ago, so that no longer counts.");
    project.answer(anew, "run");
    expect((await project.run(plan("ask me"))).status).toBe("done");
  });

  it("counts for one time: another try asks again, and says why", async () => {
    const project = careful();
    project.server.shell = (text, terminal) => (text === "ask me" ? failed : shell(text, terminal));
    const tries = plan("ask me", ", retries: { attempts: 2 }");
    await project.run(tries);
    project.answer(project.question("one"), "run");
    const run = await project.begin(tries);
    await project.until(run, () => project.lifeOf("one").includes("retrying"));
    await project.clock.advanceAsync(60_000);
    expect((await run.result).status).toBe("waiting");
    expect(project.commands).toEqual(["ask me"]);
    expect(project.question("one")).toMatchObject({
      kind: "approval_needed",
      reason: "It asks. other allowed it once, and that answer was used. Each answer counts for one time.",
    });
    project.answer(project.question("one"), "run");
    expect((await project.run(tries)).status).toBe("failed");
    expect(project.commands).toEqual(["ask me", "ask me"]);
  });

  it("is used up for whoever has an older copy of the record", async () => {
    const { project, question } = await asked();
    const answer = project.answer(question, "run");
    const copy = careful();
    copy.consents = project.consents;
    copy.shared.entries.push(...project.entries);
    expect(copy.entries).toContain(answer);
    expect((await project.run(plan("ask me"))).status).toBe("done");
    await isAskedAnew(copy, "other allowed it once, and that answer was used. Each answer counts for one time.");
  });

  it("is used by one of two processes that begin at the same moment", async () => {
    const { project, question } = await asked();
    project.answer(question, "run");
    // The other one is faster, between the look at the answer and the first key.
    let looks = 0;
    const mine = project.consents;
    project.consents = {
      ...mine,
      isUsed: async (seal) => {
        const used = await mine.isUsed(seal);
        if (++looks === 2) await mine.use(seal);
        return used;
      },
    };
    expect((await project.run(plan("ask me"))).status).toBe("waiting");
    expect(project.server.terminals.size).toBe(1);
    expect([...project.server.terminals.values()].flatMap(({ typed }) => typed).join("")).not.toContain("ask me");
    expect(project.entries.filter(({ kind, outcome }) => kind === "result" && outcome === "not_sent")).toHaveLength(1);
  });
});

describe("a yes that counts for nothing", () => {
  it("is one that came with the record, of before there were seals", async () => {
    const { project, question } = await asked();
    const { seal: _seal, subject: _subject, ...old } = question;
    const forged = forge(project, question, { ...old, seal: undefined, subject: undefined });
    project.answer(forged, "run");
    await isAskedAnew(project, foreign);
  });

  it("is one of another user or machine, as is their question", async () => {
    const project = careful();
    const mine = project.consents;
    project.consents = testConsents("theirs");
    await project.run(plan("ask me"));
    project.answer(project.question("one"), "run");
    project.consents = mine;
    await isAskedAnew(project, foreign);
  });

  it("is an answer without a seal, or with another one's", async () => {
    const { project, question } = await asked();
    const answer = project.answer(question, "run");
    forge(project, answer, { seal: "0".repeat(64) });
    const second = await isAskedAnew(project, foreign);
    project.shared.add({ ...answer, refs: [{ type: "entry", id: second.id }] });
    await isAskedAnew(project, foreign);
  });

  it.each<[string, Partial<ContextEntry>]>([
    ["its text", { input: "npm test" }],
    ["its sentence", { text: 'one needs approval to run "npm test"' }],
    ["its reason", { reason: "It is harmless." }],
    ["its folder", { cwd: "/elsewhere" }],
    ["its task", { task_id: "one", role: "other" }],
    ["what its answers are", { options: ["run"] }],
    ["its place", { id: "e999999" }],
  ])("is one to a question that shows something else: %s", async (_, more) => {
    const { project, question } = await asked();
    const forged = forge(project, question, more);
    expect(sealYes(project.consents, forged)).toBeUndefined();
    // Also for who has the key, and gives the answer a seal all the same.
    project.answer(forged, "run");
    await isAskedAnew(project, foreign);
  });

  it("is one to another command that was asked about here", async () => {
    const { project, question } = await asked("ask you");
    project.answer(question, "run");
    forge(project, question, { definition: undefined });
    await isAskedAnew(project, "");
  });

  it("is one that was moved to another question of this user", async () => {
    const { project, question } = await asked("ask you");
    const answer = project.answer(question, "run");
    await project.run(plan("ask me"));
    project.shared.add({ ...answer, refs: [{ type: "entry", id: project.question("one").id }] });
    await isAskedAnew(project, foreign);
  });

  it("is one for another folder", async () => {
    const { project, question } = await asked();
    project.answer(question, "run");
    project.baseFolder = "/elsewhere";
    await isAskedAnew(project, changed);
  });

  it("is one for another shell than the one that reads it", async () => {
    const project = careful();
    project.server.shellName = "zsh";
    const yaml = plan("ask me", "", "shell: bash");
    await project.run(yaml);
    project.answer(project.question("one"), "run");
    await isAskedAnew(project, "other allowed it for bash, but zsh reads it here, so that does not count.", yaml);
  });
});

describe("a question that is not this one's", () => {
  it("is asked anew, and is none any more", async () => {
    const { project, question } = await asked();
    forge(project, question, { input: "npm test", text: "npm test?" });
    await isAskedAnew(project, "");
    const { record, result } = await project.begin(plan("ask me"));
    expect(record.state.escalations.get(question.id)).toMatchObject({ settled: true });
    await result;
  });
});

describe("an answer without effect on what may run", () => {
  it("counts from anywhere", async () => {
    const { project, question } = await asked();
    const { seal: _seal, ...unsealed } = question;
    forge(project, question, { ...unsealed, seal: undefined });
    project.consents = testConsents("theirs");
    project.answer(project.question("one"), "skip");
    expect((await project.run(plan("ask me"))).tasks).toMatchObject([{ state: "skipped" }]);
  });
});
