import { type AgentChoices, agentModes } from "./agentProfile";
import { foreignCharacters } from "./planCharacters";
import { type Data, mapOf, needsOf } from "./planData";
import type { Path, PlanDocument } from "./planDocument";
import { maxPromptLength } from "./planLimits";
import { quoted } from "./planQuotes";
import { pathProblem, promptParts, type PromptTasks } from "./promptParts";
import { countText, listed } from "./sentences";
import { closestWord, didYouMean } from "./suggestion";

/** Keys that stand in `agent`, and that people write beside it. */
const agentKeys = ["model", "mode", "arguments"];
/** Keys of a role that people write in a task. */
const roleKeys = ["agent", "program", "shell", "env", "count", ...agentKeys];

/** What to say of a setting of an agent or a role that stands in a wrong place; undefined for other keys. */
export function misplacedAgentKey(key: string, path: Path, data: unknown): string | undefined {
  if (path.length !== 2) return undefined;
  if (path[0] === "tasks" && roleKeys.includes(key))
    return `"${key}" is a setting of the role; write it there, below "roles"`;
  if (path[0] !== "roles" || !agentKeys.includes(key)) return undefined;
  const role = mapOf(mapOf(mapOf(data)["roles"])[String(path[1])]);
  const { agent } = role;
  const written = {
    use: typeof agent === "string" ? agent : "codex",
    ...mapOf(agent),
    ...Object.fromEntries(agentKeys.filter((each) => role[each] !== undefined).map((each) => [each, role[each]])),
  };
  const shown = Object.entries(written).map(([name, value]) => `${name}: ${valueText(value)}`);
  return `"${key}" is a setting of the agent; write agent: { ${shown.join(", ")} }`;
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(valueText).join(", ")}]`;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return /^[\w./-]+$/.test(text) && !/^-/.test(text) ? text : quoted(text);
}

/** An agent that nobody knows, and what that agent does not have. */
export function noteAgent(document: PlanDocument, path: Path, value: unknown, agents: readonly AgentChoices[]): void {
  const { use = value, mode, model } = mapOf(value);
  if (typeof use !== "string" || use === "") return;
  const place = use === value ? path : [...path, "use"];
  const agent = agents.find(({ name }) => name === use);
  const names = agents.map(({ name }) => name);
  if (!agent) {
    const right = closestWord(use, names);
    document.problem(
      place,
      `there is no agent "${use}"${didYouMean(use, names) || `; known are ${listed(names)}`}`,
      right === undefined ? [] : [{ how: "replace", wrong: use, right }],
    );
    return;
  }
  // What is no mode at all is the schema's to report.
  if (agentModes.some((each) => each === mode && !agent.modes.includes(each)))
    document.problem([...path, "mode"], modeProblem(agent, String(mode)));
  if (model !== undefined && !agent.takesModel)
    document.problem([...path, "model"], `${agent.title} takes no model when it is started`);
}

function modeProblem({ title, modes }: AgentChoices, mode: string): string {
  return modes.length === 0
    ? `${title} has no modes; leave it out`
    : `${title} has no mode "${mode}"; it has ${listed(modes)}`;
}

/** What a prompt names that cannot be filled in, and text that cannot be sent. */
export function notePrompt(
  document: PlanDocument,
  path: Path,
  task: Data,
  tasks: readonly Data[],
  ids: ReadonlyMap<string, number>,
): void {
  const { prompt, id } = task;
  const { file } = mapOf(prompt);
  if (typeof file === "string" && file !== "") {
    const problem = pathProblem(file, "the file");
    if (problem !== undefined) document.problem([...path, "file"], problem);
  }
  if (typeof prompt !== "string") return;
  const needed = prompt.includes("{{") ? neededBy(task, tasks, ids) : new Set<string>();
  const names = {
    id: typeof id === "string" ? id : "",
    all: [...ids.keys()],
    needs: (each: string) => needed.has(each),
  };
  for (const problem of promptProblems(prompt, names)) if (!document.isFull) document.problem(path, problem);
}

/** Why the text of a prompt cannot be sent; sentences without their full stop, as they follow its place. */
export function promptProblems(prompt: string, tasks: PromptTasks): readonly string[] {
  const problems: string[] = [];
  if (foreignCharacters(prompt).length > 0)
    problems.push("must not have control characters other than tabs and line breaks");
  if (prompt.length > maxPromptLength)
    problems.push(`must have at most ${countText(maxPromptLength)} characters; name a file for the agent to read`);
  return [...problems, ...promptParts(prompt, tasks).problems];
}

function neededBy(task: Data, tasks: readonly Data[], ids: ReadonlyMap<string, number>): ReadonlySet<string> {
  const needed = new Set(needsOf(task));
  // A set is walked in the order of its additions, also of those that come meanwhile.
  for (const id of needed) for (const need of needsOf(tasks[ids.get(id) ?? -1] ?? {})) needed.add(need);
  return needed;
}
