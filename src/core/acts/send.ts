import type { CommandReport } from "../command/commandRunner";
import { commandSentence } from "../command/resultSentences";
import { openForTyping, readerOf, type TypingTarget, type TypingWorld } from "../command/sessionTyping";
import { actorName } from "../model/actorName";
import type { Outcome } from "../model/entryKinds";
import { hasCode, OrchestratorError } from "../model/errors";
import { brief } from "../model/sentences";
import type { Confirm } from "../ports/people";
import { type PolicyDecision, unknownShell } from "../ports/safety";
import { visibleText } from "../safety/controlCharacters";
import { advice } from "../model/remedy";

export interface SendRequest {
  readonly text: string;
  readonly enter: boolean;
  /** Follows the command to its end. */
  readonly wait: boolean;
  readonly signal?: AbortSignal;
}

export interface SendWorld extends TypingWorld {
  readonly actor: string;
  readonly confirm: Confirm;
}

export type SendResult =
  /** The person was asked, and said no; nothing was typed. */
  | { readonly how: "declined" }
  /** The keys are typed, and nobody waits for what comes of them. `command_id`: null without Enter. */
  | { readonly how: "typed"; readonly command_id: string | null }
  | { readonly how: "ended"; readonly report: CommandReport };

/**
 * Types text into a session. It is judged as the line that it makes, for whatever reads it there: with what was sent
 * before without Enter and is still at the prompt, and also when it has no Enter itself, since the next key may be one.
 * What a person has typed there by hand is not seen: it is theirs, and a command that is waited for is never typed
 * behind it. Throws `usage`, `needs_person` for what the policy forbids, and what `confirm`, reaching the session and
 * typing throw.
 */
export async function send(target: TypingTarget, world: SendWorld, request: SendRequest): Promise<SendResult> {
  if (request.wait && !request.enter)
    throw new OrchestratorError(
      "usage",
      "Without Enter there is no command to wait for.",
      advice("Send the text with Enter, or do not wait."),
    );
  const decision = await judge(target, world, request);
  let approval: string | undefined;
  if (decision.verdict !== "allow") {
    approval = await approvalOf(target, world, request, decision);
    if (approval === undefined) return { how: "declined" };
  }
  if (!request.wait) return { how: "typed", command_id: await typeKeys(target, world, request) };
  const typing = await openForTyping(target, world, request.signal);
  try {
    let report = await follow(target, typing, world, request, approval);
    // At its prompt the shell has said which one it is.
    if (report.decision && approval === undefined) {
      approval = await approvalOf(target, world, request, report.decision);
      if (approval === undefined) return { how: "declined" };
      report = await follow(target, typing, world, request, approval);
    }
    return { how: "ended", report };
  } finally {
    typing.dispose();
  }
}

async function judge(target: TypingTarget, world: SendWorld, request: SendRequest): Promise<PolicyDecision> {
  const line = lineOf(target, world, request);
  const decide = (shell: string): PolicyDecision => world.policy.decide(line, { shell, cwd: target.cwd });
  // What is right for every shell needs no question to this one.
  const strictest = decide(unknownShell);
  return strictest.verdict === "allow" ? strictest : decide(await readerOf(target, world, request.signal));
}

/** What stands at the prompt once the text is typed. */
function lineOf({ name }: TypingTarget, { record }: SendWorld, { text }: SendRequest): string {
  return `${record.state.unsent.get(name) ?? ""}${text}`;
}

/** The id of the entry that says who let it pass; undefined when they did not. */
async function approvalOf(
  target: TypingTarget,
  world: SendWorld,
  request: SendRequest,
  { verdict, reason, rule }: PolicyDecision,
): Promise<string | undefined> {
  const { record, confirm, actor } = world;
  const { name: session_name } = target;
  if (verdict === "deny")
    throw new OrchestratorError(
      "needs_person",
      `The policy forbids this: ${reason}`,
      advice("If you must run it, type it in the session yourself."),
    );
  const text = visibleText(lineOf(target, world, request));
  if (!(await confirm({ act: "send", session_name, reason, text, destructive: true }))) return undefined;
  const entry = await record.append(
    {
      kind: "policy",
      actor,
      session_name,
      text: `${actorName(actor)} allowed "${brief(text, 200)}": ${reason}`,
      input: text,
      rule,
      event: "confirmed",
    },
    "synced",
  );
  return entry.id;
}

async function follow(
  { context, cwd }: TypingTarget,
  { session, mode, runner }: Awaited<ReturnType<typeof openForTyping>>,
  { actor }: SendWorld,
  { text, signal }: SendRequest,
  approval: string | undefined,
): Promise<CommandReport> {
  const report = await runner.run({
    text,
    session,
    mode,
    role: context?.role ?? "",
    cwd,
    actor,
    ...(signal === undefined ? {} : { signal }),
    ...(approval === undefined ? {} : { approval }),
  });
  await report.recorded;
  return report;
}

/**
 * The keys as they are; gives the id of the command that an Enter made of them. Throws as `sendInput`, and the record
 * says then what is known of it.
 */
async function typeKeys(
  { name: session_name, wire, chosen }: TypingTarget,
  { record, ids, actor }: SendWorld,
  { text, enter }: SendRequest,
): Promise<string | null> {
  const command_id = enter ? ids.next() : null;
  const shown = visibleText(text);
  const about = { actor, session_name, input: shown, typed_as: "keys" } as const;
  if (command_id === null)
    await record.append(
      { ...about, kind: "note", event: "typed", text: `${actorName(actor)} sent "${brief(shown)}" without Enter.` },
      "synced",
    );
  else
    await record.append(
      { ...about, kind: "command", command_id, text: commandSentence(shown, actorName(actor)) },
      "synced",
    );
  const result = async (outcome: Outcome, sentence: string): Promise<void> => {
    if (command_id === null) return;
    await record.append(
      {
        kind: "result",
        actor,
        session_name,
        command_id,
        outcome,
        exit_code: null,
        known_by: "none",
        text: sentence,
        refs: [{ type: "command", id: command_id }],
      },
      "written",
    );
  };
  try {
    await chosen.server.sendInput(wire, enter ? `${text}\r` : text);
  } catch (error) {
    // A command without a result would look as if it still ran.
    if (hasCode(error, "input_unconfirmed")) await result("unknown", "It is unknown whether the text arrived.");
    else await result("not_sent", "Not sent; it did not run.");
    throw error;
  }
  await result("unknown", "Sent; the outcome was not recorded.");
  return command_id;
}
