import * as l10n from "@vscode/l10n";
import { actorName } from "../core/model/actorName";
import { type ContextEntry, needsHuman } from "../core/model/entry";
import { shortSession } from "../core/model/names";
import { brief, calendarDay, clockTime, dateAndTime, durationText } from "../core/model/sentences";
import { openEscalations } from "../core/model/projectState";
import { entryLabel } from "./activityRows";
import { addCommand, commandTitle } from "./commandText";
import { groupName, groupOf } from "./entryGroup";
import { kindName } from "./entryKindNames";
import { isForPeople } from "./logLines";
import type { ProjectPicture } from "./projectRows";
import { answerMeanings, questionParts } from "./question";
import { questionLife } from "./questionText";
import { evidenceLines } from "./stateReasons";
import { tryTitle } from "./taskOutput";
import { type TaskTry, taskTries, type TriedCommand } from "./taskTries";
import { outputRows, type PageExtent, type PagePart, type TextPage, WrittenPage } from "./textPage";

/** So many entries before and after it are read beside it; each leads on. */
const mostBefore = 10;
const mostAfter = 20;
/** Newest tries, and newest commands of one; *Show Output* has all. */
const mostTries = 20;
const mostCommands = 10;
/** Lines that one rule saw. */
const mostEvidence = 50;

export interface EntryPageSource {
  readonly picture: ProjectPicture;
  readonly entry: ContextEntry;
  /** What belongs to it (`belongsTo`), itself among them, in the log's order; its own long texts are whole. */
  readonly entries: readonly ContextEntry[];
}

/** Which entries are read beside this one: those of its task or session, and what the one says of the other. */
export function belongsTo(entry: ContextEntry): (other: ContextEntry) => boolean {
  const group = groupName(groupOf(entry));
  const said = idsIn(entry);
  const session = isAboutSession(entry) ? entry.session_name : undefined;
  return (other) =>
    other.id === entry.id ||
    (session !== undefined && other.session_name === session) ||
    groupName(groupOf(other)) === group ||
    said.includes(other.id) ||
    idsIn(other).some((id) => id === entry.id || said.includes(id)) ||
    isOfOneCommand(entry, other);
}

/** Whether its long texts stand on the page of the entry. */
export function isReadWhole(entry: ContextEntry): (other: ContextEntry) => boolean {
  return (other) => other.id === entry.id || isOfOneCommand(entry, other);
}

function isOfOneCommand(one: ContextEntry, other: ContextEntry): boolean {
  return one.command_id !== undefined && one.command_id === other.command_id;
}

function isAboutSession({ kind, session_name }: ContextEntry): boolean {
  return session_name !== null && (kind === "session" || kind === "state");
}

function idsIn({ refs = [] }: ContextEntry): readonly string[] {
  return refs.filter(({ type }) => type === "entry").map(({ id }) => id);
}

/** An entry of the log with what belongs to it, as a page to read. */
export function entryPage(source: EntryPageSource): TextPage {
  const { picture, entry } = source;
  const page = new WrittenPage();
  const label = entryLabel(entry, picture.project.name);
  page.add("title", { text: label });
  page.facts(factsOf(source));
  addBody(page, source);
  const isRead = isWritten(entry) || !label.includes(entry.text.trim());
  if (isRead && !needsHuman(entry) && pairOf(source) === undefined)
    page.section(l10n.t("Text"), folderOf(source), () => written(page, entry.text));
  addEvidence(page, source);
  addAround(page, source);
  page.blank();
  page.add("act", { text: l10n.t("The entry as JSON"), to: { kind: "entryJson", id: entry.id } });
  return page;
}

/** Somebody has something to say: all of it stands by itself. */
function isWritten({ kind }: ContextEntry): boolean {
  return kind === "note" || kind === "handoff";
}

function written(page: WrittenPage, text: string): [] {
  for (const line of outputRows(text)) page.add("output", { text: line });
  return [];
}

function factsOf({ picture, entry, entries }: EntryPageSource): [string, PagePart | undefined][] {
  const { task_id, session_name } = entry;
  const ofOthers = idsIn(entry).flatMap((id) => entries.find((each) => each.id === id) ?? []);
  const commit = entry.refs?.find(({ type }) => type === "commit")?.id;
  return [
    [l10n.t("Kind"), { text: kindName(entry.kind) }],
    [l10n.t("Time"), { text: dateAndTime(entry.ts) }],
    [l10n.t("Project"), { text: picture.project.name }],
    [l10n.t("Task"), task_id === undefined ? undefined : { text: task_id, to: { kind: "output", task: task_id } }],
    [
      l10n.t("Session"),
      session_name === null
        ? undefined
        : { text: shortSession(session_name), to: { kind: "session", session: session_name } },
    ],
    [l10n.t("Written by"), { text: actorName(entry.actor) }],
    [l10n.t("To"), textPart(entry.to)],
    [l10n.t("Duration"), entry.duration_ms === undefined ? undefined : { text: durationText(entry.duration_ms) }],
    [l10n.t("Folder"), textPart(entry.cwd)],
    [l10n.t("Rule"), textPart(entry.rule)],
    [l10n.t("Commit"), textPart(commit)],
    ...ofOthers.map((each): [string, PagePart] => [
      l10n.t("About"),
      { text: entryLabel(each, picture.project.name), to: { kind: "entry", id: each.id } },
    ]),
    [l10n.t("Entry"), { text: entry.id }],
  ];
}

function textPart(text: string | undefined): PagePart | undefined {
  return text === undefined || text === "" ? undefined : { text: brief(text, 400) };
}

function addBody(page: WrittenPage, source: EntryPageSource): void {
  const { picture, entry } = source;
  const pair = pairOf(source);
  if (pair)
    page.section(l10n.t("Command and output"), folderOf(source), () => {
      const extent = page.part(commandTitle(pair), () => addCommand(page, { picture, live: undefined }, pair));
      return [extent];
    });
  const question = questionIn(source);
  if (question) page.section(l10n.t("Question"), folderOf(source), () => addQuestion(page, source, question));
  if (entry.task_id !== undefined && ["task", "error"].includes(entry.kind)) addTries(page, source, entry.task_id);
}

/** The command of the entry with its result; undefined where it has none. */
function pairOf({ entry, entries }: EntryPageSource): TriedCommand | undefined {
  if (entry.kind !== "command" && entry.kind !== "result") return undefined;
  const ofIt = entries.filter((each) => each.id === entry.id || isOfOneCommand(entry, each));
  const command = ofIt.find(({ kind }) => kind === "command");
  const result = ofIt.findLast(({ kind }) => kind === "result");
  if (command) return { command, result };
  return result && { command: { ...result, text: l10n.t("(The log does not have this command.)") }, result };
}

/** The question that the entry is, or that it answers. */
function questionIn({ entry, entries }: EntryPageSource): ContextEntry | undefined {
  if (needsHuman(entry)) return entry;
  return entry.kind === "answer"
    ? entries.find((each) => needsHuman(each) && idsIn(entry).includes(each.id))
    : undefined;
}

function addQuestion(
  page: WrittenPage,
  { picture, entry: { id: shown } }: EntryPageSource,
  question: ContextEntry,
): [] {
  const { reason, command, mark } = questionParts(question);
  written(page, reason);
  for (const [row, line] of (command ?? "").split("\n").entries())
    if (command !== undefined) page.add("command", { text: `${row === 0 ? mark : " ".repeat(mark.length)}${line}` });
  const answers = answerMeanings(question);
  if (answers.length > 0) page.add("text", { text: l10n.t("Answers: {0}", answers.join(" · ")) });
  const escalation = picture.state.escalations.get(question.id);
  for (const { entry, words } of escalation ? questionLife(picture, escalation) : [])
    page.add(
      "text",
      { text: entry ? `${clockTime(entry.ts)}  ` : " ".repeat(10) },
      { text: words, ...(entry && entry.id !== shown && { to: { kind: "entry", id: entry.id } }) },
    );
  if (openEscalations(picture.state).some(({ id }) => id === question.id))
    page.add("act", { text: l10n.t("It needs your answer"), to: { kind: "question", id: question.id } });
  return [];
}

function addTries(page: WrittenPage, source: EntryPageSource, task: string): void {
  const { picture, entries } = source;
  const tries = taskTries(entries.filter(({ task_id }) => task_id === task));
  if (tries.length === 0) return;
  page.section(l10n.t("Tries of {0}", task), folderOf(source), () => {
    for (const tried of tries.slice(-mostTries))
      addTry(page, tryTitle(picture, task, tried, tried === tries.at(-1)), tried);
    page.add("act", { text: l10n.t("All output of {0}", task), to: { kind: "output", task } });
    return [];
  });
}

function addTry(page: WrittenPage, title: string, { started, ended, commands }: TaskTry): void {
  const entry = ended ?? started;
  page.add("text", { text: title, ...(entry && { to: { kind: "entry", id: entry.id } }) });
  for (const { command, result } of commands.slice(-mostCommands)) {
    const mark = command.typed_as === "prompt" ? "› " : "$ ";
    const text = `${mark}${commandTitle({ command, result })}`;
    page.add(
      "text",
      { text: "    " },
      { text, to: { kind: "entry", id: (result ?? command).id } },
      { text: result === undefined ? "" : ` · ${brief(result.text)}` },
    );
  }
}

/** What of the screen a state follows from. */
function addEvidence(page: WrittenPage, source: EntryPageSource): void {
  const { evidence = [] } = source.entry;
  if (evidence.length === 0) return;
  page.section(l10n.t("How that is known"), folderOf(source), () => {
    for (const line of evidenceLines(evidence, mostEvidence)) page.add("output", { text: line });
    return [];
  });
}

function addAround(page: WrittenPage, source: EntryPageSource): void {
  const { entry, entries } = source;
  const at = entries.findIndex(({ id }) => id === entry.id);
  if (at < 0) return;
  const isRead = (each: ContextEntry): boolean => isForPeople(each) && !isOfOneCommand(entry, each);
  const before = entries.slice(0, at).filter(isRead);
  const after = entries.slice(at + 1).filter(isRead);
  addEntries(page, source, l10n.t("What came before"), before.slice(-mostBefore));
  addEntries(page, source, l10n.t("What followed"), after.slice(0, mostAfter));
}

function addEntries(page: WrittenPage, source: EntryPageSource, title: string, entries: readonly ContextEntry[]): void {
  if (entries.length === 0) return;
  const { picture, entry } = source;
  page.section(title, folderOf(source), () => {
    for (const each of entries) {
      const time = calendarDay(each.ts) === calendarDay(entry.ts) ? clockTime(each.ts) : dateAndTime(each.ts);
      page.add(
        "text",
        { text: `${time}  ` },
        { text: entryLabel(each, picture.project.name), to: { kind: "entry", id: each.id } },
      );
    }
    return [] satisfies PageExtent[];
  });
}

/** Where the paths that its texts name begin. */
function folderOf({ picture, entry, entries }: EntryPageSource): string {
  const at = entries.findIndex(({ id }) => id === entry.id);
  const begun = entries
    .slice(0, at + 1)
    .findLast(({ kind, event, task_id }) => kind === "task" && event === "started" && task_id === entry.task_id);
  const session = picture.state.sessions.get(entry.session_name ?? "");
  return entry.cwd ?? begun?.cwd ?? session?.cwd ?? picture.project.default_cwd;
}

/** The entry as it is in the log; what nobody would see is written out. */
export function entryJson(entry: ContextEntry): string {
  const written = JSON.stringify(entry, null, 2).replace(/[\p{Cf}\p{Zl}\p{Zp}\u007f-\u009f]/gu, (unseen) =>
    Array.from({ length: unseen.length }, (_, at) => `\\u${unseen.charCodeAt(at).toString(16).padStart(4, "0")}`).join(
      "",
    ),
  );
  return `${written}\n`;
}
