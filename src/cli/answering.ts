import { advice, type Remedy } from "../core/model/remedy";
import { remedyText } from "./remedyText";
import { createInterface } from "node:readline";
import type { Acting } from "../core/acts/acting";
import type { AnsweredTerminals } from "../core/acts/answerPrompt";
import { answerQuestion } from "../core/acts/answerQuestion";
import { chosenOption } from "../core/people/escalations";
import type { ProjectRecord } from "../core/record/projectRecord";
import { type Disposable, toDisposable } from "../core/base/lifecycle";
import { messageOf, OrchestratorError } from "../core/model/errors";
import { openEscalations } from "../core/model/projectState";
import type { ContextEntry } from "../core/model/entry";
import type { Confirm, ConfirmQuestion } from "../core/ports/people";
import { answersByRisk } from "../core/model/answerOrder";

const longestAnswer = 2000;

/** Which question a typed line answers: `2 skip` the second, anything else the first. */
export function pickQuestion(
  questions: readonly ContextEntry[],
  line: string,
): { question: ContextEntry; text: string } | undefined {
  const match = /^\s*(\d{1,3})[.):]?\s+(\S.*)$/.exec(line);
  const picked = match ? questions[Number(match[1]) - 1] : undefined;
  if (picked && match?.[2] !== undefined) return { question: picked, text: match[2] };
  const first = questions[0];
  return first && line.trim() !== "" ? { question: first, text: line } : undefined;
}

/** A command that the terminal had no room for, or for its reason, cannot be allowed here. Throws `usage`. */
export function requireRead(question: ContextEntry, text: string, shown: ReadonlySet<string> | undefined): void {
  if (
    question.kind !== "approval_needed" ||
    shown?.has(question.id) !== false ||
    chosenOption(question, text) === "skip"
  )
    return;
  throw new OrchestratorError("usage", "The terminal is too small to show the whole question.", {
    kind: "show_questions",
  });
}

/** Answers from this terminal go the way of all others: into the record, first one counts. */
export class TerminalAnswers {
  typed = "";
  notice = "";
  /** Ids of the questions that were to be read here; undefined where each is printed whole. */
  shown: ReadonlySet<string> | undefined;
  /** Ids of those that were printed whole above the picture. */
  readonly above = new Set<string>();
  /** The words that this person was asked about last. */
  #askedAbout: string | undefined;

  constructor(
    private readonly record: ProjectRecord,
    private readonly acting: () => Promise<Acting>,
    private readonly terminals: (confirm: Confirm) => AnsweredTerminals,
    private readonly changed: () => void,
    private readonly interrupt: () => void,
  ) {}

  /** Reads key by key, without echo; the picture shows what is typed. */
  listenToKeys(stdin: NodeJS.ReadStream): Disposable {
    const onData = (chunk: string): void => this.#keys(chunk);
    const restore = (): void => void stdin.setRawMode(false);
    const resumed = (): void => {
      stdin.setRawMode(true);
      this.changed();
    };
    stdin.setEncoding("utf8");
    stdin.setRawMode(true);
    stdin.on("data", onData);
    stdin.resume();
    process.on("exit", restore);
    process.on("SIGCONT", resumed);
    return toDisposable(() => {
      process.off("exit", restore);
      process.off("SIGCONT", resumed);
      stdin.off("data", onData);
      restore();
      stdin.pause();
      stdin.unref();
    });
  }

  /** Reads whole lines, where no picture is drawn. */
  listenToLines(stdin: NodeJS.ReadStream, say: (text: string) => void): Disposable {
    const lines = createInterface({ input: stdin });
    lines.on("line", (line) => void this.#submit(line).then(() => this.notice !== "" && say(this.notice)));
    return toDisposable(() => {
      lines.close();
      stdin.unref();
    });
  }

  #keys(chunk: string): void {
    // Cursor keys and the like mean nothing here, nor does what a terminal answers late.
    for (const key of chunk.replace(/\x1b(?:\][^\x07\x1b]*(?:\x07|\x1b\\)|\[[0-9;?]*[ -/]*[@-~]|O.|.)?/g, "")) {
      if (key === "\x03") this.interrupt();
      else if (key === "\x1a") process.kill(process.pid, "SIGTSTP");
      else if (key === "\r" || key === "\n") {
        const line = this.typed;
        this.typed = "";
        void this.#submit(line);
      } else if (key === "\x7f" || key === "\b") this.typed = Array.from(this.typed).slice(0, -1).join("");
      else if (key === "\x15" || key === "\x17") this.typed = "";
      else if (key >= " " && this.typed.length < longestAnswer) this.typed += key;
    }
    this.changed();
  }

  /** Whoever reads why they are asked, and gives the same answer again, means it. */
  #confirm({ session_name, reason, text = "" }: ConfirmQuestion): Promise<boolean> {
    const asked = `${session_name} ${text}`;
    if (this.#askedAbout === asked) return Promise.resolve(true);
    this.#askedAbout = asked;
    throw new OrchestratorError(
      "needs_person",
      `This needs confirmation: ${reason}`,
      advice("Give the same answer again to send it."),
    );
  }

  async #submit(line: string): Promise<void> {
    this.notice = "";
    const picked = pickQuestion(openEscalations(this.record.state), line);
    try {
      if (picked) requireRead(picked.question, picked.text, this.shown);
      if (picked)
        await answerQuestion(this.record, await this.acting(), {
          question: picked.question.id,
          text: picked.text,
          resume: "no",
          terminals: this.terminals((asked) => this.#confirm(asked)),
        });
    } catch (error) {
      this.notice =
        error instanceof OrchestratorError
          ? `${error.message} ${whatToType(error.remedy)}`.trimEnd()
          : messageOf(error);
    }
    this.changed();
  }
}

/** Who answers here needs no command for it. */
function whatToType(remedy: Remedy): string {
  return remedy.kind === "answer_question" && remedy.options.length > 0
    ? `Type one of: ${answersByRisk(remedy.options).join(", ")}.`
    : remedyText(remedy);
}
