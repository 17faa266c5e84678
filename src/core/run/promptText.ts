import { withNeeds } from "../model/dependents";
import { shortSession } from "../model/names";
import { actorName } from "../model/actorName";
import type { ContextEntry } from "../model/entry";
import { OrchestratorError } from "../model/errors";
import type { Plan, PlanTask } from "../model/plan";
import { foreignCharacters } from "../model/planCharacters";
import { maxPromptLength } from "../model/planLimits";
import { type PromptPart, promptParts } from "../model/promptParts";
import { advice } from "../model/remedy";
import { plural } from "../model/sentences";
import { textOfBytes } from "../model/textBytes";
import type { ProjectFiles } from "../ports/projectFiles";
import type { OpenRecord } from "../record/projectRecord";
import type { Redactor } from "../safety/redaction";
import { quotedData } from "./quotedData";
import { type RecordedWork, recordedWork } from "./recordedWork";

/** What the text of a prompt is made from. */
export interface PromptWorld {
  readonly record: Pick<OpenRecord, "ledger">;
  readonly plan: Plan;
  readonly files: ProjectFiles;
  readonly redactor: Pick<Redactor, "redact">;
  /** The project's folder, absolute: paths in prompts start there. */
  readonly folder: string;
}

/** A file that is filled in may have so many bytes, of which `quotedData` keeps head and tail. */
const mostFileBytes = 5_000_000;
/** With all that is filled in; in characters. */
const mostText = 400_000;

/**
 * What the agent of a task is told: its prompt with what that names, and behind it the notes of the tasks that it needs and
 * those that wait for its session (`waiting`). What others wrote is quoted, see `quotedData`. Throws `request_invalid`
 * for a file that cannot be used and for a name that cannot be filled in.
 */
export async function promptText(
  world: PromptWorld,
  task: PlanTask,
  waiting: readonly ContextEntry[],
): Promise<string> {
  const { plan } = world;
  const parts = await partsOf(world, task);
  const named = parts.flatMap((part) => (part.is === "task" ? [part.task] : []));
  const wanted = new Set([...task.needs, ...named]);
  const work = await recordedWork(
    world.record.ledger,
    plan.tasks.filter(({ id }) => wanted.has(id)),
  );
  const texts = await Promise.all(parts.map((part) => filledIn(world, part, work)));
  const given = new Set(
    parts.flatMap((part) => (part.is === "task" && part.field === "handoff" ? [noteOf(work.get(part.task))?.id] : [])),
  );
  const notes = [...task.needs.flatMap((need) => noteOf(work.get(need), task.role) ?? []), ...waiting];
  const shown = new Map(notes.filter(({ id }) => !given.has(id)).map((note) => [note.id, note]));
  const quoted = [...shown.values()].map((note) =>
    quotedData(`handoff note from ${senderOf(note)}`, note.text, world.redactor),
  );
  const text = [texts.join(""), ...quoted].join("\n\n");
  if (text.length > mostText)
    throw new OrchestratorError(
      "request_invalid",
      `The prompt of ${task.id} has ${plural(text.length, "character")} with all that it names; at most ${mostText} can be sent.`,
      advice("Name fewer outputs and files in it."),
    );
  return text;
}

/** The person's own text in its pieces. */
async function partsOf(world: PromptWorld, { id, prompt }: PlanTask): Promise<readonly PromptPart[]> {
  if (prompt === undefined) return [];
  const needed = withNeeds(world.plan, id);
  const all = world.plan.tasks.map((task) => task.id);
  const text = "text" in prompt ? prompt.text : await fileText(world, prompt.file);
  const { parts, problems } = promptParts(text, { id, all, needs: (task) => needed.has(task) });
  if (problems.length > 0)
    throw new OrchestratorError(
      "request_invalid",
      `${"file" in prompt ? `The file ${prompt.file}` : "The prompt"} of ${id} cannot be sent: ${problems.join("; ")}.`,
      advice("Correct it, and run the task again."),
    );
  return parts;
}

/** The text of a prompt's file, without the end of its last line. */
async function fileText({ files, folder }: PromptWorld, path: string): Promise<string> {
  const text = textIn(await files.read(folder, path, maxPromptLength * 4), path).replaceAll("\r\n", "\n");
  const [foreign] = foreignCharacters(text);
  if (foreign) throw unusable(path, foreign.message);
  if (text.trim() === "") throw unusable(path, "it has no text");
  if (text.length > maxPromptLength)
    throw unusable(path, `it has ${plural(text.length, "character")}; a prompt has at most ${maxPromptLength}`);
  return text.replace(/\n+$/, "");
}

async function filledIn(
  { files, folder, redactor }: PromptWorld,
  part: PromptPart,
  work: ReadonlyMap<string, RecordedWork>,
): Promise<string> {
  switch (part.is) {
    case "text":
      return part.text;
    case "file": {
      const bytes = await files.read(folder, part.path, mostFileBytes);
      return onOwnLines(quotedData(`the file ${part.path}`, textIn(bytes, part.path), redactor));
    }
    case "task": {
      const { result } = work.get(part.task) ?? {};
      if (part.field === "handoff")
        return onOwnLines(
          quotedData(`the handoff note of the task ${part.task}`, noteOf(work.get(part.task))?.text ?? "", redactor),
        );
      const whole = result?.complete === false ? ", not complete" : "";
      return onOwnLines(quotedData(`the output of the task ${part.task}${whole}`, result?.output ?? "", redactor));
    }
  }
}

function textIn(bytes: Uint8Array, path: string): string {
  const text = textOfBytes(bytes);
  if (typeof text === "string") return text;
  throw unusable(path, `line ${text.line}: ${text.message}`);
}

function unusable(path: string, why: string): OrchestratorError {
  return new OrchestratorError(
    "request_invalid",
    `The file ${path} cannot be used in a prompt: ${why}.`,
    advice("Correct the file, or name another one in the plan."),
  );
}

/** What is quoted begins and ends a line. */
function onOwnLines(text: string): string {
  return `\n${text}\n`;
}

/** The newest note of a task, that for the role where there is one. */
function noteOf(work: RecordedWork | undefined, role?: string): ContextEntry | undefined {
  return work?.notes.findLast(({ to }) => to === role) ?? work?.notes.at(-1);
}

function senderOf({ task_id, session_name, actor }: ContextEntry): string {
  if (task_id !== undefined) return `the task ${task_id}`;
  return session_name === null ? actorName(actor) : shortSession(session_name);
}
