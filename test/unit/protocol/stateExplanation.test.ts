import { describe, expect, it } from "vitest";
import type { EntryDraft } from "../../../src/core/model/entry";
import { questionsBySession } from "../../../src/core/model/questionSession";
import { withQuestions } from "../../../src/core/session/trueSessions";
import { sessionRows } from "../../../src/protocol/sessionRows";
import { type Explained, type ExplainedPart, stateExplanation, textOf } from "../../../src/protocol/stateExplanation";
import { entry, history, picture, session, start } from "./rowScene";

const hour = 3_600_000;
const capabilities = {
  resize: true,
  tags: true,
  exitCodes: true,
  wholeOutput: true,
  restarts: true,
  terminalMode: true,
};
const asksToConfirm: EntryDraft = {
  kind: "state",
  actor: "engine",
  event: "sensed",
  session_name: session,
  state: "waiting",
  state_kind: "confirm",
  program: { name: "migrate", version: "2.1" },
  confidence: "high",
  text: "migrate asks for confirmation.",
  evidence: [{ signal: "screen", rule: "asked/yes_or_no", lines: ["\x1b[31mApply 3 migrations? [y/N]"] }],
};

/** What a person reads, and its parts that lead somewhere, of a session whose newest entry is this one. */
function explained(newest: EntryDraft, more: Partial<Explained> = {}): { text: string; links: ExplainedPart[] } {
  const entries = [...history, entry(newest, 5)];
  const { state, project } = picture(entries);
  const known = withQuestions([...state.sessions.values()], state).find((each) => each.session_name === session);
  if (!known) throw new Error("The scene has no such session.");
  const lines = stateExplanation({
    session: known,
    project: project.name,
    entries,
    question: questionsBySession(state).get(session),
    writtenAt: () => undefined,
    recorded: [],
    server: { implementation: "wsh-orchestrator", capabilities },
    waits: [],
    followed: true,
    ruleFolder: "/home/me/.config/wsh-orchestrator/programs",
    now: start + 65_000,
    ...more,
  });
  return { text: lines.map(textOf).join("\n"), links: lines.flat().filter(({ to }) => to !== undefined) };
}

describe("the explanation of a state", () => {
  const { text, links } = explained(asksToConfirm);

  it("says state, since when, program, confidence, rule and lines, and what happened before", () => {
    expect(text).toMatch(
      /^builder::1 \(.*\): needs confirmation, since \d\d:\d\d:\d\d\nmigrate asks for confirmation\./,
    );
    expect(text).toContain("Program: migrate 2.1\nConfidence: high");
    expect(text).toContain("screen, rule asked/yes_or_no:");
    expect(text).toMatch(/What happened before:\n(?: .*\n)* {2}\d\d:\d\d:\d\d {2}migrate asks for confirmation\./);
  });

  it("has times instead of ages, so that it is right for as long as nothing happens", () => {
    expect(text).not.toMatch(/\bago\b/);
    expect(explained(asksToConfirm, { now: start + 48 * hour }).text).toMatch(
      /needs confirmation, since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d/,
    );
  });

  it("has no control characters of a program in it", () => {
    expect(text).not.toContain("\x1b");
    expect(text).toContain("Apply 3 migrations? [y/N]");
  });

  it("leads to the session, to the line that says so, to the log and to how rules are written", () => {
    expect(links.map(({ to }) => to?.kind)).toEqual(["session", "line", "rulesHelp", "log"]);
  });

  it("says what would change the state, and what to do when it is wrong", () => {
    expect(text).toContain("What would change it:\n  An answer, typed into the session");
    expect(text).toContain("its file belongs into /home/me/.config/wsh-orchestrator/programs.");
  });

  it("tells a rule of the person's own, and leads to its place", () => {
    const own = { file: "/rules/migrate.yaml", line: 12 };
    const mine = explained(asksToConfirm, { writtenAt: (rule) => (rule === "asked/yes_or_no" ? own : undefined) });
    expect(mine.text).toContain("screen, your own rule asked/yes_or_no:\n  /rules/migrate.yaml:12");
    expect(mine.text).toContain("a change of your rule takes effect as soon as its file is saved");
    expect(mine.links.map(({ to }) => to)).toContainEqual({ kind: "rule", ...own });
  });

  it("says which versions the rules come from where the program is another one", () => {
    expect(explained(asksToConfirm, { recorded: ["2.0", "1.9"] }).text).toContain(
      "The rules for migrate come from its version 2.0, 1.9; another one may look different.",
    );
    expect(explained(asksToConfirm, { recorded: ["2.1"] }).text).not.toContain("may look different");
  });

  it("says what the session server cannot tell, and that nobody follows the session", () => {
    expect(text).not.toContain("What is not known here");
    const plain = { ...capabilities, terminalMode: false, exitCodes: false };
    const { text: less } = explained(asksToConfirm, {
      server: { implementation: "wsh", capabilities: plain },
      followed: false,
    });
    expect(less).toContain("The session server (wsh) does not tell which program is in front");
    expect(less).toContain("does not tell with which exit code a session ends");
    expect(less).toContain("The project is not running");
    expect(explained(asksToConfirm, { server: undefined }).text).toContain("The session server was not reached");
  });

  it("leads to the project's question where that is what the session waits for", () => {
    const asked = explained({
      kind: "blocked",
      actor: "agent:x",
      session_name: session,
      text: "Which table?",
      human_attention_needed: true,
      options: ["a", "b"],
    });
    expect(asked.text).toContain("The project asks you, and the session waits for your answer: Which table?");
    expect(asked.text).toContain("Your answer to the question, once the project has applied it.");
    expect(asked.links.find(({ to }) => to?.kind === "question")?.text).toBe("Which table?");
  });

  it.each([
    ["working", undefined, /the end of what runs there/i],
    ["done_unseen", undefined, /in front of you for 2 seconds/],
    ["idle", "pager", /leaves the pager/],
    ["limited", "rate", /end of the limit/],
    ["failed", "auth", /login/],
    ["unclear", undefined, /A rule of your own can say what such a screen means/],
  ] as const)("says of the state %s (%s) what ends it", (state, state_kind, words) => {
    const { text: said } = explained({
      ...asksToConfirm,
      state,
      ...(state_kind ? { state_kind } : { state_kind: "" }),
    });
    expect(said).toMatch(words);
  });
});

describe("the tooltip of a session's row", () => {
  it("has the explanation in short, and the row's description says what is asked", () => {
    const scene = picture([...history, entry(asksToConfirm, 5)]);
    const [row] = sessionRows(scene, "builder", start + 65_000);
    expect(row?.description).toContain("needs confirmation for 1 min");
    expect(row?.tooltip).toEqual(expect.arrayContaining(["Program: migrate 2.1", "screen, rule asked/yes_or_no:"]));
  });
});
