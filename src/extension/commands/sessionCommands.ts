import {
  env,
  type ExtensionTerminalOptions,
  l10n,
  Range,
  TabInputTerminal,
  type TerminalOptions,
  TerminalProfile,
  ThemeIcon,
  ViewColumn,
  window,
  workspace,
} from "vscode";
import { requestRestart } from "../../core/people/driverRequests";
import { confirmedNote, endedNote, handoffNote, typeKeys } from "../../core/acts/personsActs";
import { readablePlan } from "../../core/run/storedPlan";
import { OrchestratorError } from "../../core/model/errors";
import { shortSession } from "../../protocol/diary";
import { hasDriver } from "../../core/record/lease";
import type { SessionPlace, ShownSessions } from "../../viewing/shownSessions";
import type { HostWorld } from "../hostWorld";
import type { WorkspaceRecords } from "../records/workspaceRecords";
import { reachSession, recordedSession } from "../sessions";
import { type SessionText, sessionTextUri } from "../terminals/sessionText";
import { SessionTerminal } from "../terminals/sessionTerminal";
import { isForced, type NamedTarget, sessionTarget } from "./targets";

/** A shell that does not come to a prompt in this time is given up. */
const restartMs = 60_000;

/** What a person does to a session. */
export class SessionCommands {
  constructor(
    private readonly world: HostWorld,
    private readonly records: WorkspaceRecords,
    private readonly text: SessionText,
    shown: ShownSessions,
  ) {
    shown.register(attachedSession);
  }

  /** A native terminal in the editor area; the one that is there already comes to the front. */
  async attachSession(argument: unknown): Promise<void> {
    this.world.requireTrust();
    const target = await sessionTarget(this.records, argument);
    if (!target) return;
    const there = window.terminals.find(
      (terminal) => terminal.exitStatus === undefined && isOn(terminal.creationOptions, target),
    );
    const terminal =
      there ?? window.createTerminal({ ...this.#terminalOptions(target), location: { viewColumn: ViewColumn.Active } });
    terminal.show();
  }

  /** For the list of terminal profiles. */
  async terminalProfile(): Promise<TerminalProfile | undefined> {
    this.world.requireTrust();
    const target = await sessionTarget(this.records, undefined);
    return target && new TerminalProfile(this.#terminalOptions(target));
  }

  async openSessionAsText(argument: unknown): Promise<void> {
    const target = await sessionTarget(this.records, argument);
    if (!target) return;
    const uri = sessionTextUri(target.name, target.followed.key);
    this.text.refresh(uri);
    const document = await workspace.openTextDocument(uri);
    // What the session shows now stands at the end, below its history.
    const end = document.lineAt(document.lineCount - 1).range.end;
    await window.showTextDocument(document, { preview: true, selection: new Range(end, end) });
  }

  async copyName(argument: unknown): Promise<void> {
    const target = await sessionTarget(this.records, argument);
    if (target) await env.clipboard.writeText(target.name);
  }

  /** What is typed passes the policy; what that holds back a person may confirm, never what it forbids. */
  async sendText(argument: unknown, given: unknown): Promise<void> {
    const { world, records } = this;
    world.requireTrust();
    const target = await sessionTarget(records, argument);
    if (!target) return;
    const { followed, name } = target;
    const text =
      typeof given === "string"
        ? given
        : await window.showInputBox({
            title: l10n.t("Send to {0}", shortSession(name)),
            prompt: l10n.t("It is typed there, with Enter."),
            ignoreFocusOut: true,
          });
    if (text === undefined || text === "") return;
    const reached = await reachSession(world, records, name, followed.key);
    const decision = (await world.policy()).decide(text, { shell: "bash", cwd: followed.project.default_cwd });
    if (decision.verdict === "deny")
      throw new OrchestratorError(
        "needs_person",
        l10n.t("This is not typed: {0}", decision.reason),
        l10n.t("Type it in the session yourself if it must be."),
      );
    if (
      decision.verdict === "ask" &&
      !(await confirmed(
        l10n.t("Type this into {0}?", shortSession(name)),
        `${decision.reason}\n\n${text}`,
        l10n.t("Type It"),
      ))
    )
      return;
    const { record } = followed;
    if (decision.verdict === "ask")
      await record.append(confirmedNote(name, text, decision.reason, decision.rule, world.actor), "synced");
    await typeKeys(record, reached.chosen.server, world.ids, {
      session_name: name,
      wire: reached.wire,
      text,
      enter: true,
      actor: world.actor,
    });
  }

  /** Writes a note that the receiver is shown before its next task. */
  async handOver(argument: unknown, given: unknown): Promise<void> {
    const { world, records } = this;
    const target = await sessionTarget(records, argument);
    if (!target) return;
    const { followed, name } = target;
    const from = recordedSession(records, name, followed.key)?.context;
    if (!from) return;
    const plan = readablePlan(await followed.ledger.readPlan());
    const sessions = records.picture(followed).sessions;
    const roles = [
      ...new Set([...(plan?.roles.map((role) => role.name) ?? []), ...sessions.map((session) => session.role)]),
    ];
    const items = [
      ...roles.map((role) => ({ label: role, description: l10n.t("role") })),
      ...sessions
        .filter((session) => session.session_name !== name)
        .map((session) => ({ label: session.session_name, description: l10n.t("session") })),
    ];
    const { to: receiver, text: message } = isHandover(given) ? given : {};
    const to =
      receiver ??
      (
        await window.showQuickPick(items, {
          title: l10n.t("Hand Over from {0}", shortSession(name)),
          placeHolder: l10n.t("To whom?"),
        })
      )?.label;
    if (to === undefined) return;
    if (!items.some((item) => item.label === to))
      throw new OrchestratorError(
        "role_not_found",
        l10n.t("{0} has no role or session {1}.", followed.project.name, to),
        l10n.t("There are: {0}.", items.map((item) => item.label).join(", ")),
      );
    const text =
      message ??
      (await window.showInputBox({
        title: l10n.t("Hand Over to {0}", to),
        prompt: l10n.t("What should the receiver know?"),
        ignoreFocusOut: true,
      }));
    if (text === undefined || text.trim() === "") return;
    await followed.record.append(handoffNote(from, to, text, world.actor), "synced");
    void window.showInformationMessage(l10n.t("Noted; {0} gets it before its next task.", to));
  }

  /** Whoever calls it with `{force: true}` has decided; else the person is asked. */
  async killSession(argument: unknown, options: unknown): Promise<void> {
    const { world, records } = this;
    world.requireTrust();
    const target = await sessionTarget(records, argument);
    if (!target) return;
    const { followed, name } = target;
    if (
      !isForced(options) &&
      !(await confirmed(
        l10n.t("Kill {0}?", name),
        l10n.t("What runs there ends with it. The record stays."),
        l10n.t("Kill Session"),
      ))
    )
      return;
    const reached = await reachSession(world, records, name, followed.key);
    await reached.chosen.server.kill(reached.wire);
    await followed.record.append(endedNote(name, world.actor), "synced");
  }

  /**
   * The session keeps its name; what runs there ends. By the driver where there is one, which knows what it is doing
   * there.
   */
  async restartSession(argument: unknown, options: unknown): Promise<void> {
    const { world, records } = this;
    world.requireTrust();
    const target = await sessionTarget(records, argument);
    if (!target) return;
    const { followed, name: session_name } = target;
    if (
      !isForced(options) &&
      !(await confirmed(
        l10n.t("Restart {0}?", session_name),
        l10n.t("What runs there ends. It begins anew under its name, as the plan has it."),
        l10n.t("Restart Session"),
      ))
    )
      return;
    const { project, ledger, folder, record } = followed;
    await record.catchUp();
    if (await hasDriver(record, await world.processes)) {
      await requestRestart(record, session_name, world.actor);
      return;
    }
    // Where it is recorded, it can be ended; a server that is away is started, or chosen, as for a run.
    const recorded = project.server && world.servers.asReference(project.server).catch(() => undefined);
    const { server, info } = (await recorded) ?? (await world.servers.forProject(project.server));
    const { restartSession } = await import("../../core/session/sessionRestart");
    const { clock, ids, logger, actor } = world;
    const path = folder.uri.fsPath;
    const request = {
      journal: record,
      server,
      info,
      clock,
      ids,
      logger,
      actor,
      project,
      session_name,
      folders: world.folders(info.address),
      workspaceTag: world.workspaceTag(path),
      defaultShell: world.settings(path).defaultShell,
    };
    await restartSession(
      {
        ...request,
        plan: readablePlan(await ledger.readPlan()),
        commandLine: await world.commandLine(info.address, path),
      },
      AbortSignal.timeout(restartMs),
    );
  }

  #terminalOptions({ followed, name }: NamedTarget): ExtensionTerminalOptions {
    const pty = new SessionTerminal(
      { key: followed.key, name },
      () => reachSession(this.world, this.records, name, followed.key),
      this.world.clock,
      this.world.actor,
    );
    return { name, pty, iconPath: new ThemeIcon("terminal"), isTransient: true };
  }
}

/** The session of the terminal that was used last, unless that is an editor behind another one. */
function attachedSession(): SessionPlace[] {
  const terminal = window.activeTerminal;
  const options = terminal?.creationOptions;
  if (!terminal || !options || !("pty" in options) || !(options.pty instanceof SessionTerminal)) return [];
  const tabs = window.tabGroups.all.flatMap((group) =>
    group.tabs.filter((tab) => tab.input instanceof TabInputTerminal && tab.label === terminal.name),
  );
  return tabs.length > 0 && !tabs.some((tab) => tab.isActive) ? [] : [options.pty.session];
}

/** Two folders may have sessions of one name, so a terminal's name does not tell. */
function isOn(options: TerminalOptions | ExtensionTerminalOptions, { followed, name }: NamedTarget): boolean {
  return (
    "pty" in options &&
    options.pty instanceof SessionTerminal &&
    options.pty.session.key === followed.key &&
    options.pty.session.name === name
  );
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

async function confirmed(question: string, detail: string, yes: string): Promise<boolean> {
  return (await window.showWarningMessage(question, { modal: true, detail }, yes)) === yes;
}
