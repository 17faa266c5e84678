import * as l10n from "@vscode/l10n";
import { type ContextEntry, isAskedInTerminal } from "../core/model/entry";
import { shortSession } from "../core/model/names";
import { clockTime } from "../core/model/sentences";
import { type SessionContext, stateSince } from "../core/model/session";
import { isLiving } from "../core/model/states";
import type { ServerInfo } from "../core/ports/sessions";
import { stripControlCharacters } from "../core/safety/controlCharacters";
import type { WrittenAt } from "../core/sense/programRules";
import { sessionLook, shownState } from "./stateLook";
import { programLine, signalWord } from "./stateReasons";
import { whatWouldChange } from "./stateChanges";

/** So many changes of a state are shown, newest last. */
const mostChanges = 40;

/** Where a part of the explanation leads to. */
export type ExplainedPlace =
  | { readonly kind: "session" }
  /** A line that the session shows or has shown. */
  | { readonly kind: "line"; readonly text: string }
  | ({ readonly kind: "rule" } & WrittenAt)
  /** The entry of a question of the project's. */
  | { readonly kind: "question"; readonly id: string }
  | { readonly kind: "log" }
  /** How rules are written. */
  | { readonly kind: "rulesHelp" };

export interface ExplainedPart {
  readonly text: string;
  readonly to?: ExplainedPlace;
}

/** The parts of one line, in their order. */
export type ExplainedLine = readonly ExplainedPart[];

/** All that an explanation is made of. */
export interface Explained {
  /** As people see it: one with an open question waits. */
  readonly session: SessionContext;
  readonly project: string;
  /** What is known of the project's log, oldest first. */
  readonly entries: readonly ContextEntry[];
  /** The question of the project's that is open in the session. */
  readonly question: ContextEntry | undefined;
  /** Where a person wrote the rule of that name in evidence. */
  readonly writtenAt: (rule: string) => WrittenAt | undefined;
  /** The versions that the rules for the session's program were recorded from. */
  readonly recorded: readonly string[];
  /** Undefined where it was not reached. */
  readonly server: Pick<ServerInfo, "implementation" | "capabilities"> | undefined;
  /** Of each task that waits there for the end of a limit, what it waits for. */
  readonly waits: readonly string[];
  /** Somebody runs the project, and follows its sessions. */
  readonly followed: boolean;
  /** Where a person's own rules are. */
  readonly ruleFolder: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * What a session does, why, what would change it and what it did before, as a text to read whose parts lead somewhere.
 * Times stand in it, no ages: it is only written anew when something happens.
 */
export function stateExplanation(explained: Explained): ExplainedLine[] {
  const { session, project, waits, now } = explained;
  const { word } = sessionLook(shownState(session));
  const when = momentText(stateSince(session), now);
  const since = isLiving(session) ? l10n.t("since {0}", when) : l10n.t("at {0}", when);
  const sections: ExplainedLine[][] = [
    [
      [
        { text: shortSession(session.session_name), to: { kind: "session" } },
        { text: ` (${project}): ${word}, ${since}` },
      ],
      plain(session.last_signal),
      ...waits.map(plain),
      ...quietLines(session, now),
    ],
    [...programLine(session).map(plain), ...unrecordedVersion(explained)],
    whyLines(explained),
    [plain(l10n.t("What would change it:")), ...whatWouldChange(session).map(indented), ...ownRuleLines(explained)],
    unknownLines(explained),
    changeLines(explained),
  ];
  return sections
    .map((lines) => lines.map(cleaned).filter((line) => textOf(line).trim() !== ""))
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index === 0 ? lines : [plain(""), ...lines]));
}

export function textOf(line: ExplainedLine): string {
  return line.map(({ text }) => text).join("");
}

function whyLines({ session, question, writtenAt }: Explained): ExplainedLine[] {
  if (question && !isAskedInTerminal(question))
    return [
      plain(l10n.t("Why:")),
      questionLine(l10n.t("The project asks you, and the session waits for your answer:"), question),
    ];
  const { evidence = [] } = session;
  if (evidence.length === 0) return [plain(l10n.t("No screen was needed to know this."))];
  return [
    plain(l10n.t("Why:")),
    ...evidence.flatMap(({ signal, rule, lines }): ExplainedLine[] => {
      const own = writtenAt(rule);
      const by = own
        ? l10n.t("{0}, your own rule {1}:", signalWord(signal), rule)
        : l10n.t("{0}, rule {1}:", signalWord(signal), rule);
      const place: ExplainedLine[] = own
        ? [[{ text: "  " }, { text: `${own.file}:${own.line}`, to: { kind: "rule", file: own.file, line: own.line } }]]
        : [];
      const seen = lines.map((text): ExplainedLine => [
        { text: "    \u2502 " },
        { text, ...leadsToLine(signal, text) },
      ]);
      return [indented(by), ...place, ...seen];
    }),
    ...(question ? [questionLine(l10n.t("It is a question to you:"), question)] : []),
  ];
}

function questionLine(before: string, { text, id }: ContextEntry): ExplainedLine {
  return [{ text: `  ${before} ` }, { text, to: { kind: "question", id } }];
}

/** What a signal said stands on no screen. */
function leadsToLine(signal: string, text: string): Pick<ExplainedPart, "to"> {
  return signal === "screen" && /\w/.test(text) ? { to: { kind: "line", text } } : {};
}

function quietLines({ quiet_since, last_line = "" }: SessionContext, now: number): ExplainedLine[] {
  if (quiet_since === undefined) return [];
  return [
    plain(l10n.t("It has printed nothing new since {0}.", momentText(quiet_since, now))),
    ...(last_line === ""
      ? []
      : [[{ text: `${l10n.t("Last line:")} ` }, { text: last_line, to: { kind: "line", text: last_line } } as const]]),
  ];
}

/** Why it is less sure of a program whose screens it knows. */
function unrecordedVersion({ session: { program }, recorded }: Explained): ExplainedLine[] {
  const { name, version } = program ?? {};
  if (name === undefined || version === undefined || recorded.length === 0 || recorded.includes(version)) return [];
  return [
    plain(
      l10n.t("The rules for {0} come from its version {1}; another one may look different.", name, recorded.join(", ")),
    ),
  ];
}

/** What to do where the state is wrong, or not known. */
function ownRuleLines({ session, writtenAt, ruleFolder }: Explained): ExplainedLine[] {
  const { evidence = [], state } = session;
  if (!isLiving(session) || evidence.length === 0) return [];
  const sentence = evidence.some(({ rule }) => writtenAt(rule))
    ? l10n.t("If it is wrong: a change of your rule takes effect as soon as its file is saved.")
    : state === "unclear"
      ? l10n.t("A rule of your own can say what such a screen means; its file belongs into {0}.", ruleFolder)
      : l10n.t("If it is wrong: a rule of your own goes before this one; its file belongs into {0}.", ruleFolder);
  return [[{ text: `  ${sentence} ` }, { text: l10n.t("How rules are written"), to: { kind: "rulesHelp" } }]];
}

/** What nobody told, so that the state may be less exact than elsewhere. */
function unknownLines({ session, server, followed }: Explained): ExplainedLine[] {
  if (!isLiving(session)) return [];
  const { implementation = "", capabilities } = server ?? {};
  const sentences = [
    ...(capabilities && capabilities.terminalMode !== true
      ? [
          l10n.t(
            "The session server ({0}) does not tell which program is in front, nor whether it shows what is typed: programs and passwords are known by the text on the screen only.",
            implementation,
          ),
        ]
      : []),
    ...(capabilities && !capabilities.exitCodes
      ? [l10n.t("The session server ({0}) does not tell with which exit code a session ends.", implementation)]
      : []),
    ...(server ? [] : [l10n.t("The session server was not reached: this is what the log says.")]),
    ...(followed
      ? []
      : [l10n.t("The project is not running: its session is looked at now and then, so that a change is seen later.")]),
  ];
  return sentences.length === 0 ? [] : [plain(l10n.t("What is not known here:")), ...sentences.map(indented)];
}

function changeLines({ session, entries, now }: Explained): ExplainedLine[] {
  const changes = entries
    .filter(
      ({ kind, session_name }) => (kind === "state" || kind === "session") && session_name === session.session_name,
    )
    .slice(-mostChanges);
  return [
    plain(l10n.t("What happened before:")),
    ...(changes.length === 0
      ? [indented(l10n.t("Nothing that is still at hand; the log has all of it."))]
      : changes.map(({ ts, text }) => indented(`${momentText(ts, now)}  ${text}`))),
    [{ text: "  " }, { text: l10n.t("All that the log says of this session"), to: { kind: "log" } }],
  ];
}

/** `14:03:59`, on another day `2026-11-29 14:03:59`, in the reader's time zone. */
function momentText(ts: string, now: number): string {
  const [then, today] = [ts, now].map((time) => new Date(time)) as [Date, Date];
  if (Number.isNaN(then.getTime()) || then.toDateString() === today.toDateString()) return clockTime(ts);
  const parts = [then.getFullYear(), then.getMonth() + 1, then.getDate()].map((part) => String(part).padStart(2, "0"));
  return `${parts.join("-")} ${clockTime(ts)}`;
}

function plain(text: string): ExplainedLine {
  return [{ text }];
}

function indented(text: string): ExplainedLine {
  return plain(`  ${text}`);
}

/** Programs wrote some of it; each part stays on its line. */
function cleaned(line: ExplainedLine): ExplainedLine {
  return line.map((part) => ({ ...part, text: stripControlCharacters(part.text).replaceAll(/[\r\n]+/g, " ") }));
}
