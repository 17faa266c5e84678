import type { PlanRole, PlanTask } from "../model/plan";

/** Roles have at most 48 characters, and the ending needs its part. */
const longestName = 40;

/**
 * Whether the check of the task runs in a session beside its own, because no shell reads there what is typed: its role runs
 * a program, or its command goes on running.
 */
export function checksApart(task: Pick<PlanTask, "until">, role: Pick<PlanRole, "program" | "agent">): boolean {
  return role.program !== undefined || role.agent !== undefined || task.until !== undefined;
}

/**
 * The role of the sessions in which the checks of such tasks run: a shell with the folder and the environment of `role`,
 * which does not count for the project's limit of sessions. `taken`: names of the plan's roles.
 */
export function checkRole(role: PlanRole, taken: ReadonlySet<string>): PlanRole {
  let name = `${role.name.slice(0, longestName)}-check`;
  while (taken.has(name)) name = `${name.slice(0, longestName)}-check-${taken.size}`;
  return {
    name,
    env: role.env,
    count: Infinity,
    checksOf: role,
    ...(role.cwd === undefined ? {} : { cwd: role.cwd }),
    ...(role.shell === undefined ? {} : { shell: role.shell }),
  };
}
