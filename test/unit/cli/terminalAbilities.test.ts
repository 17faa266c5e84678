import { describe, expect, it } from "vitest";
import { terminalAbilities } from "../../../src/cli/terminalAbilities";

const xterm = { TERM: "xterm-256color" };
const summary = (env: Record<string, string>): string => {
  const { title, progress, canBeAsked } = terminalAbilities(env);
  return [title && "title", progress && "progress", canBeAsked && "asked"].filter((each) => each !== false).join(" ");
};

describe("what a terminal is told", () => {
  it.each<[string, Record<string, string>, string]>([
    ["any other terminal", xterm, "title asked"],
    ["Windows Terminal", { ...xterm, WT_SESSION: "1" }, "title progress asked"],
    ["ConEmu", { ...xterm, ConEmuANSI: "ON" }, "title progress asked"],
    ["ConEmu without its sequences", { ...xterm, ConEmuANSI: "OFF" }, "title asked"],
    ["Ghostty 1.2", { ...xterm, TERM_PROGRAM: "ghostty", TERM_PROGRAM_VERSION: "1.2.0" }, "title progress asked"],
    [
      "Ghostty 1.1, where it is a notification",
      { ...xterm, TERM_PROGRAM: "ghostty", TERM_PROGRAM_VERSION: "1.1.3" },
      "title asked",
    ],
    ["Ghostty of no version", { ...xterm, TERM_PROGRAM: "ghostty" }, "title asked"],
    [
      "WezTerm since 2025",
      { ...xterm, TERM_PROGRAM: "WezTerm", TERM_PROGRAM_VERSION: "20250512-073823-abcdef" },
      "title progress asked",
    ],
    [
      "WezTerm of before",
      { ...xterm, TERM_PROGRAM: "WezTerm", TERM_PROGRAM_VERSION: "20240203-110809-5046fc22" },
      "title asked",
    ],
    [
      "iTerm2 that reports progress",
      { ...xterm, TERM_PROGRAM: "iTerm.app", TERM_FEATURES: "T3LrMSc7UUw9Ts3BFGsSyHNoSxFP" },
      "title progress asked",
    ],
    [
      "iTerm2 of before",
      { ...xterm, TERM_PROGRAM: "iTerm.app", TERM_FEATURES: "T3LrMSc7UUw9Ts3BFGsSyHNoSxFPa" },
      "title asked",
    ],
    ["Ptyxis 48", { ...xterm, PTYXIS_VERSION: "48.1", VTE_VERSION: "8000" }, "title progress asked"],
    ["VS Code", { ...xterm, TERM_PROGRAM: "vscode", TERM_PROGRAM_VERSION: "1.148.0" }, "title progress asked"],
    ["VS Code of before", { ...xterm, TERM_PROGRAM: "vscode", TERM_PROGRAM_VERSION: "1.96.4" }, "title asked"],
    ["kitty, which shows none", { TERM: "xterm-kitty", KITTY_WINDOW_ID: "1" }, "title asked"],
    ["Konsole", { ...xterm, KONSOLE_VERSION: "240800" }, "title asked"],
    ["old VTE", { ...xterm, VTE_VERSION: "5202" }, "title"],
    ["tmux, whatever it was started in", { TERM: "tmux-256color", TMUX: "/tmp/x,1,0", WT_SESSION: "1" }, "title asked"],
    ["GNU screen", { TERM: "screen.xterm-256color", STY: "1.x", TERM_FEATURES: "P" }, "title"],
    ["the console of Linux", { TERM: "linux" }, ""],
    ["no terminal", { TERM: "dumb", WT_SESSION: "1" }, ""],
    ["nothing known", {}, ""],
    ["a build server", { ...xterm, CI: "true", WT_SESSION: "1" }, ""],
    ["no build server", { ...xterm, CI: "false" }, "title asked"],
    ["Emacs", { ...xterm, INSIDE_EMACS: "29.1,comint" }, ""],
  ])("%s", (_name, env, told) => {
    expect(summary(env)).toBe(told);
  });
});
