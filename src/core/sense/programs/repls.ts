import type { ProgramRules } from "../programRules";
import { promptRules } from "./promptRules";
import { watcherKeys } from "./watcherKeys";

const node = promptRules("node", "Node.js", ["node", "nodejs"], { matches: /^(?:>|\.\.\.|\|)(?: |$)/u }, [
  // A test watcher takes its commands at the same sign.
  { in: "ending", matches: watcherKeys },
]);

/** Programs that read a line of a language, run it, and show what came of it. */
export const repls: readonly ProgramRules[] = [
  promptRules(
    "python",
    "Python",
    ["python", "python3", "python2", "python3.11", "python3.12", "python3.13", "ipython", "ipython3"],
    { matches: /^(?:>>>|\.\.\.)(?: |$)|^(?:In \[\d+\]|\s+\.\.\.): |^\(Pdb\) |^(?:MySQL|MariaDB) \S+> /u },
  ),
  {
    ...node,
    regions: { ...node.regions, typed: { from: /^\/\/ Entering editor mode \(/u } },
    rules: [
      ...node.rules,
      /** Several lines are typed without a sign before them; its prompt comes again behind them. */
      {
        name: "typed_lines",
        state: "idle",
        kind: "repl",
        priority: 45,
        confidence: "high",
        when: [{ in: "typed", cursor: "visible", alternate: false }],
        unless: [{ in: "typed", matches: /^>(?: |$)/u }],
      },
    ],
  },
  promptRules("irb", "irb", ["irb", "ruby"], {
    matches: /^irb\([^)]*\):\d+(?::\d+)?[>*"'\]] ?|^(?:>>|\?>) /u,
  }),
  promptRules("php", "PHP", ["php"], { matches: /^php(?: >| \S)? /u }),
  promptRules("lua", "Lua", ["lua", "lua5.4"], { matches: /^>{1,2} /u }),
  promptRules("jshell", "jshell", ["jshell", "java"], { matches: /^jshell> |^ {3}\.\.\.> /u }),
  promptRules("gdb", "gdb", ["gdb", "cgdb"], { matches: /^\(gdb\) |^>+$/u }),
  promptRules("perl", "Perl debugger", ["perl"], { matches: /^\s*DB<+\d+>+ /u }),
  promptRules("r", "R", ["R"], { matches: /^[>+] /u }),
  promptRules("sbcl", "SBCL", ["sbcl"], { matches: /^(?:\*|\d+\]) /u }),
  promptRules("swipl", "SWI-Prolog", ["swipl"], { matches: /^\?- |^\| {3,4}|^[A-Z_]\w* = .* $/u }),
  promptRules("ocaml", "OCaml", ["ocaml", "ocamlrun"], { matches: /^# |^ {2}$/u }),
  promptRules("tclsh", "Tcl", ["tclsh"], { matches: /^% /u }),
  promptRules("erl", "Erlang", ["beam.smp", "erl", "iex"], { matches: /^\d+> |^(?:iex|\.\.\.)\(\d+\)> /u }),
  promptRules("guile", "Guile", ["guile"], { matches: /^scheme@\([^)]*\)(?: \[\d+\])?> /u }),
  promptRules("deno", "Deno", ["deno"], { matches: /^> /u }),
  promptRules("terraform", "Terraform", ["terraform"], { matches: /^> /u }),
  promptRules("ghci", "GHCi", ["ghc", "ghci"], { matches: /^(?:ghci|\*?\p{Lu}[\w.]*(?: \*?\p{Lu}[\w.]*)*)[>|] /u }),
  promptRules("maxima", "Maxima", ["maxima"], { matches: /^\(%i\d+\) /u }),
  promptRules("bc", "bc", ["bc", "dc"], { matches: /^(?:[\w.+*/^() -]*)$/u }),
];
