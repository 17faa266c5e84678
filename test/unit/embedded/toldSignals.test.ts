import { describe, expect, it } from "vitest";
import { ScreenModel } from "../../../src/embedded/screenModel";
import { toldSignals } from "../../../src/embedded/toldSignals";

/** What stands of what programs told after this output. */
async function told(...chunks: string[]): Promise<ReturnType<typeof toldSignals>> {
  const screen = new ScreenModel({ rows: 24, cols: 80 }, { parsed: () => undefined, switched: () => undefined });
  for (const chunk of chunks) screen.write(Buffer.from(chunk), () => undefined);
  await new Promise<void>((resolve) => screen.afterParsing(resolve));
  screen.dispose();
  return toldSignals(screen.signals);
}

describe("what programs told their terminal, for who looks once", () => {
  it("is nothing before anything was told", async () => {
    expect(await told("text\x1b[31mred\x07")).toEqual({});
  });

  it("is the title, the progress and the reports that stand, as they came", async () => {
    expect(
      await told(
        "\x1b]0;old\x07\x1b]2;✳ Claude Code\x1b\\\x1b]9;4;3;\x07",
        "\x1b]7501;state=working:app=codex\x1b\\\x1b]7501;state=blo",
        "cked:kind=permission:id=a:msg=cm0gLXJmIGJ1aWxk\x07\x1b]7501;?\x07\x1b]7501;state=nonsense\x07",
      ),
    ).toEqual({
      title: "✳ Claude Code",
      progress: "busy",
      statuses: ["state=working:app=codex", "state=blocked:kind=permission:id=a:msg=cm0gLXJmIGJ1aWxk"],
    });
  });

  it.each([
    ["one is taken back", "\x1b]7501;state=clear:id=a\x07", ["state=idle"]],
    ["all are taken back", "\x1b]7501;state=clear\x07", undefined],
    ["the terminal is reset", "\x1bc", undefined],
    ["a shell's prompt begins", "\x1b]133;A;id=x\x07", ["state=done:id=a"]],
    ["a shell's prompt begins, as VS Code marks it", "\x1b]633;A\x07", ["state=done:id=a"]],
    ["a command ends", "\x1b]133;D;0\x07", ["state=idle", "state=done:id=a"]],
  ])("stands until %s", async (_what, then, statuses) => {
    expect((await told(`\x1b]7501;state=idle\x07\x1b]7501;state=done:id=a\x07${then}`)).statuses).toEqual(statuses);
  });

  it("is bounded and plain text, whatever is told", async () => {
    const many = Array.from({ length: 300 }, (_, index) => `\x1b]7501;state=working:id=n${index}\x07`).join("");
    const { title, statuses } = await told(
      `\x1b]2;${"t".repeat(1_000_000)}\x07${many}\x1b]7501;state=idle:app=${"x".repeat(5000)}\x07`,
    );
    expect(title).toHaveLength(500);
    expect(statuses).toHaveLength(256);
    expect(statuses?.at(-1)).toBe("state=working:id=n299");
    expect((await told("\x1b]2;a\x7fb\x07")).title).toBe("ab");
  });
});
