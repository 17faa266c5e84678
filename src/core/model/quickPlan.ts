import { promptProblems } from "./agentChecks";
import { OrchestratorError } from "./errors";
import { isRoleName, projectIdOf } from "./names";
import type { Plan, PlanTask, RoleAgent } from "./plan";
import { defaultBackoffMs, defaultMaxSessions } from "./planSchema";
import { advice } from "./remedy";

/** What a task is to do: commands, each of which runs only if the one before it succeeded, or a prompt for an agent. */
export type TaskWork =
  | { readonly run: readonly string[] }
  /** `agent`: of a role that the plan does not have. */
  | { readonly prompt: string; readonly agent?: RoleAgent };

export type QuickPlanRequest = TaskWork & {
  readonly project: string;
  readonly goal?: string;
  readonly role?: string;
  readonly cwd?: string;
};

/**
 * The plan of one task that is given without a plan: one role, one task. Throws `usage` without a command or a prompt,
 * `plan_invalid` for a prompt that cannot be sent, and `name_invalid` for a bad name.
 */
export function quickPlan(request: QuickPlanRequest): Plan {
  const { project, goal, cwd } = request;
  const work = workOf(request);
  const given = request.role ?? ("run" in request ? undefined : request.agent?.use);
  if (given !== undefined && !isRoleName(given)) {
    throw new OrchestratorError(
      "name_invalid",
      `"${given}" is not a valid role name.`,
      advice("Use 1 to 48 letters, digits, underscores or hyphens, beginning with a letter or digit."),
    );
  }
  projectIdOf(project);
  const role = given ?? "shell";
  const place = cwd === undefined ? {} : { cwd };
  const isPrompt = work.prompt !== undefined;
  return {
    project,
    goal: goal ?? "",
    max_sessions: defaultMaxSessions,
    roles: [{ name: role, env: {}, count: 1, ...agentOf(request), ...(isPrompt ? place : {}) }],
    tasks: [
      {
        id: given ?? "run",
        role,
        needs: [],
        ...work,
        retries: { attempts: 1, backoff_ms: defaultBackoffMs, not_on: [] },
        ...(isPrompt ? {} : place),
      },
    ],
  };
}

function agentOf(request: TaskWork): { readonly agent?: RoleAgent } {
  return "run" in request || request.agent === undefined ? {} : { agent: request.agent };
}

function workOf(request: QuickPlanRequest): Pick<PlanTask, "run" | "prompt"> {
  if ("run" in request) {
    const run = request.run.filter((command) => command.trim() !== "");
    if (run.length > 0) return { run };
    throw new OrchestratorError("usage", "There is no command to run.", { kind: "give_commands" });
  }
  const { prompt: text } = request;
  if (text.trim() === "")
    throw new OrchestratorError("usage", "The prompt is empty.", advice("Write what the agent should do."));
  const problems = promptProblems(text, { id: "", all: [], needs: () => false });
  if (problems.length > 0)
    throw new OrchestratorError(
      "plan_invalid",
      `The prompt cannot be sent: ${problems.join("; ")}.`,
      advice("Correct it. Tasks can be named only in a plan, by a task that needs them."),
    );
  return { run: [], prompt: { text } };
}
