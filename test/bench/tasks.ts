import { execFileSync } from "node:child_process";
import { type FakeShell } from "../support/fakeTerminal";
import { agreeable, FakeServer } from "../support/fakeServer";
import { ProjectHarness } from "../support/projectHarness";
import { verdict } from "./measures";

const roles = ["north", "east", "south", "west"];

interface Shape {
  readonly title: string;
  /** Each task waits for the one before it in its role. */
  readonly chained: boolean;
  readonly shell: FakeShell;
  readonly ends: string;
}

const shapes: readonly Shape[] = [
  { title: "none waits for another", chained: false, shell: agreeable, ends: "done" },
  { title: "each behind the one before", chained: true, shell: agreeable, ends: "done" },
  { title: "each fails, and a person is asked", chained: false, shell: failing, ends: "failed" },
];

function failing(text: string): ReturnType<FakeShell> {
  return { status: text.startsWith("cd ") ? 0 : 1 };
}

/** So many tasks of one quick command, dealt to four roles. */
function planOf(count: number, chained: boolean): string {
  const task = (index: number): string => {
    const needs = chained && index >= roles.length ? `, needs: [t${index - roles.length}]` : "";
    return `  - { id: t${index}, role: ${roles[index % roles.length] ?? ""}${needs}, run: "true" }`;
  };
  return [
    "max_sessions: 4",
    `roles: { ${roles.map((role) => `${role}: { shell: bash }`).join(", ")} }`,
    "tasks:",
    ...Array.from({ length: count }, (_, index) => task(index)),
  ].join("\n");
}

/** Milliseconds of processor time that one task costs this process; the work tree is one of git, as people's are. */
async function cost({ chained, shell, ends }: Shape, count: number): Promise<number> {
  const harness = await ProjectHarness.create(new FakeServer(shell), { name: "bench" });
  execFileSync("git", ["init", "--quiet", harness.workspace]);
  const before = process.cpuUsage();
  const { status } = await harness.run(planOf(count, chained));
  const { user, system } = process.cpuUsage(before);
  if (status !== ends) throw new Error(`The run ended as ${status}.`);
  return (user + system) / 1000 / count;
}

/**
 * What the engine itself costs: terminals in memory that answer at once, the record in files as ever. A run of few
 * tasks beside one of many, on a warm process; that their cost for each task is alike says that it grows with what
 * changes.
 */
export async function benchTasks(report: (line: string) => void): Promise<void> {
  report("\nTasks: one quick command each, in four roles; processor time of the process that runs them");
  for (const shape of shapes) await cost(shape, 100);
  for (const shape of shapes) {
    const few: number[] = [];
    for (let index = 0; index < 5; index++) few.push(await cost(shape, 100));
    const many = await cost(shape, 1000);
    const typical = few.sort((a, b) => a - b)[2] ?? Number.NaN;
    report(`  100 tasks, ${shape.title}: ${typical.toFixed(2)} ms a task`);
    report(`  1,000 tasks, ${shape.title}: ${many.toFixed(2)} ms a task`);
    report(verdict("a task of 1,000 / a task of 100", many / typical, "x", "<= 1.3x", many / typical <= 1.3));
  }
}
