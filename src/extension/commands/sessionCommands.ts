import { commands, env, l10n, Range, type TextDocument, Uri, workspace } from "vscode";
import type { HandOverResult, receiversOf } from "../../core/acts/handOver";
import type { RestartWorld } from "../../core/acts/restart";
import type { TypingWorld } from "../../core/command/sessionTyping";
import { workspaceTag, shortSession } from "../../core/model/names";
import type { PlanRole } from "../../core/model/plan";
import type { SessionContext } from "../../core/model/session";
import { readablePlan } from "../../core/run/readPlan";
import { type ReachedSession as ReachedByServer, reachRecorded, startedRole } from "../../core/session/reachedSession";
import { plainRow } from "../../core/session/styledText";
import type { WindowRuns } from "../running/windowRuns";
import type { HostWorld } from "../hostWorld";
import { commandId, sessionTextScheme } from "../identifiers";
import { shown } from "../shownText";
import { terminalProfile, window } from "../shownWindow";
import type { FollowedProject, WorkspaceRecords } from "../../viewing/workspaceRecords";
import { nearestLine } from "../../viewing/outputSearch";
import { reachSession } from "../../viewing/followedSessions";
import type { AttachedTerminals } from "../terminals/attachedTerminals";
import { stateTextUri } from "../records/stateText";
import { type SessionText, sessionTextUri } from "../terminals/sessionText";
import type { TerminalPlace } from "../terminals/terminalMemory";
import { askTextToSend } from "./askTextToSend";
import { confirmation } from "./confirmation";
import { searchOutput } from "./searchOutput";
import { isForced, isLook, sessionTarget } from "./targets";
import { RoleGate } from "../../core/session/roleGate";

type RestartPlace = Awaited<ReturnType<RestartWorld["here"]>>;

const toldMs = 5000;

/** What a person does to a session. */
export class SessionCommands {
  constructor(
    private readonly world: HostWorld,
    private readonly records: WorkspaceRecords,
    private readonly windowRuns: WindowRuns,
    private readonly text: SessionText,
    private readonly terminals: AttachedTerminals,
  ) {}

  /** A native terminal; the one that is there already comes to the front. Without `place`, where the last one was. */
  async attachSession(argument: unknown, place?: TerminalPlace): Promise<void> {
    this.world.requireTrust();
    const target = await sessionTarget(this.records, argument);
    if (target) await this.terminals.open({ key: target.followed.key, name: target.name }, place);
  }

  /** For the list of terminal profiles. */
  async terminalProfile(): Promise<ReturnType<typeof terminalProfile> | undefined> {
    this.world.requireTrust();
    const target = await sessionTarget(this.records, undefined);
    return target && terminalProfile(await this.terminals.replace({ key: target.followed.key, name: target.name }));
  }

  /** `options`: `{look: true}` leaves the focus where it is, `{line}` goes to the newest line with that text. */
  async openSessionAsText(argument: unknown, options?: unknown): Promise<void> {
    const target = await sessionTarget(this.records, argument);
    if (!target) return;
    const uri = sessionTextUri(target.name, target.followed.key);
    const isOpen = workspace.textDocuments.some((each) => each.uri.toString() === uri.toString());
    this.text.refresh(uri);
    const document = await workspace.openTextDocument(uri);
    const shows = { preview: true, preserveFocus: isLook(options) };
    const found = wantedLine(document, options);
    // Who reads in it already keeps their place.
    if (found) await window.showTextDocument(document, { ...shows, selection: found });
    else if (isOpen) await window.showTextDocument(document, shows);
    else {
      // What the session shows now stands at the end, below its history.
      const end = document.lineAt(document.lineCount - 1).range.end;
      await window.showTextDocument(document, { ...shows, selection: new Range(end, end) });
    }
  }

  /** `given`: the text to look for at first. */
  searchOutput(given: unknown): Promise<void> {
    return searchOutput(this.world, this.records, given);
  }

  /** Reads the text of a session again: of that document, else of the one in front. */
  refreshSessionText(argument: unknown): void {
    const uri = argument instanceof Uri ? argument : window.activeTextEditor?.document.uri;
    if (uri?.scheme === sessionTextScheme) this.text.refresh(uri);
  }

  /** The text of the screen as it is now, without its history. */
  async copyScreen(argument: unknown): Promise<void> {
    const target = await sessionTarget(this.records, argument);
    if (!target) return;
    const { chosen, wire } = await reachSession(this.world, this.records, target.name, target.followed.key);
    const { lines } = await chosen.server.screen(wire, "plain");
    const rows = lines.map((line) => plainRow(line).trimEnd());
    const used = rows.slice(0, rows.findLastIndex((row) => row !== "") + 1);
    await env.clipboard.writeText(used.join("\n"));
    window.setStatusBarMessage(shown(copiedSentence(used.length, target.name)), toldMs);
  }

  async copyName(argument: unknown): Promise<void> {
    const target = await sessionTarget(this.records, argument);
    if (target) await env.clipboard.writeText(target.name);
  }

  /** What the session does and why, and what it did before; of one that is over, how it ended. */
  async explainState(argument: unknown): Promise<void> {
    const target = await sessionTarget(this.records, argument, "all");
    if (!target) return;
    await window.showTextDocument(stateTextUri(target.name, target.followed.key), { preview: true });
  }

  /** A person says that a session's state is wrong, and which one is right (`given`, as the command line names it). */
  async correctState(argument: unknown, given: unknown): Promise<void> {
    const { world, records } = this;
    const target = await sessionTarget(records, argument);
    if (!target) return;
    const reached = await reachSession(world, records, target.name, target.followed.key);
    const { correctStateOf } = await import("./correctState");
    await correctStateOf(world, await this.windowRuns.acting(target.followed), reached, given);
  }

  /** What is typed passes the policy; what that holds back a person may confirm, never what it forbids. */
  async sendText(argument: unknown, given: unknown): Promise<void> {
    const { world, records } = this;
    world.requireTrust();
    const target = await sessionTarget(records, argument);
    if (!target) return;
    const { followed, name } = target;
    const reached = await reachSession(world, records, name, followed.key);
    const role = async (): Promise<PlanRole | undefined> =>
      startedRole(reached.context, await readablePlan(await followed.ledger.readPlan(), world.plans));
    const typing = { ...reached, role, cwd: followed.project.default_cwd };
    const { hidesInput } = await import("../../core/command/hiddenInput");
    const hides = async (): Promise<boolean> =>
      hidesInput(await reached.chosen.server.terminalMode(reached.wire), typing, world);
    const typed =
      typeof given === "string"
        ? { text: given, secret: false }
        : await askTextToSend(shown(l10n.t("Send to {0}", shortSession(name))), await hides().catch(() => false));
    if (typed === undefined || typed.text === "") return;
    const { send } = await import("../../core/acts/send");
    await send(
      typing,
      {
        ...(await this.#typingWorld(followed)),
        redactor: await world.redactor,
        folders: world.folders(reached.chosen.info.address),
        workspace: followed.folder.path,
        rules: () => world.programRules(),
        consents: world.consents,
        logger: world.logger,
        insideSession: undefined,
        processes: await world.processes,
        confirm: confirmation(),
      },
      { ...typed, enter: true, wait: false },
    );
  }

  /** A prompt for the coding agent in a session: what the person writes, or `given`. */
  async promptAgent(argument: unknown, given: unknown): Promise<void> {
    const { world, records } = this;
    world.requireTrust();
    const target = await sessionTarget(records, argument);
    if (!target) return;
    const reached = await reachSession(world, records, target.name, target.followed.key);
    const typing = { ...(await this.#typingWorld(target.followed)), processes: await world.processes };
    const { promptAgentIn } = await import("./promptAgent");
    await promptAgentIn(world, target.followed, reached, typing, typeof given === "string" ? given : undefined);
  }

  /** Writes a note, which its receiver is shown at once or before its next task. */
  async handOver(argument: unknown, given: unknown): Promise<void> {
    const { world, records } = this;
    const target = await sessionTarget(records, argument);
    if (!target) return;
    const { followed, name: from } = target;
    const { record, project, ledger } = followed;
    const plan = await readablePlan(await ledger.readPlan(), world.plans);
    const { handOver, receiversOf } = await import("../../core/acts/handOver");
    const { to: receiver, text: message } = isHandover(given) ? given : {};
    const to = receiver ?? (await askReceiver(from, receiversOf({ record, plan })));
    if (to === undefined) return;
    const text =
      message ??
      (await window.showInputBox({
        title: shown(l10n.t("Handoff Note to {0}", to)),
        prompt: shown(l10n.t("What should the receiver know?")),
        ignoreFocusOut: true,
      }));
    if (text === undefined || text.trim() === "") return;
    const typing = { ...(await this.#typingWorld(followed)), ...(await this.windowRuns.acting(followed)) };
    // In Restricted Mode the note is written, and nothing is typed.
    const reach = (session: SessionContext): Promise<ReachedByServer | undefined> =>
      workspace.isTrusted
        ? reachRecorded(session, project.server, (server) => world.servers.asReference(server))
        : Promise.resolve(undefined);
    const { default_cwd: cwd } = project;
    const { logger } = world;
    const result = await handOver({ ...typing, logger, plan, cwd, reach }, { from, to, text });
    tellHandOver(result, followed.key);
  }

  /** A caller with `{force: true}` has decided; else the person is asked. */
  async killSession(argument: unknown, options: unknown): Promise<void> {
    const { world, records } = this;
    world.requireTrust();
    const target = await sessionTarget(records, argument);
    if (!target) return;
    const { followed, name } = target;
    const reached = await reachSession(world, records, name, followed.key);
    const { kill } = await import("../../core/acts/kill");
    const confirm = confirmation(isForced(options));
    await kill(reached, { actor: world.actor, insideSession: undefined, record: followed.record, confirm });
  }

  /** The session keeps its name; what runs there ends. */
  async restartSession(argument: unknown, options: unknown): Promise<void> {
    const { world, records } = this;
    world.requireTrust();
    const target = await sessionTarget(records, argument);
    if (!target) return;
    const { followed, name: session_name } = target;
    const { restart } = await import("../../core/acts/restart");
    await restart(
      {
        confirm: confirmation(isForced(options)),
        insideSession: undefined,
        record: followed.record,
        by: () => this.windowRuns.acting(followed),
        here: () => this.#restartPlace(followed),
      },
      { session_name },
    );
  }

  /** Where a session is recorded, it can be ended; a server that is away is started, or chosen, as for a run. */
  async #restartPlace({ project, ledger, folder }: FollowedProject): Promise<RestartPlace> {
    const { world } = this;
    const recorded = project.server && world.servers.asReference(project.server).catch(() => undefined);
    const chosen = (await recorded) ?? (await world.servers.forProject(project.server));
    const { server, info } = chosen;
    const { ids, logger } = world;
    const { path } = folder;
    return {
      server,
      info,
      ids,
      logger,
      project,
      plan: await readablePlan(await ledger.readPlan(), world.plans),
      folders: world.folders(info.address),
      agents: await world.agents(),
      agentMachine: world.agentMachine(info.address),
      workspaceTag: workspaceTag(path),
      defaultShell: world.settings(path).defaultShell,
      commandLine: await world.commandLine(chosen, path),
      environment: await world.environment(chosen, path),
      roles: new RoleGate(await world.policy(), { workspace: path, project_id: project.project_id }),
    };
  }

  async #typingWorld({ record }: FollowedProject): Promise<TypingWorld & { readonly actor: string }> {
    const { clock, ids, actor } = this.world;
    return { record, policy: await this.world.policy(), clock, ids, actor };
  }
}

/** The line of a text that has what is looked for, the one near to what was found or the newest; undefined: none has. */
function wantedLine(document: TextDocument, options: unknown): Range | undefined {
  if (typeof options !== "object" || options === null || !("line" in options)) return undefined;
  const wanted = typeof options.line === "string" ? options.line.trim() : "";
  if (wanted === "") return undefined;
  const lines = document.getText().split("\n");
  const near = "near" in options && typeof options.near === "number" ? options.near : lines.length;
  const number = nearestLine(lines, wanted, near);
  return number < 0 ? undefined : document.lineAt(number).range;
}

function copiedSentence(lines: number, name: string): string {
  const session = shortSession(name);
  return lines === 1 ? l10n.t("1 line of {0} copied", session) : l10n.t("{0} lines of {1} copied", lines, session);
}

function isHandover(value: unknown): value is { readonly to?: string; readonly text?: string } {
  const isText = (part: unknown): boolean => part === undefined || typeof part === "string";
  return (
    typeof value === "object" &&
    value !== null &&
    "to" in value &&
    isText(value.to) &&
    (!("text" in value) || isText(value.text))
  );
}

/** The role or session that a note is for; undefined when the person left. */
async function askReceiver(
  from: string,
  { roles, sessions }: ReturnType<typeof receiversOf>,
): Promise<string | undefined> {
  const items = [
    ...roles.map((role) => ({ label: shown(role), description: shown(l10n.t("role")), receiver: role })),
    ...sessions
      .filter((session) => session !== from)
      .map((session) => ({ label: shown(session), description: shown(l10n.t("session")), receiver: session })),
  ];
  const title = shown(l10n.t("Handoff Note from {0}", shortSession(from)));
  return (
    await window.showQuickPick(items, {
      title,
      placeHolder: shown(l10n.t("Choose the role or session that gets the note")),
    })
  )?.receiver;
}

/** Nobody waits for the message. */
function tellHandOver(result: HandOverResult, key: string): void {
  const { session_name } = result;
  const open = { title: shown(l10n.t("Open Session")) };
  void window
    .showInformationMessage(shown(handOverSentence(result)), ...(session_name === undefined ? [] : [open]))
    .then((chosen) => {
      if (chosen === open)
        void commands.executeCommand(commandId("showSession"), { kind: "session", key, name: session_name });
    });
}

function handOverSentence({ showing, to, session_name }: HandOverResult): string {
  if (showing === "shown") return l10n.t("The note is shown in {0}.", shortSession(session_name ?? to));
  if (showing === "not_now") return l10n.t("The note is saved; {0} gets it before its next task.", to);
  return l10n.t("The note is saved in the log, but not shown in {0}, because a program is running there.", to);
}
