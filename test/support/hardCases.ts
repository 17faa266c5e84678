import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, it, type TestContext } from "vitest";
import type { IntegratedShell } from "../../src/core/sense/shellMarks";
import type { ContextEntry } from "../../src/core/model/entry";
import type { SessionServer } from "../../src/core/ports/sessions";
import { ProjectHarness } from "./projectHarness";
import { integratedShells } from "./ptyShell";
import { type RunningServer, serverKinds } from "./servers";

/** One shell on one server. */
export interface HardCaseWorld {
  readonly shell: IntegratedShell;
  readonly isWsh: boolean;
  /** Runs only where shell and server are there; the name says what is missing. */
  readonly test: (name: string, body: (context: TestContext) => Promise<void>, timeoutMs?: number) => void;
  /** For suites that prepare something in `beforeAll`. */
  readonly missing: string | undefined;
  readonly project: () => Promise<ProjectHarness>;
  /** A client of its own. */
  readonly client: () => SessionServer;
}

let count = 0;

/** The same cases in each shell on each kind of server (one address of our own, and real wsh). */
export function hardCases(
  title: string,
  body: (world: HardCaseWorld) => void,
  shells: readonly IntegratedShell[] = integratedShells,
): void {
  for (const kind of serverKinds.filter((each) => !each.title.includes("TCP"))) {
    describe(`${title}: ${kind.title}`, () => {
      let running: RunningServer | undefined;
      const server = (): RunningServer => {
        if (!running) throw new Error("The server was not started.");
        return running;
      };
      beforeAll(async () => {
        if (kind.missing === undefined) running = await kind.start();
      });
      afterAll(() => running?.stop());
      for (const shell of shells) {
        const missing =
          kind.missing ?? (installed(shell) || process.env["CI"] ? undefined : `${shell} is not installed`);
        const test = (name: string, run: (context: TestContext) => Promise<void>, timeoutMs?: number): void => {
          if (missing === undefined) it(name, run, timeoutMs);
          else it.skip(`${name} [not run: ${missing}]`, run);
        };
        describe(shell, () =>
          body({
            shell,
            isWsh: kind.isWsh,
            test,
            missing,
            client: () => server().client(),
            project: () => ProjectHarness.create(server().client(), { name: `hard-${++count}` }),
          }),
        );
      }
    });
  }
}

function installed(program: string): boolean {
  return spawnSync(program, ["-c", "exit 0"], { stdio: "ignore" }).status === 0;
}

/** What became of a task's own commands, in order. */
export function resultsOf(entries: readonly ContextEntry[], task_id: string): ContextEntry[] {
  return entries.filter((entry) => entry.kind === "result" && entry.task_id === task_id && entry.step !== undefined);
}

/** `outcome exit_code known_by`, and how it was stopped. */
export function briefly({ outcome, exit_code, known_by, means }: ContextEntry): string {
  return [outcome, exit_code, known_by, ...(means === undefined ? [] : [means])].map(String).join(" ");
}

export function statesOf(result: { tasks: readonly { id: string; state: string }[] }): Record<string, string> {
  return Object.fromEntries(result.tasks.map((task) => [task.id, task.state]));
}

/** A YAML string, whatever the text. */
export function yamlText(text: string | readonly string[]): string {
  return JSON.stringify(text);
}
