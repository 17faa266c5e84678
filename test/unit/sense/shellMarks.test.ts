import { describe, expect, it } from "vitest";
import { type ShellEvent, ShellMarks } from "../../../src/core/sense/shellMarks";
import { StreamScanner } from "../../../src/core/sense/streamScanner";

const key = "k1";

class Session {
  readonly marks = new ShellMarks(key);
  readonly events: ShellEvent[] = [];
  readonly #scanner = new StreamScanner({
    mark: (mark) => this.marks.mark(mark),
    printable: () => this.marks.printable(),
    cursor: (move) => this.marks.cursor(move),
    output: (bytes) => this.marks.output(bytes),
  });

  constructor() {
    this.marks.onEvent((event) => this.events.push(event));
  }

  print(text: string): this {
    this.#scanner.write(Buffer.from(text));
    return this;
  }

  mark(letter: string, n: number, rest = ""): this {
    return this.print(`\x1b]133;${letter};k=${key};n=${n}${rest}\x07`);
  }

  prompt(n: number, issue = n, results = "", shell = "bash"): this {
    const rest = `;s=${shell};i=${issue};l=${results}`;
    return this.mark("A", n, rest).print("user$ ").mark("B", n, rest);
  }

  /** `ready 1`, `ended 1=0 mark` and so on. */
  get told(): string[] {
    return this.events.splice(0).map((event) => {
      switch (event.type) {
        case "ready":
        case "started":
        case "continuation":
          return `${event.type} ${event.n}`;
        case "promptAgain":
          return `${event.redrawn ? "redrawn" : "again"} ${event.n}${event.running ? " running" : ""}`;
        case "ended":
          return `ended ${event.n}=${event.status} ${event.by}${event.output ? ` ${JSON.stringify(Buffer.from(event.output.bytes()).toString())}${event.output.incomplete ? " incomplete" : ""}` : ""}`;
        case "shellExit":
          return `exit ${event.status}`;
      }
    });
  }
}

describe("ShellMarks", () => {
  it("follows a command from prompt to prompt", () => {
    const session = new Session();
    expect(session.marks).toMatchObject({ n: 0, ready: false, clean: false, running: false, shell: undefined });
    session.prompt(1);
    expect(session.marks).toMatchObject({ n: 1, ready: true, clean: true, running: false, shell: "bash" });
    session.print("ls\r\n");
    expect(session.marks.clean).toBe(false);
    session.mark("C", 1).print("file\r\n");
    expect(session.marks).toMatchObject({ ready: false, running: true });
    expect(Buffer.from(session.marks.runningOutput?.bytes() ?? []).toString()).toBe("file\r\n");
    session.mark("D;3", 1).print("hook");
    expect(session.marks).toMatchObject({ ready: false, running: false, runningOutput: undefined });
    session.prompt(2, 2, "1:3,");
    expect(session.told).toEqual(["ready 1", "started 1", 'ended 1=3 mark "file\\r\\n"', "ready 2"]);
    expect([...session.marks.lastResults]).toEqual([[1, 3]]);
  });

  it("ignores marks of others, and such without a number", () => {
    const session = new Session().prompt(1).mark("C", 1);
    session.print(
      "\x1b]133;D;0\x07\x1b]133;D;0;k=other;n=1\x07\x1b]133;D;0;k=k1\x07\x1b]133;D;k=k1;n=1\x07\x1b]133;B;k=k1;n=x\x07",
    );
    expect(session.told).toEqual(["ready 1", "started 1"]);
  });

  it("counts the first C and the first D of a number", () => {
    const session = new Session()
      .prompt(1)
      .mark("C", 1)
      .print("a")
      .mark("C", 1)
      .print("b")
      .mark("D;1", 1)
      .mark("D;0", 1)
      .mark("C", 1);
    expect(session.told).toEqual(["ready 1", "started 1", 'ended 1=1 mark "ab"']);
  });

  it("tells a prompt that is drawn again from a new one with the same number", () => {
    const session = new Session().prompt(1).prompt(1).prompt(1, 2).prompt(1, 2);
    expect(session.told).toEqual(["ready 1", "redrawn 1", "again 1", "redrawn 1"]);
    expect(session.marks.ready).toBe(true);
  });

  it("remembers that something stood on a prompt that is drawn again, until the next one", () => {
    const session = new Session().prompt(1);
    session.prompt(1);
    expect(session.marks).toMatchObject({ clean: true, hadText: false });
    session.print("draft").prompt(1);
    expect(session.marks).toMatchObject({ clean: true, hadText: true });
    session.prompt(1);
    expect(session.marks.hadText).toBe(true);
    session.prompt(1, 2);
    expect(session.marks.hadText).toBe(false);
  });

  it("calls the line clean while only cursors, modes and right prompts are printed", () => {
    const session = new Session()
      .prompt(1)
      .print("\x1b[K\x1b=\x1b[?2004h\r  \x1b]0;title\x07")
      .mark("R", 1)
      .print("12:00")
      .mark("R", 1, ";e=1");
    expect(session.marks.clean).toBe(true);
    session.print("x");
    expect(session.marks.clean).toBe(false);
    session.prompt(1);
    expect(session.marks.clean).toBe(true);
  });

  describe("a right prompt of zsh", () => {
    // As zsh 5.9 draws them.
    const drawn = {
      "beside a short prompt": "\x1b[K\x1b[70C[right]\x1b[77D\x1b[?1h\x1b=\x1b[?2004h",
      "up to the last column": "\x1b[K\x1b[71C[right]\r\x1b[2C\x1b[?1h\x1b=",
      "beside a prompt that ends in an empty row": "\x1b[K\x1b[77C\x1b[31m[r]\x1b[39m\r\x1b[?1h",
      "below a prompt as wide as the terminal": "\r\n\x1b[K\x1b[76C[r]\r\x1b[?1h",
      "so near that single steps lead back": "\x1b[K\x1b[4C[r]\b\b\b\b\b\b\b",
      "in the row above": "\x1b[K\x1b[73C\x1b[1A[up]\x1b[1B\x1b[77D",
      "behind blanks that stand in the line": "  \x1b[K\x1b[68C[right]\x1b[75D",
      "in several colours and words": "\x1b[K\x1b[60C\x1b[1ma b\x1b[0m \x1b[32mé 12:00\x1b[39m\x1b[77D",
    };

    const prompted = (): Session => new Session().prompt(1, 1, "", "zsh");

    it.each(Object.entries(drawn))("is nobody's text, and what is typed then is: %s", (_, text) => {
      const session = prompted().print(text);
      expect(session.marks.clean).toBe(true);
      session.print("x");
      expect(session.marks.clean).toBe(false);
    });

    it.each(Object.entries(drawn))("is known however its bytes are cut: %s", (_, text) => {
      const session = prompted();
      for (const letter of text) session.print(letter);
      expect(session.marks.clean).toBe(true);
      session.print("x");
      expect(session.marks.clean).toBe(false);
    });

    it.each([
      ["beside it", "ls\x1b[K\x1b[68C[right]\x1b[75D"],
      ["beside it, with blanks in front", "  ls\x1b[K\x1b[66C[right]\x1b[75D"],
      ["behind it in the same bytes", "\x1b[K\x1b[77C[r]\rls"],
      ["with the cursor on its first letter", "ls\x1b[K\x1b[68C[right]\x1b[77D"],
      ["where there is none", "ls\x1b[K\b\b"],
      ["where the cursor went back and forth in blanks", "  \b\b\x1b[2Cls"],
      ["where it came back from the first column", "  \r\x1b[4Cls"],
      ["where it came from another row", "\x1b[1A\x1b[4Cls"],
    ])("leaves unsent text what it is: %s", (_, text) => {
      expect(prompted().print(text).marks.clean).toBe(false);
      const session = prompted();
      for (const letter of text) session.print(letter);
      expect(session.marks.clean).toBe(false);
    });

    it("changes beside an empty line and beside text", () => {
      const session = prompted().print("\x1b[K\x1b[73Cmain\x1b[77D");
      session.prompt(1, 1, "", "zsh").print("\x1b[K\x1b[72Cvicmd\x1b[77D");
      expect(session.marks).toMatchObject({ clean: true, hadText: false });
      session.print("x").prompt(1, 1, "", "zsh").print("x\x1b[K\x1b[71Cvicmd\x1b[77D");
      expect(session.marks).toMatchObject({ clean: false, hadText: true });
    });

    it("is looked for in zsh only", () => {
      expect(new Session().prompt(1).print("\x1b[K\x1b[70C[right]\x1b[77D").marks.clean).toBe(false);
    });
  });

  it("tells once that more lines are wanted, until the prompt comes again", () => {
    const session = new Session().prompt(1).print("'a\r\n").mark("P", 1).print("> ").mark("P", 1);
    expect(session.marks).toMatchObject({ continuation: true, clean: false });
    session.prompt(1, 2);
    expect(session.marks).toMatchObject({ continuation: false, clean: true });
    expect(session.told).toEqual(["ready 1", "continuation 1", "again 1"]);
  });

  it("takes bash's prompt for more lines after broken quotes in eval for the next prompt", () => {
    const session = new Session().prompt(1).mark("C", 1).mark("D;2", 1).print("> ").mark("P", 1);
    expect(session.marks).toMatchObject({ n: 2, ready: true, clean: true, continuation: false });
    session.mark("P", 1).mark("C", 2).mark("D;0", 2).prompt(3);
    expect(session.told).toEqual([
      "ready 1",
      "started 1",
      'ended 1=2 mark ""',
      "ready 2",
      "redrawn 2",
      "started 2",
      'ended 2=0 mark ""',
      "ready 3",
    ]);
  });

  it("learns a missed end from a later prompt", () => {
    const session = new Session().prompt(1).mark("C", 1).print("some");
    session.marks.gap();
    session.prompt(3, 3, "2:7,1:1,");
    expect(session.told).toEqual([
      "ready 1",
      "started 1",
      'ended 1=1 list "some" incomplete',
      "ended 2=7 list",
      "ready 3",
    ]);
  });

  it("does not report what ended before the first prompt it saw, but knows it", () => {
    const session = new Session().prompt(18, 20, "17:0,16:1,15");
    expect(session.told).toEqual(["ready 18"]);
    expect([...session.marks.lastResults]).toEqual([
      [16, 1],
      [17, 0],
    ]);
  });

  it("reports the end of a command that ran already when it began to listen", () => {
    const session = new Session().print("text").mark("D;5", 4).prompt(5);
    expect(session.told).toEqual(["ended 4=5 mark", "ready 5"]);
  });

  it("says when a prompt is drawn although the end was never told", () => {
    const session = new Session().prompt(1).mark("C", 1).prompt(1, 2);
    expect(session.told).toEqual(["ready 1", "started 1", "again 1 running"]);
    expect(session.marks).toMatchObject({ ready: false, running: true });
    session.prompt(20, 30, "19:0,");
    expect(session.told).toEqual(["ended 19=0 list", "ready 20"]);
    expect(session.marks).toMatchObject({ ready: true, running: false });
  });

  it("tells the end of the shell, with the end of its last command", () => {
    expect(new Session().prompt(1).mark("C", 1).print("exit\r\n").mark("D;4", 1, ";x=1").told).toEqual([
      "ready 1",
      "started 1",
      'ended 1=4 mark "exit\\r\\n"',
      "exit 4",
    ]);
    expect(new Session().prompt(1).mark("C", 1).mark("D;4", 1).mark("D;4", 1, ";x=1").told).toEqual([
      "ready 1",
      "started 1",
      'ended 1=4 mark ""',
      "exit 4",
    ]);
    const atPrompt = new Session().prompt(1).mark("D;0", 1, ";x=1");
    expect(atPrompt.told).toEqual(["ready 1", "exit 0"]);
    expect(atPrompt.marks).toMatchObject({ ready: false, exited: { status: 0 } });
  });

  it("leaves out what comes between the end of the output and the status", () => {
    const session = new Session().prompt(1).mark("C", 1).print("text").mark("E", 1).print("%      \r").mark("D;0", 1);
    expect(session.told.at(-1)).toBe('ended 1=0 mark "text"');
  });

  it("is not ready after a gap, until a prompt says so", () => {
    const session = new Session().prompt(1);
    session.marks.gap();
    expect(session.marks.ready).toBe(false);
    session.prompt(1);
    expect(session.marks.ready).toBe(true);
  });
});
