import { OrchestratorError } from "../model/errors";
import type { Plan } from "../model/plan";
import type { Redactor } from "../safety/redaction";
import { hideSecretValues } from "../safety/secretVariables";

const removed = /‹redacted:[a-z0-9-]+:[0-9a-f]{4}›/;

/** Whether the text lost its secrets. */
export function requiresSecrets(text: string): boolean {
  return removed.test(text);
}

/** Throws `plan_invalid` for a text that lost its secrets: what it says is not what was meant. */
export function requireSecrets(text: string, name: string): void {
  if (!requiresSecrets(text)) return;
  throw new OrchestratorError(
    "plan_invalid",
    `Secrets were removed from the saved plan of ${name}, so it cannot run.`,
    {
      kind: "give_plan",
      project: name,
    },
  );
}

/** Values of variables that are named like secrets never reach the record. */
export function hideSecrets(redactor: Pick<Redactor, "addKnownValue">, plan: Plan): void {
  for (const { env } of plan.roles) hideSecretValues(redactor, env);
}
