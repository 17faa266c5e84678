import { hasCode } from "../model/errors";
import { parsePlan, type Plan, planToYaml } from "../model/plan";
import type { StorablePlan } from "../ports/plans";
import { stripControlCharacters } from "../safety/controlCharacters";
import type { Redactor } from "../safety/redaction";

/** The text that plan.yaml gets: as it was written, or without its secrets where it holds some. */
export function storablePlan(plan: Plan, text: string, redactor: Pick<Redactor, "redact">): StorablePlan {
  const visible = stripControlCharacters(text);
  const clean = redactor.redact(visible);
  // YAML may write a secret in a way that no rule knows (escaped, folded); the plan's own strings show it.
  const inStrings = redactedStrings(plan, redactor);
  const shown = redactor.redact(planToYaml(inStrings));
  if (clean === visible && shown === planToYaml(plan)) return { text, redacted: false };
  return { text: stillHolds(clean, plan, inStrings) ? shown : clean, redacted: true };
}

/** Whether a string that lost something stands in the text as it was. */
function stillHolds(text: string, plan: Plan, redacted: Plan): boolean {
  try {
    const left = new Set(stringsOf(parsePlan(text)));
    const after = stringsOf(redacted);
    return stringsOf(plan).some((string, index) => string !== after[index] && left.has(string));
  } catch (error) {
    if (hasCode(error, "plan_invalid")) return true;
    throw error;
  }
}

function stringsOf(plan: Plan): string[] {
  const strings: string[] = [];
  mapStrings(plan, (text) => {
    strings.push(text);
    return text;
  });
  return strings;
}

function redactedStrings(plan: Plan, redactor: Pick<Redactor, "redact">): Plan {
  return mapStrings(plan, (text) => {
    const visible = stripControlCharacters(text);
    const clean = redactor.redact(visible);
    return clean === visible ? text : clean;
  });
}

function mapStrings(plan: Plan, map: (text: string) => string): Plan {
  return {
    ...plan,
    goal: map(plan.goal),
    roles: plan.roles.map((role) => ({
      ...role,
      env: Object.fromEntries(Object.entries(role.env).map(([name, value]) => [name, map(value)])),
      ...(role.program === undefined ? {} : { program: map(role.program) }),
      ...(role.agent?.arguments === undefined
        ? {}
        : { agent: { ...role.agent, arguments: role.agent.arguments.map(map) } }),
    })),
    tasks: plan.tasks.map((task) => ({
      ...task,
      run: task.run.map(map),
      ...(task.prompt && "text" in task.prompt ? { prompt: { text: map(task.prompt.text) } } : {}),
      ...(task.check === undefined ? {} : { check: map(task.check) }),
      ...(task.until && "screen" in task.until ? { until: { screen: map(task.until.screen) } } : {}),
      ...(task.handoff === undefined ? {} : { handoff: map(task.handoff) }),
    })),
  };
}
