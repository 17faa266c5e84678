/** Commands, without their common prefix. A table of handlers that forgets one does not compile. */
export const commandNames = [
  "doProject",
  "runProject",
  "resumeProject",
  "runPlan",
  "runTask",
  "comparePlan",
  "takeTour",
  "newPlan",
  "planFromFolder",
  "stopProject",
  "retryTask",
  "runAgain",
  "archiveProject",
  "restoreProject",
  "renameProject",
  "removeProject",
  "endSessions",
  "hideEnded",
  "showEnded",
  "showArchived",
  "hideArchived",
  "answer",
  "reviewQuestion",
  "snoozeQuestions",
  "muteQuestions",
  "unmuteQuestions",
  "addNote",
  "handOver",
  "promptAgent",
  "sendText",
  "restartSession",
  "killSession",
  "attachSession",
  "attachInPanel",
  "attachInEditor",
  "attachBeside",
  "openSessionAsText",
  "refreshSessionText",
  "copyScreen",
  "copyName",
  "explainState",
  "correctState",
  "showSession",
  "keepSession",
  "openMirror",
  "openOverview",
  "findInMirror",
  "copyMirror",
  "pauseMirror",
  "zoomMirrorIn",
  "zoomMirrorOut",
  "resetMirrorZoom",
  "toggleMirrorKeyboard",
  "fitSession",
  "pasteIntoMirror",
  "openLink",
  // Of the menu of a session's screen, in as few words as there is room for; the palette has them by their long names.
  "menuCopy",
  "menuFind",
  "menuTakeKeyboard",
  "menuGiveKeyboard",
  "menuFit",
  "menuOpenAsText",
  "openRecord",
  "openPlan",
  "openEntry",
  "searchOutput",
  "showOutput",
  "filterActivity",
  "clearActivityFilter",
  "groupActivity",
  "listActivityByTime",
  "copyLine",
  "copyDay",
  "showAttention",
  "goToNext",
  "markSeen",
  "markAllSeen",
  "chooseServer",
  "startServer",
  "stopServer",
  "setServerToken",
  "useServer",
  "showSetupCheck",
  "typeInTerminal",
  "showLog",
] as const;

export type CommandName = (typeof commandNames)[number];

export const commandPrefix = "wshOrchestrator.";

export function commandId(name: CommandName): string {
  return `${commandPrefix}${name}`;
}

export const viewIds = {
  projects: "wshOrchestrator.projects",
  attention: "wshOrchestrator.attention",
  activity: "wshOrchestrator.activity",
} as const;

/** Keys that `when` clauses of the manifest ask for. */
export const contextKeys = [
  "hasProject",
  "hasQuestion",
  "hasUnseen",
  "isFiltered",
  "isRead",
  "isRestricted",
  "hidesEnded",
  "showsArchived",
  "listsByTime",
  "runsProject",
  "isReviewing",
  "noServer",
  "typesInMirror",
] as const;

export type ContextKey = (typeof contextKeys)[number];

export const configurationSection = "wshOrchestrator";

/** Of documents that show a session's screen and history. */
export const sessionTextScheme = "wsh-session";

/** Of documents that show an entry of a record, and the language of those that are to be read. */
export const entryTextScheme = "wsh-entry";
export const entryTextLanguage = "wsh-entry";
/** Of documents that say what a session does, and why. */
export const stateTextScheme = "wsh-state";
/** Of the document that shows what the set-up check found. */
export const setupScheme = "wsh-setup";
/** Of a session as what can be dropped on editors. */
export const mirrorScheme = "wsh-mirror";
/** The manifest has this editor for all of that scheme. */
export const droppedSessionType = "wshOrchestrator.droppedSession";
/** View types of webview panels; the manifest wakes the extension for each that VS Code brings back. */
export const panelTypes = { mirror: "wshOrchestrator.mirror", overview: "wshOrchestrator.overview" } as const;
/** Of documents that show a whole question. */
export const questionScheme = "wsh-question";
/** The language of these documents, which the manifest has wrap its lines. */
export const questionLanguage = "wsh-question";

/** Of documents that show what a task printed, and their language. */
export const outputScheme = "wsh-output";
export const outputLanguage = "wsh-output";

/** Of tasks of VS Code's that run projects. */
export const projectTaskType = "wsh";

export const terminalProfileId = "wshOrchestrator.session";
