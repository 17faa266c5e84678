import type { ProgramRules } from "../programRules";
import { promptAtEnd } from "./shellPrompts";
import { watcherKeys } from "./watcherKeys";

/** Between two rules, behind a bar, in a frame of one line, or behind a mark in one. */
const placeToType =
  /(?<![╭╰┌└├─])─{20,}(?: [^─]{0,400})? ─{20,}|┃ +(?:┃ +)?[^\s┃].{0,400}? ┃(?: |$)|[│┃] +[>❯›](?: |$)|╭─{20,}╮\s+│ [^│]+│\s+╰─{20,}╯/u;

/** A program in front that asks nothing is at work; some say at what. */
export const running: ProgramRules = {
  program: "running",
  title: "program in front",
  role: "tool",
  recorded: [],
  known: { commands: [] },
  regions: { ending: { bottom: 12 }, last: { bottom: 1 }, foot: { bottom: 10, drawn: true } },
  rules: [
    {
      name: "pane_dead",
      state: "exited",
      priority: 90,
      confidence: "high",
      when: [{ in: "last", matches: /^Pane is dead(?: \(|$)/u, cursor: "hidden" }],
    },
    {
      name: "watcher",
      state: "working",
      kind: "watcher",
      priority: 60,
      confidence: "high",
      when: [
        {
          in: "ending",
          matches:
            /\bWatching for file changes\b|\bWaiting for file changes\b|^Watch Usage\b|press w to show more|\bwaiting for changes\.{3}$|^\[watch\] .*\bwatching for changes\.{3}$|\[nodemon\] (?:watching|clean exit - waiting)/iu,
          running: true,
        },
      ],
    },
    {
      name: "watcher_keys",
      state: "working",
      kind: "watcher",
      priority: 59,
      confidence: "high",
      when: [{ in: "ending", matches: watcherKeys, running: true }],
    },
    {
      name: "server",
      state: "working",
      kind: "server",
      priority: 61,
      confidence: "high",
      when: [
        {
          in: "screen",
          matches:
            /\bLocal: +https?:\/\/|^Serving HTTP on |\b[Dd]evelopment [Ss]erver (?:at |\()https?:\/\/|\b(?:listening|server running|running|started|serving|server) (?:.{1,60} )?(?:on|at):? (?:port |https?:\/\/|[\w.[\]:]+:\d{2,5}\b)/iu,
          running: true,
        },
      ],
    },
    /** Where nobody tells what is in front: a guess. */
    {
      name: "prompt_alone",
      state: "idle",
      kind: "shell",
      priority: 20,
      confidence: "low",
      when: [{ in: "before_cursor", matches: promptAtEnd, cursor: "visible", alternate: false }],
      unless: [{ running: true }],
    },
    /** Such a program may be at rest or at work: nobody can tell. */
    {
      name: "place_to_type",
      state: "unclear",
      priority: 18,
      confidence: "low",
      when: [
        { cursor: "hidden", alternate: false, running: true },
        { in: "foot", matches: placeToType, joined: true },
      ],
      // A spinner turns only while something is done.
      unless: [{ in: "foot", matches: /^ {0,2}[⠁-⣿]+ +\S|\besc to interrupt\b/u }],
    },
    {
      name: "place_to_type_full_screen",
      state: "unclear",
      priority: 17,
      confidence: "low",
      when: [{ in: "before_cursor", matches: /^\s*[│┃]\s/u, cursor: "visible", alternate: true, running: true }],
    },
    {
      name: "full_screen",
      state: "working",
      kind: "monitor",
      priority: 15,
      confidence: "low",
      when: [{ alternate: true, running: true }],
    },
    { name: "in_front", state: "working", priority: 10, confidence: "medium", when: [{ running: true }] },
  ],
};
