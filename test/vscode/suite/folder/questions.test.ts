import { deepEqual, equal, match, ok } from "node:assert/strict";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "mocha";
import { window, workspace } from "vscode";
import { isSessionRow, type NeedRow } from "../../../../src/protocol/needRows";
import { questionLanguage, questionScheme } from "../../../../src/extension/identifiers";
import { until } from "../../../support/until";
import { terminalsOf } from "../../support/attachedTerminal";
import { startCli } from "../../support/cli";
import {
  doneProject,
  entries,
  entryOf,
  folder,
  probe,
  projectRowOf,
  run,
  saysOfProject,
  sessionMs,
  sessionRow,
} from "../../support/host";
import { append, OtherWindow, question } from "../../support/otherWindow";
import { personAtTheWindow } from "../../support/person";

const asks = (project: string): Promise<{ id: string }> =>
  entryOf(project, "its question", (entry) => entry.kind === "approval_needed");

async function untilNotRunning(project_id: string): Promise<void> {
  const { running } = await probe();
  await until(`${project_id} is not running`, () => !running().includes(project_id), sessionMs);
}

async function rowOf(id: string): Promise<NeedRow> {
  const { trees } = await probe();
  return until("the question has a row", () => trees.attention.getChildren().find((each) => each.id === id), sessionMs);
}

/** What its row says now. */
async function itemOf(id: string): Promise<{ description: string; context: string | undefined }> {
  const { trees } = await probe();
  const { description, contextValue } = trees.attention.getTreeItem(await rowOf(id));
  return { description: String(description), context: contextValue };
}

async function untilClosed(id: string): Promise<void> {
  const { trees } = await probe();
  await until(
    "the question has no row any more",
    () => !trees.attention.getChildren().some((each) => each.id === id),
    sessionMs,
  );
}

describe("questions", () => {
  const person = personAtTheWindow();

  it("come as one message that says who asks first and lets nothing run; a dialog with all of it does, and not first", async () => {
    const { views } = await probe();
    mkdirSync(join(folder(), "toasted"), { recursive: true });
    await run("doProject", { project: "toasted", run: ["rm -rf ./toasted"] });
    const told = await person().hears(/^run \(toasted\) wants to run: rm -rf \.\/toasted — /);
    deepEqual([told.modal, told.buttons], [false, ["Review", "Skip", "Snooze"]]);
    person().answers(/^May run \(toasted\) run this command\?$/, "Run");
    await run("answer", (await asks("toasted")).id);
    const asked = await person().hears(/^May run \(toasted\)/);
    deepEqual([asked.modal, asked.buttons], [true, ["Review", "Skip", "Run"]]);
    match(asked.detail ?? "", /\n\nrm -rf \.\/toasted$/);
    await saysOfProject("toasted", "done");
    ok(!existsSync(join(folder(), "toasted")));
    await until(
      "nothing waits any more",
      () => views.attention.badge === undefined || views.attention.badge.value === 0,
    );
    equal(person().told.filter(({ message }) => message.startsWith("run (toasted)")).length, 1);
    const [delivered, ...more] = entries("toasted").filter((entry) => entry.event === "delivered");
    deepEqual([delivered?.event, delivered?.pid, more.length], ["delivered", process.pid, 0]);
    await untilNotRunning("toasted");
  });

  it("are answered by row, by id and by choice, and each only once", async () => {
    const { views } = await probe();
    for (const name of ["one", "two"])
      await run("doProject", { project: `asked-${name}`, run: [`rm -rf ./asked-${name}`] });
    const [first, second] = [await asks("asked-one"), await asks("asked-two")];
    const [row] = [await rowOf(first.id), await rowOf(second.id)];
    await until("the badge counts them", () => views.attention.badge?.value === 2);
    person().answers(/^Questions Choose/, "$ rm -rf ./asked-two");
    person().answers(/^May run \(asked-two\)/, "Skip");
    await run("showAttention");
    await entryOf("asked-two", "its answer", (entry) => entry.kind === "answer" && entry.answer === "skip");
    await run("answer", row, "run");
    const answered = await entryOf("asked-one", "its answer", (entry) => entry.kind === "answer");
    match(answered.actor, /^human:/);
    await untilClosed(first.id);
    await run("answer", first.id, "run");
    match(person().errors().at(-1) ?? "", / already answered this question with run, at \d\d:\d\d:\d\d\./);
    await run("answer", second.id, "nonsense");
    await untilNotRunning("asked-one");
    await untilNotRunning("asked-two");
    equal(entries("asked-one").filter((entry) => entry.kind === "answer").length, 1);
  });

  it("of a project that does not run resume it when they are answered here, without a click", async () => {
    const other = startCli(["do", "left-alone", "--run", "rm -rf ./left-alone"]);
    const { id } = await asks("left-alone");
    other.child.kill("SIGKILL");
    await other.done;
    await until(
      "its runner is known to have ended",
      async () => (await probe()).rows().some((row) => row.label === "left-alone" && row.context === "project+stopped"),
      sessionMs,
    );
    await rowOf(id);
    await run("answer", id, "run");
    await saysOfProject("left-alone", "done");
    const claims = entries("left-alone").filter((entry) => entry.kind === "lease" && entry.event === "claimed");
    deepEqual([claims.length, claims.at(-1)?.pid], [2, process.pid]);
    await untilClosed(id);
    await untilNotRunning("left-alone");
  });

  it("of a project that does not run say so on their row, which resumes it, when they are answered elsewhere", async () => {
    const other = startCli(["do", "left-too", "--run", "rm -rf ./left-too"]);
    const { id } = await asks("left-too");
    other.child.kill("SIGKILL");
    await other.done;
    await rowOf(id);
    const { code, text } = await startCli(["answer", id, "run"]).done;
    equal(code, 0, text);
    match(text, /left-too is not running\. Resume it with: wsh-orchestrator do left-too/);
    await until(
      "its row says what the answer waits for",
      async () => / · answered by [^:]+: run · \S+ is not running$/.test((await itemOf(id)).description),
      sessionMs,
    );
    equal((await itemOf(id)).context, "question+answered");
    await run("resumeProject", await rowOf(id));
    await saysOfProject("left-too", "done");
    await untilClosed(id);
    await untilNotRunning("left-too");
  });

  it("are answered here and on a command line at the same moment: the record's order decides, and the later one is told so", async () => {
    const session = await doneProject("raced");
    // From before the other process has begun to after its answer.
    for (const pause of [0, 100, 200, 300, Infinity]) {
      const [asked] = await append("raced", question(session, `After ${pause} ms?`));
      const row = await rowOf(asked?.id ?? "");
      const other = startCli(["answer", row.id, "no"]);
      const from = performance.now();
      await until(
        "it is time",
        () => performance.now() - from >= pause || entries("raced").at(-1)?.kind === "answer",
        sessionMs,
      );
      const before = person().errors().length;
      await run("answer", row, "yes");
      const { code, text } = await other.done;
      const first = entries("raced").find(
        (entry) => entry.kind === "answer" && entry.refs?.some((ref) => ref.id === row.id),
      );
      const here = first?.answer === "yes";
      deepEqual([code, person().errors().length - before], here ? [1, 0] : [0, 1], text);
      match(
        here ? text : (person().errors().at(-1) ?? ""),
        here ? /already answered this question with yes/ : /already answered this question with no/,
      );
      await untilClosed(row.id);
    }
  });
});

describe("messages of questions", () => {
  const person = personAtTheWindow();
  let other: OtherWindow;
  let session: string;

  before(async () => {
    other = await OtherWindow.open();
    session = await doneProject("told");
    await doneProject("told-too");
  });
  after(() => other.close());
  // One that fails leaves no question for the next ones.
  afterEach(async () => {
    const { trees } = await probe();
    for (const row of trees.attention.getChildren())
      if (!isSessionRow(row) && row.project.startsWith("told")) await run("answer", row.id, row.options.at(-1));
    await run("unmuteQuestions", "told");
  });

  const toasts = (what: RegExp): number =>
    person().told.filter(({ kind, message }) => kind === "warning" && what.test(message)).length;
  const answered = async (id: string): Promise<void> => {
    await run("answer", id, "no");
    await untilClosed(id);
  };

  it("tell of several together, are put off together, and come again when the time is over", async () => {
    const deadline = new Date(Date.now() + 3_600_000).toISOString();
    person().answers(/2 questions need your answer/, "Snooze");
    const [one] = await append("told", question(session, "This or that?", { deadline, default: "no" }));
    const [two] = await append("told-too", question("proj-told-too::shell::1", "Now?"));
    ok(one && two);
    const told = await person().hears(/^2 questions need your answer: shell::1 \(told\), shell::1 \(told-too\)\.$/);
    deepEqual([told.modal, told.buttons], [false, ["Review", "Snooze"]]);
    match((await itemOf(one.id)).description, /answer within 1 h( 1 min)?, else: no/);
    const { views, statusText } = await probe();
    equal(views.attention.badge?.value, 2);
    await until("the status bar counts them", () => statusText().includes("2 questions"));
    for (const project of ["told", "told-too"])
      await entryOf(
        project,
        "that it was put off",
        (entry) => entry.event === "snoozed" && Date.parse(entry.expires_at ?? "") > Date.now() + 500_000,
      );
    equal(toasts(/need you/), 1);
    person().answers(/^shell::1 \(told\): This or that\?/, "No");
    await append("told", {
      kind: "delivery",
      actor: "human:x",
      session_name: null,
      event: "snoozed",
      text: "Until a moment ago.",
      expires_at: new Date(Date.now() - 1000).toISOString(),
      refs: [{ type: "entry", id: one.id }],
    });
    await person().hears(/^shell::1 \(told\): This or that\? \(answer within 1 h( 1 min)?, else: no\)$/);
    await untilClosed(one.id);
    await answered(two.id);
    equal(toasts(/./), 2);
  });

  it("are left to the window that said so first, and come here when that one is gone", async () => {
    const [asked] = await append("told", question(session, "Who tells?"), other.claim());
    ok(asked);
    const { statusText } = await probe();
    await rowOf(asked.id);
    await until("the status bar counts it", () => statusText().includes("1 question"));
    // One that nobody else tells of, to see that this window does not only take its time.
    const [own] = await append("told-too", question("proj-told-too::shell::1", "Is this told?"));
    await person().hears(/Is this told/);
    equal(toasts(/Who tells/), 0);
    person().answers(/Who tells/, "Yes");
    await other.close();
    await person().hears(/^shell::1 \(told\): Who tells\?$/);
    await untilClosed(asked.id);
    const claims = entries("told").filter(
      (entry) => entry.event === "delivered" && entry.refs?.some((ref) => ref.id === asked.id),
    );
    deepEqual(
      claims.map(({ attempt, pid }) => [attempt, pid === process.pid]),
      [
        [1, false],
        [2, true],
      ],
    );
    await answered(own?.id ?? "");
  });

  it("come once: what the person has put away is not told again", async () => {
    const [asked] = await append("told", question(session, "Put away?"));
    await person().hears(/Put away/);
    await entryOf(
      "told",
      "that it was seen",
      (entry) => entry.event === "seen" && entry.refs?.some((ref) => ref.id === asked?.id) === true,
    );
    const [next] = await append("told", question(session, "And this?"));
    await person().hears(/And this/);
    equal(toasts(/Put away/), 1);
    await answered(asked?.id ?? "");
    await answered(next?.id ?? "");
  });

  it("say who was first when their button is pressed late", async () => {
    const late = until(
      "it was answered elsewhere",
      () =>
        entries("told").some(
          (entry) => entry.kind === "answer" && entry.answer === "no" && entry.text.includes("late"),
        ),
      sessionMs,
    );
    person().answers(/Too late/, "Yes", late);
    const [asked] = await append("told", question(session, "Too late?"));
    await person().hears(/Too late/);
    await append("told", {
      kind: "answer",
      actor: "human:quick",
      session_name: session,
      text: "not late",
      answer: "no",
      refs: [{ type: "entry", id: asked?.id ?? "" }],
    });
    await person().hears(/^quick already answered this question with no, at \d\d:\d\d:\d\d\.$/);
    await untilClosed(asked?.id ?? "");
  });

  it("do not come from a muted project, whose row, badge and questions tell, and come again when it is not muted", async () => {
    const { rows, views } = await probe();
    await run("muteQuestions", projectRowOf(rows(), "told"));
    equal(projectRowOf(rows(), "told")?.context, "project+stopped+done+muted");
    match(projectRowOf(rows(), "told")?.description ?? "", /muted/);
    const [asked] = await append("told", question(session, "Is it silent?"));
    const [own] = await append("told-too", question("proj-told-too::shell::1", "Is this loud?"));
    await person().hears(/Is this loud/);
    await rowOf(asked?.id ?? "");
    await until("the badge counts both", () => views.attention.badge?.value === 2);
    equal(toasts(/Is it silent/), 0);
    await run("unmuteQuestions", "told");
    await person().hears(/Is it silent/);
    for (const each of [asked, own]) await answered(each?.id ?? "");
  });

  it("do not come while the session is in front of the person, and come when it is not", async () => {
    await run("attachSession", await sessionRow(session));
    await until("its terminal is the active one", () => window.activeTerminal === terminalsOf(session)[0], sessionMs);
    const { shown, rows } = await probe();
    const key = projectRowOf(rows(), "told")?.key ?? "";
    await until("it counts as visible", () => shown.isVisible({ key, name: session }));
    const [asked] = await append("told", question(session, "Do you see it?"));
    const [own] = await append("told-too", question("proj-told-too::shell::1", "Is this shown?"));
    await person().hears(/Is this shown/);
    await entryOf(
      "told",
      "that this window would tell",
      (entry) => entry.event === "delivered" && entry.refs?.some((ref) => ref.id === asked?.id) === true,
    );
    equal(toasts(/Do you see it/), 0);
    window.activeTerminal?.dispose();
    await person().hears(/Do you see it/);
    for (const each of [asked, own]) await answered(each?.id ?? "");
  });

  it("do not offer to run what they do not show whole; the page does, without characters that hide something", async () => {
    const command = `echo ${"safe ".repeat(300)}\u202e && rm -rf /the/end`;
    person().answers(/wants to run: echo safe/, "Review");
    const [asked] = await append(
      "told",
      question(session, "It deletes.", {
        kind: "approval_needed",
        input: command,
        reason: "It deletes.",
        options: ["run", "skip"],
      }),
    );
    const told = await person().hears(/wants to run: echo safe/);
    deepEqual(told.buttons, ["Review", "Skip", "Open Session", "Snooze"]);
    const page = await until("the page is open, and wraps its lines", () =>
      workspace.textDocuments.find(
        ({ uri, languageId }) =>
          uri.scheme === questionScheme && uri.fragment === asked?.id && languageId === questionLanguage,
      ),
    );
    equal(workspace.getConfiguration("editor", page).get("wordWrap"), "on");
    await until("it is in front", () => window.activeTextEditor?.document === page);
    person().answers(/^shell::1 \(told\) Choose an answer/, "Skip");
    await run("answer", page.uri);
    await untilClosed(asked?.id ?? "");
    match(
      page.getText(),
      /^shell::1 \(told\)\n\nIt deletes\.\n\nshell::1 wants to run:\n\n {4}echo (safe ){300}<U\+202E> && rm -rf \/the\/end\n/,
    );
    await until("it says what became of it", () => /answered by [^:]+: skip\n/.test(page.getText()), sessionMs);
    equal(
      person()
        .picked.at(-1)
        ?.items.map(({ label }) => label)
        .join(),
      "Back to the Question,Skip,Run,Snooze for 10 Minutes",
    );
  });

  it("that are open are one list, with answers, snooze and mute", async () => {
    const [asked] = await append("told", question(session, "Which one?"));
    await rowOf(asked?.id ?? "");
    person().answers(/^Questions Choose/, "Mute told");
    await run("showAttention");
    const { rows } = await probe();
    await until("it is muted", () => projectRowOf(rows(), "told")?.context === "project+stopped+done+muted");
    person().answers(/^Questions Choose/, "Unmute told");
    await run("showAttention");
    person().answers(/^Questions Choose/, "Snooze All for 10 Minutes");
    await run("showAttention");
    await entryOf(
      "told",
      "that it was put off",
      (entry) => entry.event === "snoozed" && entry.refs?.some((ref) => ref.id === asked?.id) === true,
    );
    deepEqual(
      person()
        .picked.at(-1)
        ?.items.map(({ label }) => label),
      ["Which one?", "notifications", "Snooze All for 10 Minutes", "Mute told"],
    );
    await answered(asked?.id ?? "");
  });
});
