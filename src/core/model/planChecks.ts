import type * as z from "zod";
import type { AgentChoices } from "./agentProfile";
import { durationMs } from "./duration";
import { projectIdOf, rolePattern } from "./names";
import { sentenceOf, typeName, valueAt, wrongType } from "./issueSentence";
import { misplacedAgentKey, noteAgent, notePrompt } from "./agentChecks";
import { type Data, mapOf, needsOf } from "./planData";
import type { Path, PlanDocument } from "./planDocument";
import type { PlanMend } from "./planError";
import { quotedSource } from "./planQuotes";
import { patternProblem } from "./screenPattern";
import { listed } from "./sentences";
import { plannedStateProblem } from "./plannedState";
import { laterKeyProblem, maxDurationMs, planKeys } from "./planSchema";
import { closestWord, didYouMean } from "./suggestion";

type Issue = z.core.$ZodIssue;
const untilKeys = "one of screen, port and state";
/** So many tasks of a cycle are named. */
const longestCycle = 12;

/** Notes what the schema found, each at its place and in words for people. */
export function noteIssues(document: PlanDocument, issues: readonly Issue[], base: Path = []): void {
  for (const issue of issues) {
    if (document.isFull) return;
    const path = [...base, ...issue.path];
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys)
        if (!document.isFull)
          document.problemAtKey([...path, key], unknownKey(document, key, path), insteadOf(key, keysAt(path)));
    } else if (issue.code === "invalid_union") {
      noteUnion(document, issue, path);
    } else if (issue.code === "invalid_key") {
      document.problemAtKey(path, `"${String(path.at(-1))}" ${issue.issues[0]?.message ?? "is not a valid name"}`);
    } else if (issue.code === "invalid_type" && valueAt(document.data, path) === undefined) {
      document.problem(path.slice(0, -1), `"${String(path.at(-1))}" is missing`);
    } else {
      const value = valueAt(document.data, path);
      const sentence = `${sentenceOf(issue, value)}${quotesFor(issue, document, path)}`;
      const mends = issue.code === "invalid_value" ? insteadOf(value, issue.values.map(String)) : [];
      document.problem(path, path.length === 0 ? `the plan ${sentence}` : sentence, mends);
    }
  }
}

/** The same as "did you mean" says. */
function insteadOf(wrong: unknown, known: Iterable<string>): readonly PlanMend[] {
  const right = typeof wrong === "string" ? closestWord(wrong, known) : undefined;
  return right === undefined ? [] : [{ how: "replace", wrong: String(wrong), right }];
}

function unknownKey(document: PlanDocument, key: string, path: Path): string {
  const known = keysAt(path);
  const later = path[0] === "roles" || path[0] === "tasks" ? laterKeyProblem(key) : undefined;
  return (
    later ??
    misplacedAgentKey(key, path, document.data) ??
    `unknown key "${key}"${didYouMean(key, known) || `; known keys: ${known.join(", ")}`}`
  );
}

/** Of several forms, the one that the value tries to have is the one to talk about. */
function noteUnion(document: PlanDocument, issue: Issue & { code: "invalid_union" }, path: Path): void {
  if (valueAt(document.data, path) === undefined) {
    document.problem(path.slice(0, -1), `"${String(path.at(-1))}" is missing`);
    return;
  }
  const meant = issue.errors.find(
    (branch) => !branch.some((each) => each.code === "invalid_type" && each.path.length === 0),
  );
  if (meant) noteIssues(document, meant, path);
  else
    document.problem(
      path,
      `${wrongType(
        issue.errors.map((branch) => typeName(branch[0])).join(" or "),
        valueAt(document.data, path),
      )}${quotesFor(issue.errors[0]?.[0], document, path)}`,
    );
}

/** How the text is written that YAML reads as a map: `; as text it is written 'echo a: b'`. */
function quotesFor(issue: Issue | undefined, document: PlanDocument, path: Path): string {
  const value = valueAt(document.data, path);
  if (issue?.code !== "invalid_type" || issue.expected !== "string" || typeof value !== "object" || value === null)
    return "";
  const written = quotedSource(document.sourceAt(path) ?? "");
  return written === undefined ? "" : `; as text it is written ${written}`;
}

/** The keys of the map at a path; a role may be called as one of them. */
function keysAt(path: Path): readonly string[] {
  const [part, , key] = path;
  if (part !== "roles" && part !== "tasks") return planKeys.plan;
  if (path.length === 3 && typeof key === "string" && Object.hasOwn(planKeys, key))
    return planKeys[key as keyof typeof planKeys];
  return part === "roles" ? planKeys.role : planKeys.task;
}

/**
 * What a schema cannot say: names that refer to each other, cycles, durations. Works on whatever is readable, so that
 * all problems come at once. `agents`: those that it can name; absent: any.
 */
export function noteMeaning(document: PlanDocument, agents?: readonly AgentChoices[]): void {
  const data = mapOf(document.data);
  if (typeof data["project"] === "string" && data["project"] !== "") {
    try {
      projectIdOf(data["project"]);
    } catch {
      document.problem(["project"], "must not be blank or contain invisible characters");
    }
  }
  noteDuration(document, ["quiet"], data["quiet"], 0);
  const roles = mapOf(data["roles"]);
  for (const [name, role] of Object.entries(roles)) {
    noteRole(document, ["roles", name], mapOf(role));
    if (agents) noteAgent(document, ["roles", name, "agent"], mapOf(role)["agent"], agents);
  }
  const tasks = Array.isArray(data["tasks"]) ? data["tasks"].map(mapOf) : [];
  const ids = noteIds(document, tasks);
  tasks.forEach((task, index) => {
    if (document.isFull) return;
    const path = ["tasks", index];
    const role = task["role"];
    if (typeof role === "string" && !Object.hasOwn(roles, role)) {
      document.problem([...path, "role"], `there is no role "${role}"${didYouMean(role, Object.keys(roles))}`, [
        ...insteadOf(role, Object.keys(roles)),
        ...(rolePattern.test(role) ? [{ how: "add_role", role } as const] : []),
      ]);
    }
    noteWork(document, path, task, roles);
    noteDuration(document, [...path, "timeout"], task["timeout"], 1);
    noteUntil(document, [...path, "until"], task["until"]);
    noteDuration(document, [...path, "quiet"], task["quiet"], 0);
    noteDuration(document, [...path, "retries", "backoff"], mapOf(task["retries"])["backoff"], 0);
    noteDuration(document, [...path, "restart", "backoff"], mapOf(task["restart"])["backoff"], 0);
    noteRestart(document, [...path, "restart"], task, roles);
    noteNeeds(document, path, task, ids);
    if (document.reading === "strict") notePrompt(document, [...path, "prompt"], task, tasks, ids);
  });
  if (!document.isFull) noteCycles(document, tasks, ids);
}

function noteRole(document: PlanDocument, path: Path, role: Data): void {
  noteDuration(document, [...path, "quiet"], role["quiet"], 0);
  const given = ["shell", "program", "agent"].filter((key) => role[key] !== undefined);
  const [, second] = given;
  if (second !== undefined) document.problem([...path, second], `use only one of ${listed(given)}`);
}

/** A task has commands for a shell or a program, or a prompt for an agent, and what belongs to either. */
function noteWork(document: PlanDocument, path: Path, task: Data, roles: Data): void {
  const { run, prompt } = task;
  const role = typeof task["role"] === "string" ? mapOf(roles[task["role"]]) : {};
  if (run === undefined && prompt === undefined) document.problem(path, 'needs "run" or "prompt"');
  else if (run !== undefined && prompt !== undefined)
    document.problem([...path, "prompt"], "use only one of run and prompt");
  else if (prompt !== undefined) {
    if (role["agent"] === undefined && Object.hasOwn(roles, String(task["role"])))
      document.problem([...path, "prompt"], `needs a role with an agent; the role ${String(task["role"])} has none`);
    for (const key of ["retries", "restart", "until"])
      if (task[key] !== undefined) document.problem([...path, key], `goes with run, not with prompt`);
    if (task["cwd"] !== undefined)
      document.problem([...path, "cwd"], "goes with run, not with prompt; an agent works in the folder of its role");
  } else {
    if (role["agent"] !== undefined && document.reading === "strict")
      document.problem([...path, "run"], `the role ${String(task["role"])} has an agent, which takes a prompt`);
    for (const key of ["attempts", "budget"])
      if (task[key] !== undefined) document.problem([...path, key], `goes with prompt, not with run`);
  }
}

/** Ids to the index of their task; ids that differ only in case would be mistaken for each other. */
function noteIds(document: PlanDocument, tasks: readonly Data[]): Map<string, number> {
  const ids = new Map<string, number>();
  const folded = new Map<string, string>();
  tasks.forEach((task, index) => {
    const id = task["id"];
    if (typeof id !== "string") return;
    const other = folded.get(id.toLowerCase());
    if (other === undefined) {
      folded.set(id.toLowerCase(), id);
      ids.set(id, index);
    } else {
      document.problem(
        ["tasks", index, "id"],
        other === id ? `there are two tasks "${id}"` : `"${id}" and "${other}" differ only in upper and lower case`,
      );
    }
  });
  return ids;
}

function noteDuration(document: PlanDocument, path: Path, value: unknown, least: number): void {
  if (typeof value !== "number" && typeof value !== "string") return;
  const ms = durationMs(value);
  // Another form is the schema's to report.
  if (ms === undefined) return;
  if (ms < least) document.problem(path, "must be longer than 0");
  if (ms > maxDurationMs) document.problem(path, "must be at most 7 days");
}

function noteUntil(document: PlanDocument, path: Path, value: unknown): void {
  const until = mapOf(value);
  if (value !== until) return;
  notePattern(document, [...path, "screen"], until["screen"]);
  const state = until["state"];
  const problem = typeof state === "string" && state !== "" ? plannedStateProblem(state) : undefined;
  if (problem !== undefined) document.problem([...path, "state"], problem);
  const given = planKeys.until.filter((key) => until[key] !== undefined);
  // A key that nobody knows is most likely one of these, and told already.
  if (given.length === 0 && Object.keys(until).length === 0) document.problem(path, `needs ${untilKeys}`);
  if (given.length > 1) document.problem(path, `must have only ${untilKeys}, not ${listed(given)}`);
}

/** Only what keeps running can end. */
function noteRestart(document: PlanDocument, path: Path, task: Data, roles: Data): void {
  if (task["restart"] === undefined || task["prompt"] !== undefined) return;
  const role = typeof task["role"] === "string" ? mapOf(roles[task["role"]]) : {};
  if (task["until"] === undefined)
    document.problem(path, 'needs "until": only a command that keeps running is restarted');
  else if (role["program"] !== undefined)
    document.problem(path, "must not stand in a task of a role with a program, which gets a text and no command");
}

function notePattern(document: PlanDocument, path: Path, value: unknown): void {
  if (typeof value !== "string" || value === "") return;
  const problem = patternProblem(value);
  if (problem !== undefined) document.problem(path, problem);
}

function noteNeeds(document: PlanDocument, path: Path, task: Data, ids: ReadonlyMap<string, number>): void {
  const list = Array.isArray(task["needs"]);
  needsOf(task).forEach((need, index) => {
    if (document.isFull) return;
    const place = list ? [...path, "needs", index] : [...path, "needs"];
    if (need === task["id"]) document.problem(place, `the task "${need}" needs itself`);
    else if (!ids.has(need))
      document.problem(place, `there is no task "${need}"${didYouMean(need, ids.keys())}`, insteadOf(need, ids.keys()));
  });
}

/** Depth-first with the current trail; each cycle is told once, at the need that closes it. */
function noteCycles(document: PlanDocument, tasks: readonly Data[], ids: ReadonlyMap<string, number>): void {
  const done = new Set<string>();
  const needs = tasks.map(needsOf);
  for (const start of ids.keys()) {
    if (document.isFull) return;
    const trail: { id: string; next: number }[] = [{ id: start, next: 0 }];
    const onTrail = new Set([start]);
    for (let top = trail.at(-1); top && !done.has(start); top = trail.at(-1)) {
      const index = ids.get(top.id) ?? 0;
      const need = needs[index]?.[top.next];
      if (need === undefined) {
        done.add(top.id);
        onTrail.delete(top.id);
        trail.pop();
        continue;
      }
      top.next++;
      if (onTrail.has(need) && need !== top.id) {
        const cycle = [...trail.map((step) => step.id).slice(trail.findIndex((step) => step.id === need)), need];
        const list = Array.isArray(tasks[index]?.["needs"]);
        document.problem(
          list ? ["tasks", index, "needs", top.next - 1] : ["tasks", index, "needs"],
          `circular dependency: ${cycleText(cycle)}`,
        );
      } else if (ids.has(need) && !done.has(need) && need !== top.id) {
        trail.push({ id: need, next: 0 });
        onTrail.add(need);
      }
    }
  }
}

/** `a → b → a`; of a long one its beginning and its end. */
function cycleText(cycle: readonly string[]): string {
  const left = cycle.length - longestCycle;
  const shown = left <= 1 ? cycle : [...cycle.slice(0, longestCycle - 2), `… (${left} more)`, ...cycle.slice(-2)];
  return shown.join(" → ");
}
