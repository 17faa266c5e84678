import { type Data, mapOf } from "../model/planData";
import { plural } from "../model/sentences";
import { shellWord } from "../sense/shellWord";
import { jsonOf } from "./foundScripts";
import { type FoundWork, isOneLine, namedPort, type PackageProgram, type ReadWork, type WorkPlace } from "./foundWork";

const folder = /\$\{workspaceFolder\}|\$\{workspaceRoot\}/g;

/** Tasks of VS Code that are a command, without what only a window can fill in. Throws a sentence's end for what is no JSON. */
export function editorTasksOf(text: string, place: WorkPlace): ReadWork {
  const file = ofPlatform(mapOf(jsonOf(text.replace(/^\uFEFF/, ""), true)), place);
  const listed: unknown = file["tasks"];
  const tasks = (Array.isArray(listed) ? listed : []).map((task) => ofPlatform(mapOf(task), place));
  const work = inOrder(
    tasks.flatMap((task) => taskOf(task, file, place) ?? []),
    tasks,
  );
  const odd = tasks.length - work.length;
  const note = `${plural(odd, "task")} that only VS Code can run`;
  return { work, notes: odd === 0 ? [] : [note] };
}

/** With what its block for that platform says in place of the rest; of its options each by itself, and each variable. */
function ofPlatform(data: Data, { platform }: WorkPlace): Data {
  if (platform === undefined || data[platform] === undefined) return data;
  const own = mapOf(data[platform]);
  const [options, ownOptions] = [mapOf(data["options"]), mapOf(own["options"])];
  const env = { ...mapOf(options["env"]), ...mapOf(ownOptions["env"]) };
  return { ...data, ...own, options: { ...options, ...ownOptions, env } };
}

/** What a task brings in a sequence comes one after the other. */
function inOrder(work: readonly FoundWork[], tasks: readonly Data[]): FoundWork[] {
  const after = new Map<string, string[]>();
  for (const task of tasks) {
    if (task["dependsOrder"] !== "sequence") continue;
    const names = needsOf(task["dependsOn"]) ?? [];
    names.forEach((name, index) => after.set(name, [...(after.get(name) ?? []), ...names.slice(index - 1, index)]));
  }
  return work.map((each) => ({ ...each, needs: [...new Set([...each.needs, ...(after.get(each.name) ?? [])])] }));
}

function taskOf(task: Data, file: Data, { program }: WorkPlace): FoundWork | undefined {
  const name = task["label"] ?? task["taskName"];
  if (typeof name !== "string" || !isOneLine(name)) return undefined;
  const place = placeOf(task, file);
  const env = envOf(task, file);
  const before = needsOf(task["dependsOn"]);
  if (place === undefined || env === undefined || before === undefined) return undefined;
  const hasCommand = task["command"] !== undefined || task["script"] !== undefined;
  const command = hasCommand ? commandOf(task, file, program, place) : undefined;
  if (command === undefined ? hasCommand || before.length === 0 : !isOneLine(command)) return undefined;
  const port = namedPort(command ?? "");
  const problems = matchersOf(task["problemMatcher"]);
  return {
    name,
    ...(command === undefined ? {} : { command }),
    needs: before,
    bringsNeeds: true,
    keepsRunning: task["isBackground"] === true,
    ...(port === undefined ? {} : { port }),
    does: command ?? "",
    ...(place === "" ? {} : { cwd: place }),
    ...(Object.keys(env).length === 0 ? {} : { env }),
    ...(problems.length === 0 ? {} : { problems }),
  };
}

function commandOf(task: Data, file: Data, program: PackageProgram, place: string): string | undefined {
  const { type = file["type"] ?? "process", command, script, args = [] } = task;
  if (type === "npm") return typeof script === "string" ? `${program} run ${shellWord(script)}` : undefined;
  if ((type !== "shell" && type !== "process") || !Array.isArray(args)) return undefined;
  const words = [command, ...(args as unknown[])].map((word) => wordOf(word, type, args.length > 0));
  if (words.includes(undefined)) return undefined;
  return filledIn(words.join(" "), place === "" ? "." : place.split("/").fill("..").join("/"));
}

/** VS Code quotes for a shell only what has a space and no quotes yet; a process gets each word as it is. */
function wordOf(word: unknown, type: "shell" | "process", isOneOfSeveral: boolean): string | undefined {
  if (typeof word === "string") {
    if (type === "process") return shellWordOf(word);
    return isOneOfSeveral && /\s/.test(word) && !/^(["']).*\1$/.test(word) ? shellWordOf(word) : word;
  }
  const { value, quoting } = mapOf(word);
  if (typeof value !== "string") return undefined;
  return quoting === "weak" ? `"${value}"` : shellWordOf(value);
}

/** What is filled in later is no reason for quotes; undefined where it would stand between some. */
function shellWordOf(word: string): string | undefined {
  if (/^(?:[\w@%+=:,./-]|\$\{[\w:/]+\})+$/.test(word)) return word;
  return word.includes("${env:") ? undefined : shellWord(word);
}

/** `up`: the workspace folder, seen from where the command runs. Undefined where something cannot be filled in. */
function filledIn(text: string, up: string): string | undefined {
  const filled = text
    .replace(folder, up)
    .replace(/\$\{(?:pathSeparator|\/)\}/g, "/")
    .replace(/\$\{env:(\w+)\}/g, "$$$1");
  return /\$\{[a-z]+(?::|Basename|Dirname|Folder|\})|\$\{(?:file|input|command|config|user)/i.test(filled)
    ? undefined
    : filled;
}

/** Relative to the folder, empty for the folder itself; undefined for another place. */
function placeOf(task: Data, file: Data): string | undefined {
  const cwd = mapOf(task["options"])["cwd"] ?? mapOf(file["options"])["cwd"] ?? "";
  if (typeof cwd !== "string") return undefined;
  const place = cwd
    .replace(folder, ".")
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
  const isOutside = place.split("/").includes("..") || /\$\{|^[A-Za-z]:/.test(place) || cwd.startsWith("/");
  return isOutside || (place !== "" && !isOneLine(place)) ? undefined : place;
}

function envOf(task: Data, file: Data): Record<string, string> | undefined {
  const all = { ...mapOf(mapOf(file["options"])["env"]), ...mapOf(mapOf(task["options"])["env"]) };
  const values = Object.entries(all).map(([name, value]) => [name, String(value)] as const);
  return values.every(([name, value]) => /^[A-Za-z_]\w*$/.test(name) && !/\$\{/.test(value) && !/\p{Cc}/u.test(value))
    ? Object.fromEntries(values)
    : undefined;
}

/** Undefined where it needs tasks that have no label. */
function needsOf(value: unknown): string[] | undefined {
  const all: unknown[] = value === undefined ? [] : Array.isArray(value) ? value : [value];
  const names = all.filter((each) => typeof each === "string");
  return names.length === all.length ? names : undefined;
}

function matchersOf(value: unknown): string[] {
  const all: unknown[] = Array.isArray(value) ? value : [value];
  return all.filter((each): each is string => typeof each === "string" && /^\$[\w.:-]+$/.test(each));
}
