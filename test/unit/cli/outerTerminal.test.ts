import { describe, expect, it } from "vitest";
import { OuterTerminal } from "../../../src/cli/outerTerminal";
import type { TerminalNews } from "../../../src/protocol/terminalNews";

const news: TerminalNews = {
  title: "alpha 1/2",
  progress: { state: "busy", percent: 50 },
  records: [{ state: "working", app: "wsh-orchestrator", id: "", title: "alpha" }],
};
const begun =
  "\x1b[22;0t\x1b]0;alpha 1/2\x1b\\\x1b]9;4;1;50\x1b\\\x1b]7501;state=working:app=wsh-orchestrator:title=YWxwaGE=\x1b\\";
const takenBack = "\x1b]9;4;0;0\x1b\\\x1b]7501;state=clear\x1b\\";
const titleBack = "\x1b]0;\x1b\\\x1b[23;0t";

function terminal(abilities = { title: true, progress: true, statuses: true }): {
  outer: OuterTerminal;
  take: () => string;
} {
  let written = "";
  const outer = new OuterTerminal({ write: (text: string) => ((written += text), true) }, abilities);
  const take = (): string => {
    const all = written;
    written = "";
    return all;
  };
  return { outer, take };
}

describe("the terminal around a command", () => {
  it("is told, and told no more than once", () => {
    const { outer, take } = terminal();
    outer.show(news);
    expect(take()).toBe(begun);
    outer.show(news);
    expect(take()).toBe("");
    outer.repeat();
    expect(take()).toBe("\x1b]9;4;1;50\x1b\\");
    outer.end(undefined);
    expect(take()).toBe(takenBack + titleBack);
    outer.show(news);
    outer.repeat();
    outer.end("done");
    expect(take()).toBe("");
  });

  it("keeps how it ended", () => {
    for (const kept of ["done", "error"] as const) {
      const { outer, take } = terminal();
      outer.show(news);
      take();
      outer.end(kept);
      expect(take()).toBe(`${takenBack}\x1b]7501;state=${kept}:app=wsh-orchestrator:title=YWxwaGE=\x1b\\${titleBack}`);
    }
  });

  it("is left alone where it was told nothing", () => {
    const { outer, take } = terminal();
    outer.dispose();
    expect(take()).toBe("");
  });

  it("is told only what it understands", () => {
    const { outer, take } = terminal({ title: true, progress: false, statuses: false });
    outer.show(news);
    outer.repeat();
    outer.end("done");
    expect(take()).toBe(`\x1b[22;0t\x1b]0;alpha 1/2\x1b\\${titleBack}`);
  });

  it("has nothing of it while the command is stopped, and all of it again afterwards", () => {
    const { outer, take } = terminal();
    const before = process.listenerCount("SIGTSTP");
    const signals: (string | number | undefined)[] = [];
    const kill = process.kill.bind(process);
    process.kill = (_pid, signal) => {
      signals.push(signal);
      return true;
    };
    try {
      outer.show(news);
      take();
      process.emit("SIGTSTP", "SIGTSTP");
      // Only a process that does not listen to it is stopped by it.
      expect([take(), signals, process.listenerCount("SIGTSTP")]).toEqual([
        takenBack + titleBack,
        ["SIGTSTP"],
        before - 1,
      ]);
      process.emit("SIGCONT", "SIGCONT");
      expect([take(), process.listenerCount("SIGTSTP")]).toEqual([begun, before]);
    } finally {
      process.kill = kill;
      outer.end(undefined);
    }
    expect(process.listenerCount("SIGTSTP")).toBe(before - 1);
    expect(take()).toBe(takenBack + titleBack);
  });
});
