import type { PlanRole, RoleAgent } from "../model/plan";
import { shellWord } from "../sense/shellWord";
import { withoutStop } from "../model/sentences";
import type { CommandTarget } from "../ports/targets";
import { posixShell, type Policy, type RoleDecision } from "../ports/safety";
import { visibleText } from "./controlCharacters";
import type { EnvironmentRule } from "./environmentRule";
import { environmentRules } from "./environmentRules";
import type { EnvironmentContext } from "./environmentValues";

/** A setting of a role that a person should look at. */
interface Concern {
  readonly rule: string;
  /** As it stands in the question. */
  readonly text: string;
  readonly reason: string;
  readonly targets: readonly CommandTarget[];
}

const byName = new Map<string, EnvironmentRule>();
const byPattern: (EnvironmentRule & { readonly names: RegExp })[] = [];
for (const rule of environmentRules) {
  if (rule.names instanceof RegExp) byPattern.push({ ...rule, names: rule.names });
  else for (const name of rule.names) byName.set(name, rule);
}

/** Whose value is run, and so can be judged as the command that it is. */
const commands = new Set(["runs-at-prompt", "pager-or-editor", "helper-program"]);

/**
 * What a role gives to its sessions before anything is typed there: its program, which `/bin/sh` starts, and variables
 * with which programs run or load something.
 */
export function reviewRole(
  role: Pick<PlanRole, "name" | "program" | "agent" | "env">,
  context: EnvironmentContext,
  decide: Policy["decide"],
): RoleDecision {
  const concerns = [
    // What starts an agent is its profile's, which is the user's own; the plan adds what stands in `agent`.
    ...(role.agent === undefined ? programConcern(role, context, decide) : agentConcern(role.name, role.agent)),
    ...Object.entries(role.env).flatMap((variable) => variableConcern(role.name, variable, context, decide)),
  ];
  const [first] = concerns;
  if (!first) return { verdict: "allow", reason: "", rule: "", text: "" };
  return {
    verdict: "ask",
    rule: first.rule,
    reason: concerns.map((concern) => concern.reason).join(" "),
    text: concerns.map((concern) => concern.text).join("\n"),
    targets: concerns.flatMap(({ targets }) => targets),
  };
}

function programConcern(
  { name: role, program }: Pick<PlanRole, "name" | "program">,
  { workspace }: EnvironmentContext,
  decide: Policy["decide"],
): Concern[] {
  if (program === undefined) return [];
  const { verdict, reason, rule, targets = [] } = decide(program, { shell: posixShell, cwd: workspace });
  return verdict === "allow"
    ? []
    : [{ rule, text: `program: ${program}`, reason: `The program of the role ${role}: ${reason}`, targets }];
}

/** The mode in which it asks nobody, and arguments: these may allow anything, or run something. */
function agentConcern(role: string, { use, mode, arguments: words = [] }: RoleAgent): Concern[] {
  if (mode !== "auto" && words.length === 0) return [];
  const reasons = [
    ...(mode === "auto" ? ["lets it decide by itself what it runs"] : []),
    ...(words.length > 0 ? ["adds arguments of its own, which may allow it more"] : []),
  ];
  const settings = [
    `agent: ${use}`,
    ...(mode === undefined ? [] : [`mode: ${mode}`]),
    ...(words.length === 0 ? [] : [`arguments: ${words.map(shellWord).join(" ")}`]),
  ];
  return [
    {
      rule: mode === "auto" ? "agent-decides" : "agent-arguments",
      text: settings.join(", "),
      reason: `The role ${role} starts the agent ${use} and ${reasons.join(", and it ")}.`,
      targets: [],
    },
  ];
}

function variableConcern(
  role: string,
  [name, value]: readonly [string, string],
  context: EnvironmentContext,
  decide: Policy["decide"],
): Concern[] {
  const rule = environmentRule(name);
  if (!rule || rule.harmless?.(value, context, name) === true) return [];
  const command = commands.has(rule.id) ? decide(value, { shell: posixShell, cwd: context.workspace }) : undefined;
  const found = command === undefined || command.verdict === "allow" ? "" : `: ${withoutStop(command.reason)}`;
  const reason = `The role ${role} sets ${visibleText(name)}, ${rule.reason}${found}.`;
  return [{ rule: `environment-${rule.id}`, text: `${name}=${value}`, reason, targets: command?.targets ?? [] }];
}

/** The rule that speaks of a variable of this name. */
export function environmentRule(name: string): EnvironmentRule | undefined {
  return byName.get(name) ?? byPattern.find((rule) => rule.names.test(name));
}
