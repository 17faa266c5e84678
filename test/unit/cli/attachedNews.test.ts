import { describe, expect, it } from "vitest";
import { AttachedNews } from "../../../src/cli/attachedNews";
import type { TerminalSigns } from "../../../src/core/ports/sessions";

const all = { title: true, progress: true, statuses: true };
const none = { title: false, progress: false, statuses: false };
const before: TerminalSigns = {
  foreground: "codex",
  title: "[ ! ] codex",
  progress: "busy",
  statuses: ["state=blocked:app=codex:kind=permission", "nonsense", "state=working:id=a"],
};
const clear = "\x1b]7501;state=clear\x1b\\";
const noProgress = "\x1b]9;4;0;0\x1b\\";

describe("what the terminal of somebody who is attached is told", () => {
  it("is what the program said before, and in the end nothing of it stands", () => {
    const news = new AttachedNews(all, before);
    expect(news.begin()).toBe(
      "\x1b]0;[ ! ] codex\x1b\\\x1b]9;4;3;0\x1b\\" +
        "\x1b]7501;state=blocked:app=codex:kind=permission\x1b\\\x1b]7501;state=working:id=a\x1b\\",
    );
    expect(news.end()).toBe(noProgress + clear);
    expect(news.end()).toBe("");
  });

  it("is nothing that it does not understand, or that nobody knows", () => {
    for (const news of [new AttachedNews(none, before), new AttachedNews(all, undefined)])
      expect([news.begin(), news.end()]).toEqual(["", ""]);
    expect(new AttachedNews({ ...none, statuses: true }, before).begin()).not.toContain("\x1b]9;");
  });

  it("is taken back also where only the program said it", () => {
    const news = new AttachedNews(none, before);
    news.begin();
    news.passed(7501, "state=working");
    news.passed(9, "4;1;20");
    expect(news.end()).toBe(noProgress + clear);
    news.passed(9, "4;1;20");
    news.passed(9, "4;0;0");
    news.passed(9, "a notification");
    news.passed(7501, "?");
    expect(news.end()).toBe("");
  });
});
