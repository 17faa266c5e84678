import { describe, expect, it } from "vitest";
import {
  type LiveModel,
  livePicture,
  type LiveQuestion,
  type LiveTask,
  questionsShown,
} from "../../../src/cli/livePicture";
import { createPaint, paintLine, piecesWidth } from "../../../src/cli/paint";

const task = (id: string, state: LiveTask["state"], duration_ms?: number): LiveTask => ({
  id,
  where: "builder",
  state,
  word: state,
  attempts: 1,
  duration_ms,
});

const model: LiveModel = {
  name: "alpha",
  goal: "Ship the parser",
  elapsed_ms: 42_400,
  tasks: [
    task("build", "succeeded", 3_200),
    { ...task("review", "running", 12_300), where: "reviewer::1", attempts: 2 },
    task("ship", "pending"),
  ],
  count: { succeeded: 1, total: 3, others: [] },
  sessions: [
    {
      name: "reviewer::1",
      command: "git diff --stat",
      mark: "$",
      runsFor_ms: 12_300,
      state: "working",
      lastLine: "3 files changed",
      quiet_ms: undefined,
    },
    {
      name: "builder::1",
      command: undefined,
      mark: "$",
      runsFor_ms: 0,
      state: "idle",
      lastLine: "",
      quiet_ms: undefined,
    },
  ],
  questions: [],
  typed: "",
  notice: "",
  stopping: false,
};

const force: LiveQuestion = {
  id: "01J7KQX2M",
  answerCommand: "wsh-orchestrator answer 7KQX2M skip   (or: run)",
  where: "ship",
  reason: '"git push --force" overwrites what others have.',
  command: "git push --force",
  mark: "$ ",
  options: ["run", "skip"],
  above: false,
};

function drawn(of: LiveModel, columns: number, rows: number): string[] {
  return livePicture(of, { columns, rows }).map((line) => paintLine(line, columns - 1, createPaint(false)).trimEnd());
}

describe("the live picture", () => {
  it("marks a prompt as one, which is no command of a shell", () => {
    const [reviewer] = model.sessions;
    if (!reviewer) throw new Error("There is no session.");
    const sessions = [{ ...reviewer, command: "Review the change", mark: "›" as const }];
    const lines = livePicture({ ...model, sessions }, { columns: 80, rows: 24 }).map((line) =>
      line.map(({ text }) => text).join(""),
    );
    expect(lines.some((line) => line.includes("› Review the change"))).toBe(true);
    expect(lines.some((line) => line.includes("$"))).toBe(false);
  });

  it("shows tasks, sessions and what they do at 80x24", () => {
    expect(drawn(model, 80, 24)).toEqual([
      "── alpha  Ship the parser ──────────────────────── 1 of 3 tasks succeeded  42 s",
      " ✓ build   builder      succeeded  3.2 s",
      " ● review  reviewer::1  running    12 s  try 2",
      " · ship    builder      pending",
      "",
      " reviewer::1  $ git diff --stat  12 s",
      "              3 files changed",
      " builder::1   idle",
    ]);
  });

  it("asks the open question and shows what is typed", () => {
    const asking: LiveModel = { ...model, questions: [force], typed: "ru" };
    expect(drawn(asking, 80, 24).slice(-4)).toEqual([
      "",
      ' ? "git push --force" overwrites what others have.',
      "   ship $ git push --force",
      "   Type skip or run, then Enter › ru▏",
    ]);
    expect(questionsShown(asking, { columns: 80, rows: 24 })).toEqual(["01J7KQX2M"]);
    const elsewhere = { ...asking, typed: undefined };
    expect(drawn(elsewhere, 80, 24).at(-1)).toBe("   Answer with: wsh-orchestrator answer 7KQX2M skip   (or: run)");
  });

  const long = `${Array.from({ length: 30 }, (_, index) => `echo step ${index} of many things to do`).join(" && ")} && rm -rf /srv/data && ${"echo after; ".repeat(40)}`;
  const dangerous: LiveQuestion = {
    ...force,
    reason: '"rm -rf /srv/data" deletes files or whole folders without asking. 2 more wait behind it.',
    command: long,
  };

  it.each([
    [80, 24],
    [40, 24],
    [40, 16],
    [120, 50],
  ])(
    "shows the reason first and the dangerous part of a long command, and no way to run it, at %ix%i",
    (columns, rows) => {
      const asking: LiveModel = { ...model, questions: [dangerous] };
      const lines = drawn(asking, columns, rows);
      expect(questionsShown(asking, { columns, rows })).toEqual([]);
      const text = lines.map((line) => line.trim()).join(" ");
      expect(text).toContain(
        '? "rm -rf /srv/data" deletes files or whole folders without asking. 2 more wait behind it. ship $ echo step 0',
      );
      expect(text).toMatch(/… \d+ characters hidden ….*rm -rf\s+\/srv\/data.*… \d+ characters hidden …/);
      expect(text).toContain("Read all: wsh-orchestrator atte");
      expect(lines.at(-1)).toMatch(/Type skip, then Enter › ▏$/);
      expect(lines.length).toBeLessThan(rows);
    },
  );

  it("lets a long command run that was printed whole above", () => {
    const asking: LiveModel = { ...model, questions: [{ ...dangerous, above: true }] };
    expect(questionsShown(asking, { columns: 80, rows: 24 })).toEqual([dangerous.id]);
    expect(drawn(asking, 80, 24).slice(-2)).toEqual([
      "   All of it stands above.",
      "   Type skip or run, then Enter › ▏",
    ]);
  });

  it("says how to answer elsewhere without cutting the id", () => {
    expect(drawn({ ...model, questions: [force], typed: undefined }, 40, 24).slice(-2)).toEqual([
      "   Answer with: wsh-orchestrator",
      "   answer 7KQX2M skip (or: run)",
    ]);
  });

  it.each([
    [20, 6],
    [40, 6],
    [12, 4],
  ])("does not take a question for shown that %ix%i has no room for", (columns, rows) => {
    const asking: LiveModel = { ...model, questions: [dangerous] };
    expect(questionsShown(asking, { columns, rows })).toEqual([]);
    expect(drawn(asking, columns, rows).join("\n")).not.toContain("Enter");
  });

  it("numbers several questions", () => {
    const question = { ...force, reason: "May I?", command: undefined };
    const lines = drawn({ ...model, questions: [question, { ...question, reason: "And this?" }] }, 80, 24);
    expect(lines).toContain(" 1 ? May I?");
    expect(lines).toContain(" 2 ? And this?");
  });

  it("keeps what moves when not all tasks fit, and counts the rest", () => {
    const many = [
      ...Array.from({ length: 30 }, (_, index) => task(`done-${index}`, "succeeded", 10)),
      task("now", "running", 1_000),
      task("bad", "failed", 5),
      ...Array.from({ length: 10 }, (_, index) => task(`later-${index}`, "pending")),
    ];
    const lines = drawn({ ...model, tasks: many }, 80, 24).join("\n");
    expect(lines).toMatch(/● now/);
    expect(lines).toMatch(/✗ bad/);
    expect(lines).toMatch(/and \d+ (pending, \d+ )?succeeded/);
  });

  it("fits every size, with wide characters too", () => {
    const wide: LiveModel = {
      ...model,
      name: "日本語のプロジェクト",
      goal: "長い目標".repeat(20),
      tasks: Array.from({ length: 9 }, (_, index) => ({
        ...task(`タスク-${index}`, "running", 1_000),
        where: "作業者",
      })),
      sessions: [
        {
          name: "作業者::1",
          command: "echo 日本語".repeat(20),
          mark: "$",
          runsFor_ms: 1,
          state: "working",
          lastLine: "出力".repeat(90),
          quiet_ms: undefined,
        },
      ],
      questions: [
        {
          id: "A",
          answerCommand: "wsh-orchestrator answer A run",
          reason: "質問です ".repeat(60),
          command: "消す\n".repeat(60),
          mark: "$ ",
          where: "作業",
          options: ["run"],
          above: false,
        },
      ],
      notice: "だめです",
    };
    for (const [columns, rows] of [
      [80, 24],
      [200, 60],
      [40, 10],
      [20, 6],
      [12, 4],
      [5, 3],
      [2, 2],
    ] as const) {
      const lines = livePicture(wide, { columns, rows });
      expect(lines.length, `${columns}x${rows}`).toBeLessThanOrEqual(rows - 1);
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines)
        expect(piecesWidth([{ text: paintLine(line, columns - 1, createPaint(false)) }])).toBeLessThanOrEqual(
          columns - 1,
        );
    }
  });

  it("says when it stops", () => {
    expect(drawn({ ...model, stopping: true }, 80, 24)[0]).toMatch(/alpha {2}stopping…/);
  });
});
