import { createInterface } from "node:readline/promises";
import { isAnsweredOnlyThere } from "../../core/model/entry";
import type { SessionContext } from "../../core/model/session";
import { reachRecorded } from "../../core/session/reachedSession";
import { plural } from "../../core/model/sentences";
import type { Need } from "../../protocol/needs";
import { needSentence } from "../../protocol/needText";
import { plainRow } from "../../core/session/styledText";
import { confirm } from "../confirm";
import type { Container } from "../container";
import { type ExitCode, exitCode } from "../../protocol/exitCodes";
import { howToSee, needsHere } from "../needsHere";
import { isRunning, runnerOf } from "../projectRunner";
import { projectTitle, type ReadProject, readProjects } from "../projects";
import { questionText } from "../questionText";
import { answerOne } from "./attention";

/** Rows of the screen, its end. */
const mostLines = 12;
const patienceMs = 1500;

/**
 * The most urgent of what needs a person: what is asked, the end of its screen, and how to answer; on a terminal the answer
 * is asked for. As JSON `{kind, since, question, session, lines, others}`, or `null` where nothing needs anybody.
 */
export async function nextNeed(container: Container, name: string | undefined): Promise<ExitCode> {
  const { output } = container;
  const projects = await readProjects(container, name);
  const [need, ...others] = await needsHere(container, projects);
  if (!need) {
    if (output.json) output.document(null);
    else output.line("Nothing needs you.");
    return exitCode.done;
  }
  const { owner, session } = placeOf(projects, need);
  const lines = owner && session ? await screenEnd(container, owner, session) : [];
  if (output.json) {
    const question = need.kind === "question" ? need.question.entry : null;
    output.document({
      kind: need.kind,
      since: need.since,
      question,
      session: session ?? null,
      lines,
      others: others.length,
    });
    return exitCode.done;
  }
  await show(container, need, owner, lines);
  if (others.length > 0) output.progress([{ text: `${plural(others.length, "other")} after it.`, tone: "quiet" }]);
  const { insideSession } = await container.acting();
  return output.canAsk && output.stdoutIsTerminal && insideSession === undefined
    ? askHere(container, need)
    : exitCode.done;
}

function placeOf(
  projects: readonly ReadProject[],
  need: Need,
): { readonly owner: ReadProject | undefined; readonly session: SessionContext | undefined } {
  const key = need.kind === "question" ? need.question.key : need.picture.key;
  const owner = projects.find(({ project }) => project.project_id === key);
  return {
    owner,
    session: need.kind === "session" ? need.session : owner?.state.sessions.get(need.question.session ?? ""),
  };
}

async function show(
  container: Container,
  need: Need,
  owner: ReadProject | undefined,
  lines: readonly string[],
): Promise<void> {
  const { output, clock } = container;
  const now = clock.now();
  if (need.kind === "question" && owner) {
    const running = isRunning(await runnerOf(container, owner.state.lease));
    output.whole([
      { text: projectTitle(owner.project), tone: "strong" },
      { text: `  ${need.question.who}`, tone: "active" },
    ]);
    for (const line of lines) output.raw(`  \u2502 ${line}\n`);
    for (const line of questionText(need.question.entry, {
      now,
      columns: output.columns,
      indent: "  ",
      running,
      aged: true,
    }))
      output.whole(line);
    return;
  }
  output.line(needSentence(need, now));
  for (const line of lines) output.raw(`  \u2502 ${line}\n`);
  if (need.kind === "session") output.line(`  ${howToSee(need)}`);
}

/** The last rows that have something on them; none where the session cannot be reached soon. */
async function screenEnd(container: Container, owner: ReadProject, session: SessionContext): Promise<string[]> {
  try {
    const reached = await reachRecorded(session, owner.project.server, (server) =>
      container.servers.asReference(server),
    );
    if (!reached) return [];
    const { lines } = await reached.chosen.server.screen(reached.wire, "plain", AbortSignal.timeout(patienceMs));
    const rows = lines.map((line) => plainRow(line).trimEnd());
    return rows.slice(0, rows.findLastIndex((row) => row !== "") + 1).slice(-mostLines);
  } catch {
    return [];
  }
}

async function askHere(container: Container, need: Need): Promise<ExitCode> {
  const { output, interrupts } = container;
  const asks = async (question: string): Promise<boolean> =>
    confirm(output, { question, why: "", otherwise: "" }, interrupts.signal);
  if (need.kind === "session" && need.why === "done") {
    if (!(await asks("Mark it as seen?"))) return exitCode.done;
    const { markSeen } = await import("./markSeen");
    return markSeen(container, need.session.session_name);
  }
  const there =
    need.kind === "session"
      ? need.session.session_name
      : isAnsweredOnlyThere(need.question.entry)
        ? need.question.session
        : undefined;
  if (there !== undefined) {
    if (!(await asks("Attach to it now?"))) return exitCode.done;
    const { attachSession } = await import("./attach");
    return attachSession(container, there, {});
  }
  if (need.kind === "session") return exitCode.done;
  const { entry } = need.question;
  if (entry.secret_answer === true) return answerOne(container, entry.id, [], {});
  const text = await typedAnswer(container);
  return text === "" ? exitCode.done : answerOne(container, entry.id, [text], {});
}

/** "" where the person leaves it open. */
async function typedAnswer({ output, interrupts }: Container): Promise<string> {
  const lines = createInterface({ input: output.stdin, output: output.stderr });
  const closed = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
  try {
    const asked = lines.question("Answer (Enter leaves it open): ", { signal: interrupts.signal });
    return (await Promise.race([asked, closed])).trim();
  } finally {
    lines.close();
    output.stdin.unref();
  }
}
