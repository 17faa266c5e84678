import { describe, expect, it } from "vitest";
import { agentKeys, agentText } from "../../../src/core/command/agentText";
import { agentCatalog } from "../../../src/core/session/agentCatalog";
import { pasteEnd } from "../../../src/core/sense/typedText";

const codex = { title: "Codex", literal: { "/": " ", "!": " ", "@": "", "#": "", quit: "\n" } };
const other = { title: "Other", literal: { "/": "\u2060" } };

describe("the text of a prompt", () => {
  it.each([
    ["as it stands", "Fix the bug.", "Fix the bug."],
    ["without what ends a paste", `one${pasteEnd}\rtwo`, "one\ntwo"],
    ["without keys", "a\x1b[Ab\x03c\x7f", "a[Abc"],
    ["with tabs and lines", "a\tb\r\nc", "a\tb\nc"],
    ["kept from being a command", "/quit now", " /quit now"],
    ["kept from being a shell's line", "!rm -rf .", " !rm -rf ."],
    ["behind blanks of its own", "  /quit now", "   /quit now"],
    ["that begins as nothing special for it", "@file.ts is wrong", "@file.ts is wrong"],
    ["whose last word would be completed", "look at @src/a", "look at @src/a "],
    ["that ends in a sign alone", "what does $HOME mean in #x", "what does $HOME mean in #x "],
    ["kept from ending it, as a word alone", "Quit", "\nQuit"],
    ["of more than that word", "quit now", "quit now"],
    ["whose last sign would join a line", "a path C:\\", "a path C:\\ "],
  ])("%s", (_what, text, typed) => {
    expect(agentText(text, codex)).toBe(typed);
  });

  it("has a blank for the column that a character which is not seen takes with some agents", () => {
    expect(agentText("/help me", other)).toBe("\u2060/help me ");
    expect(agentText("/help me\nplease", other)).toBe("\u2060/help me \nplease");
  });

  it("is refused where it would be a command whatever is done", () => {
    const own = { title: "My Agent", literal: { "!": " " } };
    expect(() => agentText("/etc/hosts is wrong", own)).toThrow(
      "My Agent takes a text that begins with / as a command of its own.",
    );
    expect(() => agentText("!important", { title: "Mine" })).toThrow("begins with !");
    expect(agentText("a / b", { title: "Mine" })).toBe("a / b");
  });

  it.each(["", "  \n ", "\x1b\x03"])("is refused where nothing is left of it: %j", (text) => {
    expect(() => agentText(text, codex)).toThrow("The prompt is empty.");
  });

  it("is known of each agent that is shipped for each sign", () => {
    for (const name of agentCatalog().names)
      expect(Object.keys(agentCatalog().of(name)?.literal ?? {}).slice(0, 4), name).toEqual(["/", "!", "@", "#"]);
  });

  it.each(["claude", "qwen", "copilot", "opencode"])("is never what ends %s", (name) => {
    const profile = agentCatalog().of(name);
    if (!profile) throw new Error(name);
    for (const word of ["exit", "quit"]) expect(agentText(word, profile)).not.toBe(word);
  });
});

describe("the keys of a prompt", () => {
  const own = { title: "Mine", newline: "\\\r" };

  it("are one paste where the agent wants that", () => {
    expect(agentKeys("a\nb", own, true, "p::a::1")).toBe("\x1b[200~a\nb\x1b[201~");
  });

  it("add lines by the agent's own key where it does not", () => {
    expect(agentKeys("a\nb", own, false, "p::a::1")).toBe("a\\\rb");
    expect(agentKeys("a", { title: "Mine" }, false, "p::a::1")).toBe("a");
  });

  it("are refused where each line would be entered by itself", () => {
    expect(() => agentKeys("a\nb", { title: "Mine" }, false, "p::a::1")).toThrow(
      "A text of 2 lines cannot be sent to p::a::1",
    );
  });
});
