import { listed } from "./sentences";
import { didYouMean } from "./suggestion";

/** What a prompt can name of an earlier task. */
export const taskFields = ["output", "handoff"] as const;
export type TaskField = (typeof taskFields)[number];

/** A piece of a prompt: text as it is, or what is filled in. */
export type PromptPart =
  | { readonly is: "text"; readonly text: string }
  | { readonly is: "task"; readonly task: string; readonly field: TaskField }
  | { readonly is: "file"; readonly path: string };

/** The tasks that a prompt can name. */
export interface PromptTasks {
  /** The task that has the prompt. */
  readonly id: string;
  /** The ids of all tasks of the plan. */
  readonly all: readonly string[];
  /** Whether the prompt's task needs that one, directly or not. */
  readonly needs: (id: string) => boolean;
}

const fileSign = "file:";
const known = "{{task.output}}, {{task.handoff}} and {{file:PATH}}";
/** `\{{` is text, as in Handlebars; else `{{` begins a name, which ends in the same line. */
const signs = /\\\{\{|\{\{([^{}\n]*)\}\}|\{\{/g;

/**
 * The pieces of a prompt, in their order, with what cannot be filled in: sentences without their full stop. Without
 * problems the pieces are all of the text.
 */
export function promptParts(
  prompt: string,
  tasks: PromptTasks,
): { readonly parts: readonly PromptPart[]; readonly problems: readonly string[] } {
  const parts: PromptPart[] = [];
  const problems: string[] = [];
  let text = "";
  let end = 0;
  for (const match of prompt.matchAll(signs)) {
    const [sign, name] = match;
    text += prompt.slice(end, match.index);
    end = match.index + sign.length;
    if (sign.startsWith("\\")) text += sign.slice(1);
    else {
      const part = name === undefined ? openSign : namedPart(name.trim(), tasks);
      if (typeof part === "string") problems.push(part);
      else {
        parts.push({ is: "text", text }, part);
        text = "";
      }
    }
  }
  parts.push({ is: "text", text: text + prompt.slice(end) });
  return { parts: parts.filter((part) => part.is !== "text" || part.text !== ""), problems };
}

const openSign = 'after "{{" the line has no "}}"; as text it is written \\{{';

function namedPart(name: string, { id, all, needs }: PromptTasks): PromptPart | string {
  if (name.startsWith(fileSign)) {
    const path = name.slice(fileSign.length).trim();
    return pathProblem(path, `{{${name}}}`) ?? { is: "file", path };
  }
  const dot = name.lastIndexOf(".");
  const [task, field] = [name.slice(0, dot), name.slice(dot + 1)];
  const isTask = dot > 0 && all.includes(task);
  if (!isField(field)) {
    if (isTask) return `a task has ${listed(taskFields)}, not "${field}"${didYouMean(field, taskFields)}`;
    return `"{{${name}}}" cannot be filled in; known are ${known}; as text it is written \\{{${name}}}`;
  }
  if (!isTask) return `there is no task "${dot < 0 ? "" : task}"${didYouMean(task, all)}`;
  if (task === id) return `"{{${name}}}" names the task itself; only tasks that it needs can be named`;
  return needs(task)
    ? { is: "task", task, field }
    : `"{{${name}}}" names a task that this one does not need; add "${task}" to its needs`;
}

function isField(text: string): text is TaskField {
  return (taskFields as readonly string[]).includes(text);
}

/** Why a path of a plan is certainly not in the project's folder; `what` names it. Links are looked at when it is read. */
export function pathProblem(path: string, what: string): string | undefined {
  if (path === "") return `${what} names no file`;
  let depth = 0;
  for (const part of path.split(/[/\\]/)) {
    if (part === "..") depth--;
    else if (part !== "" && part !== ".") depth++;
    if (depth < 0) break;
  }
  return depth < 0 || path.startsWith("~") ? `${what} is outside of the project's folder` : undefined;
}
