import type { Pattern, ProgramRules } from "../programRules";

/** At its prompt, with or without something typed behind it; what it runs may ask by itself. */
function repl(
  program: string,
  title: string,
  commands: readonly string[],
  recorded: readonly string[],
  prompt: Pattern,
): ProgramRules {
  return {
    program,
    title,
    role: "repl",
    recorded,
    known: { commands },
    regions: {},
    rules: [
      {
        name: "prompt",
        state: "idle",
        kind: "repl",
        confidence: "high",
        when: [{ in: "before_cursor", matches: prompt }],
      },
    ],
  };
}

/** Programs that read a line of a language, run it, and show what came of it. */
export const repls: readonly ProgramRules[] = [
  repl(
    "python",
    "Python",
    ["python", "python3", "python2", "python3.11", "python3.12", "python3.13", "ipython", "ipython3"],
    [],
    /^(?:>>>|\.\.\.)(?: |$)|^(?:In \[\d+\]|\s+\.\.\.): |^\(Pdb\) /u,
  ),
  repl("node", "Node.js", ["node", "nodejs"], [], /^(?:>|\.\.\.|\|)(?: |$)/u),
  repl("irb", "irb", ["irb", "ruby"], [], /^irb\([^)]*\):\d+(?::\d+)?[>*"'\]] ?/u),
  repl("php", "PHP", ["php"], [], /^php(?: >| \S)? /u),
  repl("lua", "Lua", ["lua", "lua5.4"], [], /^>{1,2} /u),
  repl("jshell", "jshell", ["jshell", "java"], [], /^jshell> |^ {3}\.\.\.> /u),
  repl("gdb", "gdb", ["gdb"], [], /^\(gdb\) |^>+$/u),
  repl("bc", "bc", ["bc", "dc"], [], /^(?:[\w.+*/^() -]*)$/u),
];
