import type { ContextEntry } from "../model/entry";
import { shortSession } from "../model/names";
import type { ProjectContext } from "../model/project";
import { plural } from "../model/sentences";
import type { ProjectSnapshot, TaskSummary } from "../model/snapshot";

/** Names of tasks that a sentence lists; the table has all of them. */
const mostNames = 20;

/** SNAPSHOT.md: the snapshot for somebody who was away, with what needs them first. `recent`: oldest first. */
export function snapshotPage(
  project: ProjectContext,
  snapshot: ProjectSnapshot,
  recent: readonly ContextEntry[],
): string {
  const tasks = snapshot.tasks ?? [];
  const failed = tasks.filter(({ state }) => state === "failed" || state === "unknown");
  const done = tasks.filter(({ state }) => state === "succeeded").map(({ id }) => id);
  const parts = [
    `# ${project.name}\n\n${snapshot.summary}\n\nLast updated ${minuteOf(snapshot.updated_at ?? "")}. This file is written by the program; changes to it are overwritten.\n`,
    section("Needs your answer", snapshot.open_blockers.map(bullet), "Nothing needs your answer."),
    failed.length === 0 ? "" : section("Failed", failed.map(failedLine), ""),
    done.length === 0 ? "" : section("Done", [`${plural(done.length, "task")} succeeded: ${listed(done)}.\n`], ""),
    section("Next steps", snapshot.next_steps.map(bullet), "Nothing to do."),
    tasks.length === 0 ? "" : section("Tasks", [tableHead, ...tasks.map(tableRow)], ""),
    section(
      "Recent events",
      recent.map(({ ts, text }) => bullet(`${minuteOf(ts)}: ${text}`)),
      "None.",
    ),
  ];
  return parts.filter((part) => part !== "").join("\n");
}

function section(title: string, lines: readonly string[], none: string): string {
  return `## ${title}\n\n${lines.length === 0 ? `${none}\n` : lines.join("")}`;
}

function bullet(text: string): string {
  return `- ${text.replaceAll("\n", " ")}\n`;
}

function failedLine({ id, state, exit_code, attempts, session_name }: TaskSummary): string {
  const facts = [
    ...(exit_code === null ? [] : [`exit code ${exit_code}`]),
    ...(attempts > 1 ? [plural(attempts, "try")] : []),
    ...(session_name === null ? [] : [`in ${shortSession(session_name)}`]),
  ];
  const what = state === "failed" ? "failed" : "has an unknown outcome";
  return bullet(`${id} ${what}${facts.length === 0 ? "" : ` (${facts.join(", ")})`}.`);
}

function listed(names: readonly string[]): string {
  const more = names.length - mostNames;
  return `${names.slice(0, mostNames).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

const tableHead = "| Task | Role | State | Tries | Exit code | Session |\n| --- | --- | --- | --- | --- | --- |\n";

function tableRow({ id, role, state, attempts, exit_code, session_name }: TaskSummary): string {
  const session = session_name === null ? "" : shortSession(session_name);
  return `| ${id} | ${role} | ${state} | ${attempts} | ${exit_code ?? ""} | ${session} |\n`;
}

/** `2026-11-29 21:50 UTC`: people in several time zones read the file. */
function minuteOf(ts: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(ts) ? `${ts.slice(0, 10)} ${ts.slice(11, 16)} UTC` : "at an unknown time";
}
