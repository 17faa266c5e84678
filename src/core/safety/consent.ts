import { actorName } from "../model/actorName";
import type { ContextEntry, EntryDraft } from "../model/entry";
import { roleName } from "../model/names";
import type { Escalation } from "../model/questionState";
import type { ConsentKeeper } from "../ports/consent";
import type { Clock } from "../ports/machine";
import { posixShell, unknownShell } from "../ports/safety";

/** A yes counts this long. */
export const consentMs = 24 * 60 * 60 * 1000;
/** Clocks are put right while we run. */
const clockErrorMs = 60_000;

/** What a person lets happen, exactly as it is about to. */
export interface ConsentSubject {
  /** `command`: it is typed; `role`: sessions are started so; `prompt`: what a program asks is answered. */
  readonly what: "command" | "role" | "prompt";
  /** All of it, with its secrets. */
  readonly text: string;
  /** Absolute path. */
  readonly cwd: string;
  /** What reads the text, as a policy takes it. */
  readonly shell: string;
  /** Whose sessions: `proj-alpha::builder`, or one of them by its logical name. */
  readonly session: string;
}

/** A command of a task, as it is typed in any session of its role. */
export interface AskedCommand {
  readonly text: string;
  readonly cwd: string;
  readonly shell: string;
  readonly role: string;
}

/** Where the subjects of one run are. */
export interface ConsentPlace {
  /** Absolute path of the workspace. */
  readonly workspace: string;
  readonly project_id: string;
}

/** Why a question, or the yes to it, does not count; `who` said yes. */
export type Objection =
  /** Nobody has answered it; it is about something else, or who asked it is not known. */
  { readonly why: "not_asked_so" } | { readonly why: "foreign" | "changed" | "old" | "used"; readonly who: string };

/** A person's yes to one run of one command. */
export interface Approval {
  /** The id of the entry that says so. */
  readonly entry_id: string;
  /** Why it does not count for this text here; undefined when it does. */
  objection(typed: Pick<ConsentSubject, "text" | "cwd" | "shell">): Promise<string | undefined>;
  /**
   * Asked in the moment before the first byte is typed: uses it up, for all processes. False when it was used. What
   * was provably not typed then may be typed by the same process.
   */
  use(): Promise<boolean>;
  /** Something of it may have been typed. */
  spend(): void;
}

/** A yes that was said in this very process, to all that is typed now. */
export function saidHere(entry_id: string): Approval {
  return {
    entry_id,
    objection: () => Promise.resolve(undefined),
    use: () => Promise.resolve(true),
    spend: () => undefined,
  };
}

/**
 * Questions and answers that only this user can have written on this machine, whatever stands in a record: a question
 * carries a seal over all that it shows and over what it is really about, an answer one over that question. Nothing that
 * a record says is believed without, and nothing that it says is typed.
 */
export class Consents {
  constructor(
    private readonly keeper: ConsentKeeper,
    private readonly clock: Pick<Clock, "now">,
    private readonly place: ConsentPlace,
  ) {}

  /** `role`: its name. */
  commandSubject({ text, cwd, shell, role }: AskedCommand): ConsentSubject {
    const session = roleName(this.place.project_id, role);
    return { what: "command", text, cwd, shell: readerName(shell), session };
  }

  /** What a program asks in a session, by its fingerprint. `session`: its logical name. */
  promptSubject(
    session: string,
    { lines, fingerprint }: { readonly lines: readonly string[]; readonly fingerprint: string },
  ): ConsentSubject {
    return { what: "prompt", text: [...lines, fingerprint].join("\n"), cwd: "", shell: "program", session };
  }

  /** Names the subject to who has the key; tells nobody else anything of it. */
  subjectOf({ what, text, cwd, shell, session }: ConsentSubject): string {
    const { workspace, project_id } = this.place;
    return this.keeper.sealOf(["subject", what, text, cwd, shell, session, workspace, project_id]);
  }

  /** What a question about the subject carries, so that nobody else can have asked it. */
  asking(subject: ConsentSubject): Pick<EntryDraft, "cwd" | "shell" | "subject" | "sealWith"> {
    return {
      cwd: subject.cwd,
      shell: subject.shell,
      subject: this.subjectOf(subject),
      sealWith: (entry) => questionSeal(this.keeper, entry),
    };
  }

  /** Whether the question was asked by this user on this machine, and shows what it is about. */
  isGenuine(question: ContextEntry): boolean {
    return isGenuine(this.keeper, question);
  }

  /** Why the question, or its yes, is not one to this subject; undefined when it is. */
  async objection({ entry, answer }: Escalation, subject: ConsentSubject): Promise<Objection | undefined> {
    const genuine = this.isGenuine(entry);
    const matches = genuine && entry.subject === this.subjectOf(subject);
    if (answer === undefined) return matches ? undefined : { why: "not_asked_so" };
    const who = actorName(answer.actor);
    if (!genuine || answer.seal !== answerSeal(this.keeper, entry, answer)) return { why: "foreign", who };
    if (!matches) return { why: "changed", who };
    const age = this.clock.now() - Date.parse(answer.ts);
    if (!(age <= consentMs && age >= -clockErrorMs)) return { why: "old", who };
    return (await this.keeper.isUsed(answer.seal)) ? { why: "used", who } : undefined;
  }

  /** The yes of an answered question. */
  approvalOf(escalation: Escalation, subject: ConsentSubject): Approval {
    const { entry, answer } = escalation;
    let mine = false;
    let spent = false;
    return {
      entry_id: entry.id,
      objection: async ({ text, cwd, shell }) => {
        const who = actorName(answer?.actor ?? "");
        if (spent) return objectionSentence({ why: "used", who });
        if (!isReadBy(shell, subject.shell)) return otherShellSentence(who, subject.shell, shell);
        const found = await this.objection(escalation, { ...subject, text, cwd });
        return found && !(mine && found.why === "used") ? objectionSentence(found) : undefined;
      },
      use: async () => {
        if (answer?.seal === undefined || spent) return false;
        mine ||= await this.keeper.use(answer.seal);
        return mine;
      },
      spend: () => {
        spent = true;
      },
    };
  }
}

/** The seal of a yes to that question, as it stands in the record; undefined when a yes to it counts for nothing. */
export function sealYes(keeper: ConsentKeeper, question: ContextEntry): ((answer: ContextEntry) => string) | undefined {
  return isGenuine(keeper, question) ? (answer) => answerSeal(keeper, question, answer) : undefined;
}

/** Whether the question was asked by this user on this machine. */
export function isGenuine(keeper: ConsentKeeper, question: ContextEntry): boolean {
  return question.subject !== undefined && question.seal === questionSeal(keeper, question);
}

/** Over all that somebody is shown of it, or that follows from it. */
function questionSeal(keeper: ConsentKeeper, entry: ContextEntry): string {
  const { id, project_id, session_name, kind, text, role, task_id, step, attempt, definition, reason } = entry;
  const { input, input_blob, cwd, shell, rule, options, deadline, default: fallback, subject } = entry;
  const fields: readonly unknown[] = [
    ...["question", id, project_id, session_name, kind, text, role, task_id, step, attempt, definition, reason],
    ...[input, input_blob, cwd, shell, rule, JSON.stringify(options), deadline, fallback, subject],
  ];
  return keeper.sealOf(fields.map((field) => (typeof field === "string" || typeof field === "number" ? field : null)));
}

function answerSeal(keeper: ConsentKeeper, question: ContextEntry, answer: ContextEntry): string {
  const { id, ts, actor } = answer;
  return keeper.sealOf(["answer", id, ts, actor, answer.answer ?? null, question.seal ?? null]);
}

/** For the person who is asked once more: who had answered, and why that is not enough. Empty where nobody had. */
export function objectionSentence(objection: Objection): string {
  switch (objection.why) {
    case "not_asked_so":
      return "";
    case "foreign":
      return `${objection.who} allowed it in the log, but not as you on this machine, so that does not count.`;
    case "changed":
      return `${objection.who} allowed it for another command, folder or shell, so that does not count.`;
    case "old":
      return `${objection.who} allowed it more than 24 hours ago, so that no longer counts.`;
    case "used":
      return `${objection.who} allowed it once, and that answer was used. Each answer counts for one time.`;
  }
}

function otherShellSentence(who: string, allowed: string, reads: string): string {
  return `${who} allowed it for ${allowed}, but ${reads} reads it here, so that does not count.`;
}

/**
 * Whether what was allowed for one reader is allowed for the one that is there: who was asked about any shell, or one of
 * a family, was told the strictest reading. A family or `program` is all that some sessions say of theirs.
 */
function isReadBy(reader: string, allowedFor: string): boolean {
  const [one, other] = [readerName(reader), readerName(allowedFor)];
  if (one === other || other === unknownShell || one === "program") return true;
  return (one === posixShell && other !== "fish") || (other === posixShell && one !== "fish" && one !== unknownShell);
}

/** A shell by its name or path, as questions name it. */
export function readerName(shell: string): string {
  const name = shell.slice(shell.lastIndexOf("/") + 1).toLowerCase();
  return /^[a-z0-9._-]{1,32}$/.test(name) ? name : unknownShell;
}
