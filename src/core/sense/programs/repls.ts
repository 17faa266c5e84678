import type { ProgramRules } from "../programRules";
import { promptRules } from "./promptRules";

/** Programs that read a line of a language, run it, and show what came of it. */
export const repls: readonly ProgramRules[] = [
  promptRules(
    "python",
    "Python",
    ["python", "python3", "python2", "python3.11", "python3.12", "python3.13", "ipython", "ipython3"],
    { matches: /^(?:>>>|\.\.\.)(?: |$)|^(?:In \[\d+\]|\s+\.\.\.): |^\(Pdb\) /u },
  ),
  promptRules("node", "Node.js", ["node", "nodejs"], { matches: /^(?:>|\.\.\.|\|)(?: |$)/u }),
  promptRules("irb", "irb", ["irb", "ruby"], { matches: /^irb\([^)]*\):\d+(?::\d+)?[>*"'\]] ?/u }),
  promptRules("php", "PHP", ["php"], { matches: /^php(?: >| \S)? /u }),
  promptRules("lua", "Lua", ["lua", "lua5.4"], { matches: /^>{1,2} /u }),
  promptRules("jshell", "jshell", ["jshell", "java"], { matches: /^jshell> |^ {3}\.\.\.> /u }),
  promptRules("gdb", "gdb", ["gdb"], { matches: /^\(gdb\) |^>+$/u }),
  promptRules("bc", "bc", ["bc", "dc"], { matches: /^(?:[\w.+*/^() -]*)$/u }),
];
