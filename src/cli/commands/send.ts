import type { CommandReport } from "../../core/command/commandRunner";
import { confirmedNote, typeKeys } from "../../core/acts/personsActs";
import { OrchestratorError } from "../../core/model/errors";
import type { PolicyDecision } from "../../core/ports/safety";
import type { Container } from "../container";
import { type ExitCode, exitCode } from "../exitCodes";
import { type FoundSession, findSession } from "../sessionLookup";
import { accessForTyping, journalOf } from "../typingAccess";

export interface SendOptions {
  /** Commander's name for --no-enter. */
  readonly enter?: boolean;
  readonly wait?: boolean;
  readonly yes?: boolean;
}

export interface SendAnswer {
  readonly command_id: string | null;
  readonly exit_code: number | null;
  readonly output: string;
}

/** Types into a session. Throws `needs_person` when the policy wants somebody to look first. */
export async function sendText(
  container: Container,
  query: string,
  words: readonly string[],
  options: SendOptions,
): Promise<ExitCode> {
  const text = words.join(" ");
  const enter = options.enter !== false;
  if (options.wait && !enter)
    throw new OrchestratorError("usage", "Nothing ends that was not entered.", "Give --wait or --no-enter, not both.");
  const found = await findSession(container, query);
  const decision = await decide(container, found, text);
  const approved = await approve(container, found, text, decision, options.yes ?? false);
  return options.wait ? sendAndWait(container, found, text, approved) : sendKeys(container, found, text, enter);
}

async function decide(container: Container, found: FoundSession, text: string): Promise<PolicyDecision> {
  const policy = await container.policy();
  return policy.decide(text, { shell: "bash", cwd: found.recorded?.owner.project.default_cwd ?? container.workspace });
}

/** The id of the entry that says who let it pass; undefined when nobody had to. */
async function approve(
  container: Container,
  found: FoundSession,
  text: string,
  decision: PolicyDecision,
  yes: boolean,
): Promise<string | undefined> {
  if (decision.verdict === "allow") return undefined;
  if (decision.verdict === "deny" || !yes || !container.output.canAsk) {
    const next =
      decision.verdict === "deny"
        ? "Type it in the session yourself if it must be."
        : "Look at it; a person at a terminal may confirm it with --yes.";
    throw new OrchestratorError("needs_person", `This is not typed without a person: ${decision.reason}`, next);
  }
  const journal = await journalOf(container, found);
  try {
    const entry = await journal.append(
      confirmedNote(found.name, text, decision.reason, decision.rule, container.actor),
      "synced",
    );
    return entry.id;
  } finally {
    await journal.close();
  }
}

async function sendAndWait(
  container: Container,
  found: FoundSession,
  text: string,
  approval: string | undefined,
): Promise<ExitCode> {
  const { interrupts } = container;
  const access = await accessForTyping(container, found);
  interrupts.busy = true;
  try {
    const { runner, session, mode, role, cwd } = access;
    const report = await runner.run({
      text,
      session,
      mode,
      role,
      cwd,
      actor: container.actor,
      signal: interrupts.signal,
      ...(approval === undefined ? {} : { approval }),
    });
    await report.recorded;
    tell(container, report);
    if (interrupts.signal.aborted) return exitCode.interrupted;
    if (report.exit_code === null) return report.known_by === "quiet" ? exitCode.done : exitCode.needsPerson;
    return report.exit_code === 0 ? exitCode.done : exitCode.failed;
  } finally {
    interrupts.busy = false;
    await access.close();
  }
}

function tell({ output }: Container, report: CommandReport): void {
  const { command_id, exit_code } = report;
  if (output.json) output.document({ command_id, exit_code, output: report.output } satisfies SendAnswer);
  else {
    if (report.output !== "") output.line(report.output);
    if (exit_code !== 0)
      output.progress([
        { text: exit_code === null ? outcomeWords(report) : `exit code ${exit_code}`, tone: "attention" },
      ]);
  }
}

function outcomeWords({ outcome, known_by }: CommandReport): string {
  if (known_by === "quiet") return "It went quiet; there is no exit code.";
  return outcome === "rejected"
    ? "The shell did not take the line; it did not run."
    : `There is no exit code: ${outcome.replace("_", " ")}.`;
}

/** The keys as they are. The record says what was typed; nobody waits for how it ends. */
async function sendKeys(container: Container, found: FoundSession, text: string, enter: boolean): Promise<ExitCode> {
  const { output, actor, ids } = container;
  const journal = await journalOf(container, found);
  let command_id: string | null;
  try {
    command_id = await typeKeys(journal, found.chosen.server, ids, {
      session_name: found.name,
      wire: found.wire,
      text,
      enter,
      actor,
    });
  } finally {
    await journal.close();
  }
  if (output.json) output.document({ command_id, exit_code: null, output: "" } satisfies SendAnswer);
  else output.progress([{ text: `Typed into ${found.name}.`, tone: "quiet" }]);
  return exitCode.done;
}
