import { isMap, isScalar, isSeq, parseDocument } from "yaml";
import { documentText, parsePlan, type Plan, planFile, taskDefinitionHash } from "./plan";
import { hasCode } from "./errors";

/** Names the tasks in a plan that were given as commands beside it. */
const givenKey = "x-given";

/** The ids of tasks in a plan's text that were given as commands beside it. */
export function givenTaskIds(text: string): string[] {
  // To read a plan takes time, and nearly none has such tasks.
  if (!text.includes(givenKey)) return [];
  const ids = parseDocument(text).get(givenKey);
  return isSeq(ids) ? ids.items.map((id) => (isScalar(id) ? id.value : id)).filter((id) => typeof id === "string") : [];
}

/**
 * The plan's text with tasks that were given as commands beside it, so that they can be done later: when their question
 * is answered, or when they are retried. Undefined where the text cannot take them as they are.
 */
export function withGivenTasks(own: string, given: Plan): string | undefined {
  const document = parseDocument(own);
  const [tasks, roles] = [document.get("tasks"), document.get("roles")];
  if (document.errors.length > 0 || !isSeq(tasks) || !isMap(roles)) return undefined;
  const before = givenTaskIds(own);
  const file = planFile(given);
  const ids = file.tasks.map(({ id }) => id);
  const idOf = (item: unknown): unknown => (isMap(item) ? item.get("id") : undefined);
  tasks.items = tasks.items.filter((item) => !ids.some((id) => id === idOf(item) && before.includes(id)));
  for (const task of file.tasks) tasks.add(document.createNode(task));
  for (const [name, role] of Object.entries(file.roles ?? {}))
    if (!roles.has(name)) roles.set(document.createNode(name), document.createNode(role));
  document.set(givenKey, document.createNode([...new Set([...before, ...ids])]));
  const text = documentText(document);
  return saysTheSame(text, given) ? text : undefined;
}

function saysTheSame(text: string, given: Plan): boolean {
  try {
    const plan = parsePlan(text);
    return given.tasks.every((wanted) => {
      const task = plan.tasks.find(({ id }) => id === wanted.id);
      return task !== undefined && taskDefinitionHash(plan, task) === taskDefinitionHash(given, wanted);
    });
  } catch (error) {
    if (hasCode(error, "plan_invalid")) return false;
    throw error;
  }
}
