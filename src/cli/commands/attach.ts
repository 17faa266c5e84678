import { maxBodyBytes } from "../../adapters/wsh/wire";
import { isAncestor, isForeground } from "../../adapters/machine/processFacts";
import { requirePerson } from "../../core/acts/acting";
import { attach } from "../../core/acts/attach";
import { seeSession } from "../../core/acts/seeSession";
import { messageOf, OrchestratorError } from "../../core/model/errors";
import { stripControlCharacters } from "../../core/safety/controlCharacters";
import { Attachment, type AttachmentEnd } from "../../core/session/attachment";
import { AttachedNews } from "../attachedNews";
import { AttachedTerminal } from "../attachedTerminal";
import { isLocalAddress } from "../../adapters/wsh/serverAddress";
import type { Container } from "../container";
import { defaultDetachKey, KeyReader, parseDetachKey } from "../detachKey";
import { type ExitCode, exitCode } from "../../protocol/exitCodes";
import { askedAbilities } from "../outerTerminal";
import { ownSize } from "../../core/session/reachedSession";
import { recordOf } from "../sessionRecord";
import { type FoundSession, findSession } from "../sessionLookup";
import { shellWord } from "../../core/sense/shellWord";
import { advice } from "../../core/model/remedy";

export interface AttachOptions {
  readonly detachKey?: string;
}

/**
 * This terminal becomes the session until the detach key is pressed or the session ends. What passes is written
 * nowhere.
 */
export async function attachSession(container: Container, query: string, options: AttachOptions): Promise<ExitCode> {
  const { clock, interrupts, output, actor } = container;
  const insideSession = await container.insideSession;
  requirePerson({ insideSession });
  const key = parseDetachKey(options.detachKey ?? defaultDetachKey);
  await requireTerminal(container, query);
  const found = await findSession(container, query);
  await requireOther(found);
  const { server, info: serverInfo } = found.chosen;
  const notice = stripControlCharacters(`Attached to ${found.name}. Press ${key.title} to detach.`);
  const reader = new KeyReader(key);
  const news = await newsOf(container, found);
  const attachment = new Attachment({
    server,
    server_id: found.chosen.info.server_id,
    clock,
    wire: found.wire,
    terminal: (listener) => new AttachedTerminal(output.stdin, output.stdout, listener, news),
    readKeys: (bytes) => reader.read(bytes),
    mostKeyBytes: maxBodyBytes,
    notice,
    canResize: serverInfo.capabilities.resize,
    formerSize: ownSize(found),
  });
  output.error(notice);
  interrupts.busy = true;
  try {
    const end = await attach(
      {
        session: found.context ?? { session_name: found.name },
        actor,
        place: "terminal",
        process: await container.processes,
        clock: container.clock,
        insideSession,
        record: found.recorded?.owner.ledger,
        // A full disk keeps nobody from a terminal.
        unrecorded: (error) =>
          output.error([
            { text: `The log does not say that you were attached: ${messageOf(error)}`, tone: "attention" },
          ]),
      },
      (typed) => attachment.run(interrupts.signal, typed),
    );
    output.error(endSentence(found, end));
    return end.how === "interrupted" ? exitCode.interrupted : exitCode.done;
  } finally {
    interrupts.busy = false;
    await seenMeanwhile(container, found);
    await found.recorded?.owner.ledger.close();
  }
}

/** Throws `usage` where there is no terminal to become one, or where another program has it. */
async function requireTerminal({ output }: Container, query: string): Promise<void> {
  const name = shellWord(query);
  if (!output.stdin.isTTY || !output.stdoutIsTerminal) {
    throw new OrchestratorError(
      "usage",
      "attach needs a terminal.",
      advice(
        `Without one, type with: wsh-orchestrator send ${name} TEXT --wait, ` +
          `and read with: wsh-orchestrator pull ${name} --follow`,
      ),
    );
  }
  if (!(await isForeground()))
    throw new OrchestratorError(
      "usage",
      "attach cannot run in the background of a terminal.",
      advice("Run it in the foreground: leave out the &."),
    );
}

/** A session that shows itself would never end doing so. Throws `usage`. */
async function requireOther({ name, info, chosen }: FoundSession): Promise<void> {
  if (info.pid === null || !isLocalAddress(chosen.info.address) || !(await isAncestor(info.pid))) return;
  throw new OrchestratorError(
    "usage",
    `This terminal shows ${name} already.`,
    advice("Run attach in a terminal outside of that session."),
  );
}

/** A terminal that is told nothing is still rid of what the session's program said. */
async function newsOf(container: Container, { chosen: { server }, wire }: FoundSession): Promise<AttachedNews> {
  const abilities = await askedAbilities(container);
  if (!abilities) return new AttachedNews({ title: false, progress: false, statuses: false }, undefined);
  const look = await server.look(wire).catch(() => undefined);
  return new AttachedNews(abilities, look?.signs);
}

function endSentence({ name }: FoundSession, end: AttachmentEnd): string {
  return end.how === "ended"
    ? `${name} has ended${codeWords(end.exit_code)}.`
    : `Detached from ${name}. The session keeps running.`;
}

function codeWords(code: number | null): string {
  return code === null ? "; its exit code is not known" : ` with exit code ${code}`;
}

/** What the session did while the person was there is seen. A log that cannot be written was reported already. */
async function seenMeanwhile(container: Container, found: FoundSession): Promise<void> {
  if (!found.recorded) return;
  const record = await recordOf(container, found);
  try {
    await seeSession(record, container, found.name).catch(() => undefined);
  } finally {
    await record.close();
  }
}
