import { plural } from "../model/sentences";
import { type FoundWork, isOneLine, namedPort, type ReadWork, soundsLasting } from "./foundWork";

interface Rule {
  readonly needs: string[];
  readonly lines: string[];
}

/** A name that a shell and a program take as it is. */
const plainName = /^[A-Za-z0-9][\w.-]*$/;

/** Targets of a Makefile that a person calls: by plain names, no patterns, none with a variable or folder in its name. */
export function targetsOf(text: string): ReadWork {
  const rules = new Map<string, Rule>();
  const odd = new Set<string>();
  let includes = false;
  let current: Rule[] = [];
  let defines = false;
  for (const line of joinedLines(text)) {
    if (/^\s*define\s/.test(line)) defines = true;
    if (/^\s*endef\b/.test(line)) defines = false;
    if (defines) continue;
    if (line.startsWith("\t")) {
      for (const { lines } of current) lines.push(line.trim());
      continue;
    }
    includes ||= /^\s*[-s]?include\s/.test(line);
    const [, names, needs = "", inline] =
      /^([^\s#=:][^#=:]*?)\s*::?(?![=:])\s*([^=;#]*?)\s*(?:;(.*)|#.*)?$/.exec(line) ?? [];
    if (names === undefined || /^(?:if|else|endif|export|override|vpath|unexport)/.test(names)) continue;
    current = [];
    for (const name of names.split(/\s+/)) {
      if (name.startsWith(".")) continue;
      // Files with an ending are made on the way to something else.
      if (!plainName.test(name) || /\.\w{1,4}$/.test(name)) {
        if (/[%$]/.test(name)) odd.add(name);
        continue;
      }
      const rule = rules.get(name) ?? { needs: [], lines: [] };
      rule.needs.push(...needs.split(/\s+/).filter((need) => need !== "" && need !== "|"));
      if (inline !== undefined) rule.lines.push(inline.trim());
      rules.set(name, rule);
      current.push(rule);
    }
  }
  const notes = [
    ...(odd.size === 0 ? [] : [`${plural(odd.size, "target")} with a pattern or variable in the name`]),
    ...(includes ? ["targets of files that it includes"] : []),
  ];
  return { work: workOf("make", rules), notes };
}

/** Recipes of just without required parameters; private ones begin with an underscore or say so. */
export function recipesOf(text: string): ReadWork {
  const rules = new Map<string, Rule>();
  let wantParameters = 0;
  let includes = false;
  let isPrivate = false;
  let current: Rule | undefined;
  for (const line of joinedLines(text)) {
    if (/^\s/.test(line)) {
      if (line.trim() !== "") current?.lines.push(line.trim());
      continue;
    }
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith("[")) {
      isPrivate ||= /\bprivate\b/.test(line);
      continue;
    }
    includes ||= /^(?:import|mod)\??\s/.test(line);
    const [, name, parameters = "", needs = ""] =
      /^@?([A-Za-z_][\w-]*)((?:\s+[+*$]*[\w-]+(?:=(?:"[^"]*"|'[^']*'|\S+))?)*)\s*:(?!=)\s*([^#]*)/.exec(line) ?? [];
    current = undefined;
    const hidden = isPrivate || name?.startsWith("_") === true;
    isPrivate = false;
    if (name === undefined || hidden || /^(?:alias|set|export|import|mod)$/.test(name)) continue;
    if (parameters.split(/\s+/).some((each) => each !== "" && !each.includes("=") && !each.startsWith("*"))) {
      wantParameters += 1;
      continue;
    }
    current = { needs: needs.split("&&")[0]?.match(/(?<!["'\w-])[A-Za-z][\w-]*(?![\w-]*["'])/g) ?? [], lines: [] };
    rules.set(name, current);
  }
  const notes = [
    ...(wantParameters === 0 ? [] : [`${plural(wantParameters, "recipe")} that cannot run without a parameter`]),
    ...(includes ? ["recipes of files that it imports"] : []),
  ];
  return { work: workOf("just", rules), notes };
}

/** The program does what a target needs by itself; as tasks they never run at the same time. */
function workOf(program: string, rules: ReadonlyMap<string, Rule>): FoundWork[] {
  return [...rules].map(([name, { needs, lines }]) => {
    const does = lines
      .map((line) => line.replace(/^[@+-]+\s*/, ""))
      .filter(isOneLine)
      .join("\n");
    const port = namedPort(does);
    return {
      name,
      command: `${program} ${name}`,
      needs: [...new Set(needs)].filter((need) => need !== name && rules.has(need)),
      keepsRunning: soundsLasting(name, does),
      ...(port === undefined ? {} : { port }),
      does,
    };
  });
}

function joinedLines(text: string): string[] {
  return text
    .replace(/^\uFEFF/, "")
    .replace(/\\\r?\n[ \t]*/g, " ")
    .split(/\r?\n/);
}
