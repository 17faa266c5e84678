import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeClock } from "../../support/fakeClock";
import type { PlanWork } from "../../../src/core/ports/plans";
import { plansHere } from "../../../src/core/run/plansHere";
import { head } from "../../support/refusedPlans";

type Listener = (event: unknown) => void;
/** What VS Code tells, by its name. */
const listeners = new Map<string, Listener>();
const listen = (name: string) => (listener: Listener) => {
  listeners.set(name, listener);
  return { dispose: () => listeners.delete(name) };
};
interface FileUri {
  readonly path: string;
  toString(): string;
}
/** The marks of each file, and how often they were set. */
const marks = new Map<string, { count: number; times: number }>();
vi.mock("vscode", () => ({
  l10n: { t: (text: string) => text },
  languages: {
    createDiagnosticCollection: () => ({
      set: ({ path }: FileUri, all: unknown[]) =>
        marks.set(path, { count: all.length, times: (marks.get(path)?.times ?? 0) + 1 }),
      delete: ({ path }: FileUri) => marks.delete(path),
      dispose: () => undefined,
    }),
  },
  window: { onDidChangeActiveTextEditor: listen("active") },
  workspace: {
    onDidChangeTextDocument: listen("change"),
    onDidOpenTextDocument: listen("open"),
    onDidSaveTextDocument: listen("save"),
    onDidCloseTextDocument: listen("close"),
    textDocuments: [],
  },
  extensions: { all: [{ packageJSON: { contributes: { problemMatchers: [{ name: "tsc" }] } } }] },
  commands: { executeCommand: () => Promise.resolve() },
  Position: class {
    translate(): this {
      return this;
    }
  },
  Range: vi.fn(),
  Diagnostic: vi.fn(),
  DiagnosticSeverity: {},
  ViewColumn: {},
}));
const { PlanProblems } = await import("../../../src/extension/plans/planProblems");
// So that a check takes no longer than its promises.
await import("../../../src/core/run/planFunctions");

const wrong = `${head}tasks:\n  - { id: one, role: r, rn: x }\n`;

class Editor {
  readonly uri: FileUri;
  readonly isClosed = false;
  version = 1;
  reads = 0;

  constructor(
    readonly path: string,
    private text: string,
  ) {
    this.uri = { path, toString: () => path };
  }

  getText(): string {
    this.reads++;
    return this.text;
  }

  type(text: string): void {
    this.text = text;
    this.version++;
    listeners.get("change")?.({ document: this, contentChanges: [{}] });
  }
}

let clock: FakeClock;
let problems: InstanceType<typeof PlanProblems>;
beforeEach(() => {
  marks.clear();
  clock = new FakeClock();
  problems = new PlanProblems(clock, plansHere);
});
afterEach(() => problems.dispose());

describe("a plan in an editor is checked", () => {
  it("once, when it has not been changed for a moment", async () => {
    const editor = new Editor("/w/plan.yaml", "");
    for (let letter = wrong.length - 5; letter <= wrong.length; letter++) {
      editor.type(wrong.slice(0, letter));
      await clock.advanceAsync(200);
    }
    expect([editor.reads, marks.size, clock.pending]).toEqual([0, 0, 1]);
    await clock.advanceAsync(100);
    await vi.waitFor(() => expect(marks.get(editor.path)).toEqual({ count: 2, times: 1 }));
    expect(clock.pending).toBe(0);
  });

  it("while it is large, too: of what is typed while it is read only the newest", async () => {
    const reads: { readonly text: string; readonly end: () => void }[] = [];
    const parsePlan: PlanWork["parsePlan"] = (text) =>
      new Promise((_, reject) => reads.push({ text, end: () => void plansHere.parsePlan(text).catch(reject) }));
    problems.dispose();
    problems = new PlanProblems(clock, { ...plansHere, parsePlan });
    const editor = new Editor("/w/plan.yaml", "");
    const texts = [1, 2, 3].map((count) => `${wrong}#${"x".repeat(100_000 * count)}`);
    for (const text of texts) {
      editor.type(text);
      await clock.advanceAsync(300);
    }
    expect(reads.map(({ text }) => text)).toEqual([texts[0]]);
    reads[0]?.end();
    await vi.waitFor(() => expect(reads.map(({ text }) => text)).toEqual([texts[0], texts[2]]));
    expect(marks.size).toBe(0);
    reads[1]?.end();
    await vi.waitFor(() => expect(marks.get(editor.path)).toEqual({ count: 2, times: 1 }));
  });

  it("at once when it is saved, and not again for what was typed before", async () => {
    const editor = new Editor("/w/plan.yaml", "");
    editor.type(wrong);
    listeners.get("save")?.(editor);
    expect(clock.pending).toBe(0);
    await vi.waitFor(() => expect(marks.get(editor.path)).toEqual({ count: 2, times: 1 }));
  });

  it("with a word about problem matchers that VS Code does not know, which keeps it from nothing", async () => {
    const editor = new Editor("/w/plan.yaml", "");
    editor.type(`${head}tasks:\n  - { id: one, role: r, run: x, problems: [$tsc, $nope] }\n`);
    const document = editor as unknown as Parameters<typeof problems.look>[0];
    expect(await problems.look(document)).toBe(0);
    expect(marks.get(editor.path)).toEqual({ count: 1, times: 1 });
    expect(problems.warnings(document)).toEqual([expect.stringMatching(/problem matcher/)]);
  });

  it("not after it was closed", async () => {
    const editor = new Editor("/w/plan.yaml", "");
    editor.type(wrong);
    listeners.get("close")?.(editor);
    await clock.advanceAsync(1000);
    expect([editor.reads, marks.size, clock.pending]).toEqual([0, 0, 0]);
  });

  it("only where it is a plan; other texts are not even read", async () => {
    const editor = new Editor("/w/notes.md", "");
    editor.type(wrong);
    await clock.advanceAsync(1000);
    expect([editor.reads, marks.size]).toEqual([0, 0]);
  });
});
