import { type ParseError, parse, printParseErrorCode } from "jsonc-parser";
import { mapOf } from "../model/planData";
import { plural } from "../model/sentences";
import { shellWord } from "../sense/shellWord";
import {
  type FoundWork,
  isOneLine,
  namedPort,
  type PackageProgram,
  type ReadWork,
  soundsLasting,
  type WorkPlace,
} from "./foundWork";

/** Files that say which program has installed the packages of a folder. */
export const lockFiles: Readonly<Record<string, PackageProgram>> = {
  "pnpm-lock.yaml": "pnpm",
  "yarn.lock": "yarn",
  "bun.lock": "bun",
  "bun.lockb": "bun",
  "package-lock.json": "npm",
};

/** The first of its processes listens here, each further type a hundred above: what `$PORT` is for a Procfile. */
const firstPort = 5000;
const portStep = 100;

/** Those that npm runs by itself, around an installation or a publication. */
const hooks = /^(?:(?:pre|post)(?:install|publish|pack|version|prepare)|prepare|prepublish|prepublishOnly|install)$/;

/** JSON, for `comments` with comments and commas at the end. Throws a sentence's end for what is none. */
export function jsonOf(text: string, comments: boolean): unknown {
  const errors: ParseError[] = [];
  const data: unknown = parse(text, errors, { disallowComments: !comments, allowTrailingComma: comments });
  const [first] = errors;
  if (!first) return data;
  const before = text.slice(0, first.offset).split("\n");
  const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
  const what = printParseErrorCode(first.error).replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  throw new SyntaxError(`it is not valid JSON (${place}: ${what})`);
}

/** Scripts of package.json, run by the program of the folder. Throws a sentence's end for what is no JSON. */
export function scriptsOf(text: string, { program }: WorkPlace): ReadWork {
  const scripts = mapOf(mapOf(jsonOf(text.replace(/^\uFEFF/, ""), false))["scripts"]);
  const names = Object.keys(scripts).filter((name) => typeof scripts[name] === "string");
  const all = new Set(names);
  const isHook = (name: string): boolean => {
    const [, around] = /^(?:pre|post)(.+)$/.exec(name) ?? [];
    return hooks.test(name) || (around !== undefined && all.has(around));
  };
  const wanted = names.filter((name) => !isHook(name));
  const work = wanted.flatMap((name): FoundWork[] => {
    // A name that begins with a hyphen would be an option.
    if (!isOneLine(name) || name.startsWith("-")) return [];
    const does = String(scripts[name]);
    const port = namedPort(does);
    return [
      {
        name,
        command: `${program} run ${shellWord(name)}`,
        needs: [],
        keepsRunning: soundsLasting(name, does),
        ...(port === undefined ? {} : { port }),
        does,
      },
    ];
  });
  const odd = wanted.length - work.length;
  return { work, notes: odd === 0 ? [] : [`${plural(odd, "script")} with a name that cannot be typed`] };
}

/** Processes of a Procfile: all of them keep running, but for those that a release runs once. */
export function processesOf(text: string): ReadWork {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "" && !/^\s*#/.test(line));
  let port = firstPort;
  const work = lines.flatMap((line): FoundWork[] => {
    const [, name, command] = /^([A-Za-z0-9_-]+):\s*(\S.*?)\s*$/.exec(line) ?? [];
    if (name === undefined || command === undefined || !isOneLine(command)) return [];
    const keepsRunning = !/^(?:release|migrate)$/.test(name);
    const usesPort = /\$(?:PORT\b|\{PORT[}:])/.test(command);
    const given = usesPort ? port : namedPort(command);
    if (usesPort) port += portStep;
    return [
      {
        name,
        command,
        needs: [],
        keepsRunning,
        ...(given === undefined ? {} : { port: given }),
        ...(usesPort && given !== undefined ? { env: { PORT: String(given) } } : {}),
        does: command,
      },
    ];
  });
  const odd = lines.length - work.length;
  return { work, notes: odd === 0 ? [] : [`${plural(odd, "line")} that ${odd === 1 ? "is" : "are"} no process`] };
}
