import { commands } from "vscode";
import type { Disposable } from "../../core/base/lifecycle";
import type { Logger } from "../../core/ports/machine";
import { commandId, type CommandName, commandNames } from "../identifiers";
import { showError } from "../messages";
import type { OutputLog } from "../shownWindow";
import type { MirrorPanels } from "../mirrors/mirrorPanels";
import type { Overview } from "../mirrors/overview";
import type { EntryPage } from "../records/entryPage";
import type { TaskOutputPage } from "../records/taskOutputPage";
import type { WorkspaceRecords } from "../../viewing/workspaceRecords";
import type { ActivityTree } from "../views/activityTree";
import type { SideViews } from "../views/sideViews";
import type { TreeFilter } from "../views/treeFilter";
import { filterActivity } from "./activityFilter";
import { isDoProjectArguments } from "./doProjectArguments";
import type { KeepCommands } from "./keepCommands";
import type { NeedCommands } from "./needCommands";
import type { ProjectCommands } from "./projectCommands";
import type { QuestionCommands } from "./questionCommands";
import type { ServerCommands } from "./serverCommands";
import type { SessionCommands } from "./sessionCommands";
import type { SetupCommands } from "./setupCommands";
import { areWanted, severalRows } from "./severalRows";
import { entryPlace, openEntry } from "./openEntry";
import { showOutput } from "./showOutput";
import { givenSession, isOver, sessionTarget, withRow } from "./targets";
import type { MirrorAct } from "../../protocol/mirror";

type Handler = (...args: unknown[]) => unknown;
type Handlers = { readonly [name in CommandName]: Handler };

/** What commands act on. What only a command needs is loaded with the first of them: it is most of the code. */
export interface CommandParts {
  readonly records: WorkspaceRecords;
  readonly mirrors: MirrorPanels;
  readonly overview: Overview;
  readonly output: TaskOutputPage;
  readonly entries: EntryPage;
  readonly activity: ActivityTree;
  readonly views: Pick<SideViews, "chosen" | "chosenEntry">;
  readonly log: OutputLog;
  readonly project: () => Promise<ProjectCommands>;
  readonly keep: () => Promise<KeepCommands>;
  readonly filter: TreeFilter;
  readonly session: () => Promise<SessionCommands>;
  readonly question: () => Promise<QuestionCommands>;
  readonly need: () => Promise<NeedCommands>;
  readonly server: () => Promise<ServerCommands>;
  readonly setup: () => Promise<SetupCommands>;
}

/** Registers all commands of the manifest. */
export function registerCommands(parts: CommandParts, logger: Logger): Disposable[] {
  const handlers = commandHandlers(parts);
  return commandNames.map((name) =>
    commands.registerCommand(commandId(name), async (argument?: unknown, ...more: unknown[]) => {
      const rows = severalRows(name, argument, more[0]);
      if (!rows) {
        // What else is selected in a tree is no word of a caller's.
        const given = Array.isArray(more[0]) ? [] : more;
        return guarded(() => handlers[name](withRow(parts.records, argument), ...given), argument, logger);
      }
      if (await areWanted(name, rows))
        for (const row of rows) await guarded(() => handlers[name](row, { force: true }), row, logger);
      return undefined;
    }),
  );
}

function commandHandlers(parts: CommandParts): Handlers {
  const { records, mirrors, overview, output, entries, activity, views, log } = parts;
  const { project, keep, filter, session, question, need, server, setup } = parts;
  const inMirror = async (act: MirrorAct, place: unknown): Promise<void> => {
    const named = givenSession(records, place);
    if (named) (await mirrors.open(named)).act(act);
    else mirrors.act(act);
  };
  return {
    doProject: (argument) => project().then((commands) => commands.doProject(argument)),
    runProject: (argument, options) => project().then((commands) => commands.runProject(argument, options)),
    // The same act, in the words of a row whose answer is not applied yet.
    resumeProject: (argument) => project().then((commands) => commands.runProject(argument)),
    runPlan: (file) => project().then((commands) => commands.runPlan(file)),
    runTask: (target) => project().then((commands) => commands.runTask(target)),
    comparePlan: (file) => project().then((commands) => commands.comparePlan(file)),
    takeTour: () => project().then((commands) => commands.takeTour()),
    newPlan: () => project().then((commands) => commands.newPlan()),
    planFromFolder: () => project().then((commands) => commands.planFromFolder()),
    stopProject: (argument) => project().then((commands) => commands.stopProject(argument)),
    retryTask: (argument) => project().then((commands) => commands.retryTask(argument)),
    runAgain: (argument) => keep().then((commands) => commands.runAgain(argument)),
    archiveProject: (argument) => keep().then((commands) => commands.archive(argument, true)),
    restoreProject: (argument) => keep().then((commands) => commands.archive(argument, false)),
    renameProject: (argument, given) => keep().then((commands) => commands.rename(argument, given)),
    removeProject: (argument, options) => keep().then((commands) => commands.remove(argument, options)),
    endSessions: (argument, options) => keep().then((commands) => commands.endSessions(argument, options)),
    hideEnded: () => filter.hideEnded(true),
    showEnded: () => filter.hideEnded(false),
    showArchived: () => filter.showArchived(true),
    hideArchived: () => filter.showArchived(false),
    answer: (argument, given) => question().then((commands) => commands.answer(argument, given)),
    reviewQuestion: (argument) => question().then((commands) => commands.review(argument)),
    snoozeQuestions: (argument) => question().then((commands) => commands.snooze(argument)),
    muteQuestions: (argument) => question().then((commands) => commands.mute(argument, true)),
    unmuteQuestions: (argument) => question().then((commands) => commands.mute(argument, false)),
    addNote: (argument, given) => project().then((commands) => commands.addNote(argument, given)),
    openRecord: (argument) => project().then((commands) => commands.openRecord(argument)),
    openPlan: (argument) => project().then((commands) => commands.openPlan(argument)),
    openEntry: (argument, options) => openEntry(entries, views, argument, options),
    showOutput: (argument, options) => showOutput({ records, page: output, session }, argument, options),
    handOver: (argument, given) => session().then((commands) => commands.handOver(argument, given)),
    sendText: (argument, given) => session().then((commands) => commands.sendText(argument, given)),
    promptAgent: (argument, given) => {
      const inFront = mirrors.target(argument);
      const row = inFront && { kind: "session", key: inFront.followed.key, name: inFront.name };
      return session().then((commands) => commands.promptAgent(row ?? argument, given));
    },
    restartSession: (argument, options) => session().then((commands) => commands.restartSession(argument, options)),
    killSession: (argument, options) => session().then((commands) => commands.killSession(argument, options)),
    attachSession: (argument) => session().then((commands) => commands.attachSession(argument)),
    attachInPanel: (argument) => session().then((commands) => commands.attachSession(argument, "panel")),
    attachInEditor: (argument) => session().then((commands) => commands.attachSession(argument, "editor")),
    attachBeside: (argument) => session().then((commands) => commands.attachSession(argument, "beside")),
    openSessionAsText: (argument, options) =>
      session().then((commands) => commands.openSessionAsText(argument, options)),
    refreshSessionText: (argument) => session().then((commands) => commands.refreshSessionText(argument)),
    copyScreen: (argument) => session().then((commands) => commands.copyScreen(argument)),
    copyName: (argument) => session().then((commands) => commands.copyName(argument)),
    explainState: (argument) =>
      isMirrorPlace(argument) ? mirrors.act("explain") : session().then((commands) => commands.explainState(argument)),
    correctState: (argument, given) => {
      const inFront = mirrors.target(argument);
      const row = inFront && { kind: "session", key: inFront.followed.key, name: inFront.name };
      return session().then((commands) => commands.correctState(row ?? argument, given));
    },
    showSession: async (argument) => {
      const target = await sessionTarget(records, argument);
      if (!target) return;
      // Of one that is over there is nothing to follow; the text has what its log says.
      if (isOver(records, target)) await (await session()).openSessionAsText(argument, { look: true });
      else await mirrors.show(target);
    },
    // Enter on a row of the trees, which has shown the session already: the focus goes there, and the mirror stays.
    keepSession: async () => {
      const target = givenSession(records, views.chosen());
      if (target && !isOver(records, target)) await mirrors.open(target);
      else if (target)
        await (await session()).openSessionAsText({ kind: "session", key: target.followed.key, name: target.name });
    },
    openMirror: async (argument) => {
      const target = await sessionTarget(records, argument);
      if (target) await mirrors.open(target);
    },
    openOverview: () => overview.open(),
    findInMirror: () => mirrors.act("find"),
    copyMirror: () => mirrors.act("copy"),
    pauseMirror: () => mirrors.act("pause"),
    zoomMirrorIn: () => mirrors.act("zoomIn"),
    zoomMirrorOut: () => mirrors.act("zoomOut"),
    resetMirrorZoom: () => mirrors.act("zoomReset"),
    toggleMirrorKeyboard: () => mirrors.act("keyboard"),
    fitSession: () => mirrors.act("fit"),
    pasteIntoMirror: () => mirrors.act("paste"),
    openLink: (place) => mirrors.act(isOnLink(place) ? "openLink" : "listLinks"),
    menuCopy: (place) => inMirror("copy", place),
    menuFind: (place) => inMirror("find", place),
    menuTakeKeyboard: (place) => inMirror("takeKeyboard", place),
    menuGiveKeyboard: (place) => inMirror("giveKeyboard", place),
    menuFit: (place) => inMirror("fit", place),
    menuOpenAsText: (place) =>
      givenSession(records, place)
        ? session().then((commands) => commands.openSessionAsText(place))
        : mirrors.act("openAsText"),
    searchOutput: (given) => session().then((commands) => commands.searchOutput(given)),
    filterActivity: (wanted) => filterActivity(records, activity, wanted),
    clearActivityFilter: () => activity.setFilter({}),
    groupActivity: () => activity.listByTime(false),
    listActivityByTime: () => activity.listByTime(true),
    copyLine: (argument) => project().then((commands) => commands.copyLine(entryPlace(argument, views))),
    copyDay: (argument) => project().then((commands) => commands.copyDay(argument)),
    showAttention: () => question().then((commands) => commands.showWaiting()),
    goToNext: () => need().then((commands) => commands.goToNext()),
    markSeen: (argument) => need().then((commands) => commands.markSeen(argument)),
    markAllSeen: () => need().then((commands) => commands.markAllSeen()),
    chooseServer: () => server().then((commands) => commands.choose()),
    startServer: () => server().then((commands) => commands.start()),
    stopServer: (options) => server().then((commands) => commands.stop(options)),
    setServerToken: (address) => server().then((commands) => commands.setToken(address)),
    useServer: (argument) => server().then((commands) => commands.use(argument)),
    showSetupCheck: (options) => setup().then((commands) => commands.show(options)),
    typeInTerminal: (line) => setup().then((commands) => commands.typeInTerminal(line)),
    showLog: () => log.show(),
  };
}

/** Whether a menu was opened on a mirror; one of a tile has become a row. */
function isMirrorPlace(place: unknown): boolean {
  return typeof place === "object" && place !== null && "webviewSection" in place;
}

/** Whether a menu was opened on a link of a page; what the link is, the page knows. */
function isOnLink(place: unknown): boolean {
  return typeof place === "object" && place !== null && "onLink" in place && place.onLink === true;
}

/** What a command throws is shown once; a caller with arguments gets it as well. */
async function guarded(act: () => unknown, argument: unknown, logger: Logger): Promise<unknown> {
  try {
    return await act();
  } catch (error) {
    showError(error, logger);
    // For a row VS Code would show it a second time.
    if (isDoProjectArguments(argument) && !("key" in argument)) throw error;
    return undefined;
  }
}
