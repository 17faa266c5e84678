import {
  commands,
  type ExtensionContext,
  l10n,
  type LogOutputChannel,
  type TreeView,
  type Uri,
  type WebviewPanelSerializer,
  window,
  workspace,
} from "vscode";
import type { Disposable } from "../core/base/lifecycle";
import { messageOf } from "../core/model/errors";
import type { ActivityRow } from "../protocol/activityRows";
import { type AttentionRow, openQuestions } from "../protocol/attentionRows";
import { isDriven, projectRow, type ProjectPicture, type Row, sessionRows } from "../protocol/projectRows";
import { Messenger } from "./attention/messenger";
import { MutedProjects } from "./attention/mutedProjects";
import { QuestionPage } from "./attention/questionPage";
import { Questions } from "./attention/questions";
import { ShownSessions } from "../viewing/shownSessions";
import { StatusBar } from "./attention/statusBar";
import type { DoProject } from "./commands/doProject";
import { isDoProjectArguments } from "./commands/doProjectArguments";
import { PlanReview } from "./commands/planReview";
import type { ProjectCommands } from "./commands/projectCommands";
import type { QuestionCommands } from "./commands/questionCommands";
import type { ServerCommands } from "./commands/serverCommands";
import type { SessionCommands } from "./commands/sessionCommands";
import { sessionTarget } from "./commands/targets";
import { setContextKey } from "./contextKeyState";
import { type DriveEnd, HostDrivers } from "./driving/hostDrivers";
import { HostWorld } from "./hostWorld";
import { MirrorPanels } from "./mirrors/mirrorPanels";
import { Overview } from "./mirrors/overviewPanel";
import { SessionFeeds } from "./mirrors/sessionFeeds";
import {
  commandId,
  commandNames,
  type CommandName,
  configurationSection,
  entryTextScheme,
  panelTypes,
  questionScheme,
  sessionTextScheme,
  terminalProfileId,
  viewIds,
} from "./identifiers";
import { showError } from "./messages";
import { EntryText } from "./records/entryText";
import { type ChangedProjects, type FollowedProject, WorkspaceRecords } from "./records/workspaceRecords";
import { putCliOnPath } from "./terminals/cliOnPath";
import { SessionText } from "./terminals/sessionText";
import { ActivityTree } from "./views/activityTree";
import { AttentionTree } from "./views/attentionTree";
import { ProjectsTree } from "./views/projectsTree";
import { filterActivity } from "./commands/activityFilter";

/** Ages in the views are renewed this often while somebody looks. */
const ageMs = 10_000;
/** A server that was missed is looked for again this soon. */
const serverLookMs = 3000;
/** A host that is about to end gives this long to what must reach the disk. */
const leaveMs = 2000;

/** What tests inside of the host see. */
export interface Probe {
  readonly rows: () => Row[];
  /** Ids of the projects that this window drives. */
  readonly driven: () => string[];
  /** What the status bar says; "" while it says nothing. */
  readonly statusText: () => string;
  /** Panels that show sessions register here. */
  readonly shown: ShownSessions;
  /** What a link of the window's own scheme does. */
  readonly reveal: (uri: Uri) => Promise<void>;
  readonly trees: {
    readonly projects: ProjectsTree;
    readonly attention: AttentionTree;
    readonly activity: ActivityTree;
  };
  /** What VS Code gives the panels that it brings back. */
  readonly restorers: { readonly mirror: WebviewPanelSerializer; readonly overview: WebviewPanelSerializer };
  readonly views: {
    readonly projects: TreeView<Row>;
    readonly attention: TreeView<AttentionRow>;
    readonly activity: TreeView<ActivityRow>;
  };
}

type Handlers = { readonly [name in CommandName]: (...args: unknown[]) => unknown };

/** The one place where the parts of the extension are put together. */
export class Container implements Disposable {
  readonly #world: HostWorld;
  readonly #records: WorkspaceRecords;
  readonly #drivers: HostDrivers;
  readonly #messenger: Messenger;
  readonly #questionPage: QuestionPage;
  readonly #muted: MutedProjects;
  readonly #shown: ShownSessions;
  readonly #projects: ProjectsTree;
  readonly #attention: AttentionTree;
  readonly #activity: ActivityTree;
  readonly #statusBar: StatusBar;
  // What only a command needs is loaded with the first of them: it is most of the code.
  readonly #doProject: () => Promise<DoProject>;
  readonly #projectCommands: () => Promise<ProjectCommands>;
  readonly #sessionCommands: () => Promise<SessionCommands>;
  readonly #questionCommands: () => Promise<QuestionCommands>;
  readonly #serverCommands: () => Promise<ServerCommands>;
  readonly #review = new PlanReview();
  readonly #mirrors: MirrorPanels;
  readonly #overview: Overview;
  #leaving = false;
  /** Ages in the views are of this time, so that no row changes for its age alone in between. */
  #agesAt: number;
  #waiting = 0;
  #serverLook: NodeJS.Timeout | undefined;
  /** Looks in a row that met no server. */
  #misses = 0;
  #problems = "";
  readonly #views: Probe["views"];
  readonly #disposables: Disposable[] = [];

  constructor(
    private readonly context: ExtensionContext,
    private readonly log: LogOutputChannel,
  ) {
    const world = (this.#world = new HostWorld(context.extensionPath, context.secrets, log));
    const records = (this.#records = new WorkspaceRecords(world));
    const drivers = (this.#drivers = new HostDrivers(world));
    records.hasLeft = (key) => drivers.hasLeft(key);
    this.#agesAt = world.clock.now();
    const now = (): number => this.#agesAt;
    const muted = (this.#muted = new MutedProjects(context.workspaceState));
    records.isMuted = (key) => muted.has(key);
    const questions = new Questions(world, records, drivers, async ({ folder, project }) =>
      (await this.#doProject()).again(folder.uri.fsPath, project.name),
    );
    const shown = (this.#shown = new ShownSessions(() => window.state.focused));
    this.#messenger = new Messenger(world, records, questions, muted, shown);
    this.#questionPage = new QuestionPage(records, () => world.clock.now());
    this.#projects = new ProjectsTree(records, now);
    this.#attention = new AttentionTree(records, now);
    this.#activity = new ActivityTree(records, world.clock);
    this.#statusBar = new StatusBar(records, world.clock, now);
    const review = this.#review;
    const text = new SessionText(world, records);
    const progress = <T>(work: () => Promise<T>): Thenable<T> =>
      window.withProgress({ location: { viewId: viewIds.projects } }, work);
    this.#doProject = once(
      async () => new (await import("./commands/doProject")).DoProject(world, drivers, review, progress),
    );
    this.#projectCommands = once(async () => {
      const [{ ProjectCommands }, doProject] = await Promise.all([
        import("./commands/projectCommands"),
        this.#doProject(),
      ]);
      return new ProjectCommands({ context, world, records, drivers, questions, review, doProject });
    });
    this.#sessionCommands = once(
      async () => new (await import("./commands/sessionCommands")).SessionCommands(world, records, text, shown),
    );
    this.#questionCommands = once(
      async () => new (await import("./commands/questionCommands")).QuestionCommands(world, records, questions, muted),
    );
    this.#serverCommands = once(async () => new (await import("./commands/serverCommands")).ServerCommands(world));
    const feeds = new SessionFeeds(world, records);
    const mirrorWorld = {
      world,
      records,
      feeds,
      extensionUri: context.extensionUri,
      typing: (typing: boolean) => setContextKey("typesInMirror", typing),
    };
    this.#mirrors = new MirrorPanels(mirrorWorld, shown);
    this.#overview = new Overview(mirrorWorld, this.#mirrors);
    this.#views = {
      projects: window.createTreeView(viewIds.projects, {
        treeDataProvider: this.#projects,
        dragAndDropController: this.#projects,
        showCollapseAll: true,
      }),
      attention: window.createTreeView(viewIds.attention, { treeDataProvider: this.#attention }),
      activity: window.createTreeView(viewIds.activity, { treeDataProvider: this.#activity }),
    };
    records.watchers = () =>
      Object.values(this.#views).filter((view) => view.visible).length + this.#mirrors.visible + this.#overview.visible;
    this.#listen();
    this.#register(text);
    this.#disposables.push(
      this.#statusBar,
      this.#messenger,
      this.#activity,
      ...Object.values(this.#views),
      this.#mirrors,
      this.#overview,
      feeds,
      records,
    );
  }

  /** For tests inside of the host: what the views would show, the views themselves, and what is driven. */
  get probe(): Probe {
    return {
      trees: { projects: this.#projects, attention: this.#attention, activity: this.#activity },
      restorers: { mirror: this.#mirrors, overview: this.#overview },
      views: this.#views,
      reveal: (uri) => this.#reveal(uri),
      rows: () =>
        this.#records
          .pictures()
          .flatMap((picture) => [
            projectRow(picture, this.#world.clock.now()),
            ...rolesOf(picture).flatMap((role) => sessionRows(picture, role, this.#world.clock.now())),
          ]),
      statusText: () => this.#statusBar.text,
      shown: this.#shown,
      driven: () => this.#drivers.all().map((drive) => drive.project_id),
    };
  }

  /** Begins to read records, and makes the command line one of the terminals. */
  start(): void {
    this.#records.start();
    this.#lookForServer();
    void this.#world.commandFolder().then((folder) => folder === undefined || putCliOnPath(this.context, folder));
  }

  /** What runs here is ended or handed over before the host goes. */
  async leave(): Promise<void> {
    this.#leaving = true;
    const handedOver = this.#drivers.all().filter((drive) => this.#world.settings(drive.folder).handOverOnClose);
    if (handedOver.length > 0) {
      const { driveAfterwards } = await import("./driving/handOver");
      for (const drive of handedOver) driveAfterwards(this.#world, drive);
    }
    await this.#drivers.leaveAll("its window closes");
    await this.#world.close(leaveMs);
  }

  dispose(): void {
    for (const each of this.#disposables.splice(0)) each.dispose();
  }

  /** A project that ran when its window closed is driven here again; of one whose driver died the person is asked. */
  async #goOn(followed: FollowedProject): Promise<void> {
    if (!workspace.isTrusted || followed.record.state.status !== "running") return;
    const { project, driver, folder } = followed;
    const { takeBack, wasHandedOver } = await import("./driving/handOver");
    if (wasHandedOver(followed)) {
      await takeBack(this.#world, followed);
      await (await this.#doProject()).again(folder.uri.fsPath, project.name);
      return;
    }
    const undriven = !isDriven(driver);
    if (!undriven || this.#world.settings(folder.uri.fsPath).notifications === "off") return;
    const goOn = l10n.t("Go On");
    const chosen = await window.showInformationMessage(
      l10n.t("{0} was running when its driver ended. Its sessions are still there.", project.name),
      goOn,
    );
    if (chosen === goOn) await commands.executeCommand(commandId("runProject"), { key: followed.key });
  }

  #listen(): void {
    this.#records.onFound((followed) => {
      // What this window makes itself is found here as well.
      if (!this.#drivers.isStarting(followed.key))
        void this.#goOn(followed).catch((error: unknown) => showError(error, this.#world.logger));
    });
    this.#records.onChange((changed) => this.#refresh(changed));
    this.#drivers.onChange(() => {
      setContextKey("drives", this.#drivers.all().length > 0);
      // A record that this window has just made need not be told by the file system.
      void this.#records.refresh();
      this.#records.lookSoon();
    });
    this.#drivers.onEnd((end) => void this.#tellEnd(end));
    const { projects, attention, activity } = this.#views;
    const ages = setInterval(() => this.#refreshAges(), ageMs);
    this.#disposables.push(
      { dispose: () => clearInterval(ages) },
      { dispose: () => clearTimeout(this.#serverLook) },
      // A hidden view is told nothing; when it is shown it learns what it missed.
      projects.onDidChangeVisibility(({ visible }) => visible && this.#refreshAges()),
      attention.onDidChangeVisibility(({ visible }) => visible && this.#refreshAges()),
      activity.onDidChangeVisibility(({ visible }) => visible && this.#activity.refresh()),
      ...[projects, attention, activity].map((view) =>
        view.onDidChangeVisibility(({ visible }) => visible && this.#records.lookSoon()),
      ),
      workspace.onDidChangeConfiguration((change) => {
        if (!change.affectsConfiguration(configurationSection)) return;
        this.#records.lookSoon();
        this.#lookForServer();
      }),
      workspace.onDidGrantWorkspaceTrust(() => {
        this.#refresh("all");
        this.#lookForServer();
      }),
      projects.onDidChangeVisibility(() => this.#lookForServer()),
      // Who looks, and at what, decides where a question is told.
      this.#shown.onChange(() => this.#messenger.look()),
      this.#muted.onChange((key) => this.#refresh(new Set([key]))),
      ...[window.onDidChangeWindowState, window.onDidChangeActiveTerminal, window.tabGroups.onDidChangeTabs].map(
        (changes) => changes(() => this.#messenger.look()),
      ),
    );
  }

  /** The empty view says so where no server is to be had; nobody is asked while nobody sees it. */
  #lookForServer(): void {
    if (!workspace.isTrusted || !this.#views.projects.visible) return;
    this.#world.hasServer().then(
      (has) => {
        clearTimeout(this.#serverLook);
        this.#misses = has ? 0 : this.#misses + 1;
        // A busy machine may answer late once.
        setContextKey("noServer", this.#misses >= 2);
        if (!has) this.#serverLook = setTimeout(() => this.#lookForServer(), serverLookMs);
      },
      (error: unknown) => this.#world.logger.warn(messageOf(error)),
    );
  }

  #refreshAges(): void {
    this.#agesAt = this.#world.clock.now();
    const { projects, attention } = this.#views;
    if (projects.visible) this.#projects.refreshAges();
    if (attention.visible) this.#attention.refresh();
  }

  #refresh(changed: ChangedProjects): void {
    const pictures = this.#records.pictures();
    const questions = openQuestions(pictures).length;
    setContextKey("hasProject", pictures.length > 0);
    setContextKey("hasQuestion", questions > 0);
    const { projects, attention, activity } = this.#views;
    if (projects.visible) this.#projects.refresh(changed);
    if (attention.visible) this.#attention.refresh();
    if (activity.visible) this.#activity.refresh();
    this.#statusBar.refresh();
    if (questions !== this.#waiting)
      attention.badge =
        questions === 0
          ? undefined
          : {
              value: questions,
              tooltip:
                questions === 1 ? l10n.t("1 question waits for you") : l10n.t("{0} questions wait for you", questions),
            };
    this.#waiting = questions;
    const problems = this.#records.problems.join("\n");
    if (problems !== this.#problems) projects.message = problems === "" ? undefined : problems;
    this.#problems = problems;
    this.#questionPage.refresh();
    this.#messenger.look();
  }

  async #tellEnd({ drive, result, error }: DriveEnd): Promise<void> {
    if (this.#leaving || result?.left === true) return;
    if (error !== undefined) {
      showError(error, this.#world.logger);
      return;
    }
    if (!result) return;
    const done = result.tasks.filter((task) => task.state === "succeeded").length;
    const sentence = l10n.t(
      "{0}: {1}, {2} of {3} tasks succeeded.",
      drive.name,
      result.status,
      done,
      result.tasks.length,
    );
    this.log.info(sentence);
    if (result.problem) showError(result.problem, this.#world.logger);
    const { notifications } = this.#world.settings(drive.folder);
    // Of a failed task its question tells; of an end by the person's own hand nobody needs to be told.
    if (result.stopped || notifications === "off" || (notifications === "needed" && result.status !== "done")) return;
    const open = l10n.t("Open Record");
    const chosen = await window.showInformationMessage(sentence, open);
    if (chosen === open) await commands.executeCommand(commandId("openRecord"), { key: drive.key });
  }

  #register(text: SessionText): void {
    const records = this.#records;
    const [project, session, question] = [this.#projectCommands, this.#sessionCommands, this.#questionCommands];
    const handlers: Handlers = {
      doProject: (argument) => project().then((commands) => commands.doProject(argument)),
      runProject: (argument) => project().then((commands) => commands.runProject(argument)),
      runPlan: () => project().then((commands) => commands.runPlan()),
      takeTour: () => project().then((commands) => commands.takeTour()),
      stopProject: (argument) => project().then((commands) => commands.stopProject(argument)),
      retryTask: (argument) => project().then((commands) => commands.retryTask(argument)),
      answer: (argument, given) => question().then((commands) => commands.answer(argument, given)),
      reviewQuestion: (argument) => question().then((commands) => commands.review(argument)),
      snoozeQuestions: (argument) => question().then((commands) => commands.snooze(argument)),
      muteQuestions: (argument) => question().then((commands) => commands.mute(argument, true)),
      unmuteQuestions: (argument) => question().then((commands) => commands.mute(argument, false)),
      addNote: (argument, given) => project().then((commands) => commands.addNote(argument, given)),
      openRecord: (argument) => project().then((commands) => commands.openRecord(argument)),
      openPlan: (argument) => project().then((commands) => commands.openPlan(argument)),
      openEntry: (argument) => project().then((commands) => commands.openEntry(argument)),
      handOver: (argument, given) => session().then((commands) => commands.handOver(argument, given)),
      sendText: (argument, given) => session().then((commands) => commands.sendText(argument, given)),
      restartSession: (argument, options) => session().then((commands) => commands.restartSession(argument, options)),
      killSession: (argument, options) => session().then((commands) => commands.killSession(argument, options)),
      attachSession: (argument) => session().then((commands) => commands.attachSession(argument)),
      openSessionAsText: (argument) => session().then((commands) => commands.openSessionAsText(argument)),
      copyName: (argument) => session().then((commands) => commands.copyName(argument)),
      openMirror: async (argument) => {
        const target = await sessionTarget(records, argument);
        if (target) this.#mirrors.open(target);
      },
      openOverview: () => this.#overview.open(),
      findInMirror: () => this.#mirrors.act("find"),
      copyMirror: () => this.#mirrors.act("copy"),
      pauseMirror: () => this.#mirrors.act("pause"),
      zoomMirrorIn: () => this.#mirrors.act("zoomIn"),
      zoomMirrorOut: () => this.#mirrors.act("zoomOut"),
      resetMirrorZoom: () => this.#mirrors.act("zoomReset"),
      toggleMirrorKeyboard: () => this.#mirrors.act("keyboard"),
      fitSession: () => this.#mirrors.act("fit"),
      filterActivity: () => filterActivity(records, this.#activity),
      clearActivityFilter: () => {
        this.#activity.setFilter({});
        setContextKey("isFiltered", false);
      },
      showAttention: () => question().then((commands) => commands.showWaiting()),
      chooseServer: () => this.#serverCommands().then((commands) => commands.choose()),
      startServer: () => this.#serverCommands().then((commands) => commands.start()),
      stopServer: (options) => this.#serverCommands().then((commands) => commands.stop(options)),
      setServerToken: () => this.#serverCommands().then((commands) => commands.setToken()),
      showLog: () => this.log.show(),
    };
    for (const name of commandNames)
      this.#disposables.push(
        commands.registerCommand(commandId(name), (...args: unknown[]) => this.#guarded(handlers[name], args)),
      );
    this.#disposables.push(
      this.#review,
      window.registerWebviewPanelSerializer(panelTypes.mirror, this.#mirrors),
      window.registerWebviewPanelSerializer(panelTypes.overview, this.#overview),
      workspace.registerTextDocumentContentProvider(sessionTextScheme, text),
      workspace.registerTextDocumentContentProvider(entryTextScheme, new EntryText(records)),
      workspace.registerTextDocumentContentProvider(questionScheme, this.#questionPage),
      window.registerTerminalProfileProvider(terminalProfileId, {
        provideTerminalProfile: () => session().then((commands) => commands.terminalProfile()),
      }),
      window.registerUriHandler({ handleUri: (uri) => void this.#reveal(uri) }),
    );
  }

  /** What a command throws is shown once; whoever called it with arguments gets it as well. */
  async #guarded(handler: (...args: unknown[]) => unknown, args: unknown[]): Promise<unknown> {
    try {
      return await handler(...args);
    } catch (error) {
      showError(error, this.#world.logger);
      // For a row VS Code would show it a second time.
      if (isDoProjectArguments(args[0]) && !("key" in args[0])) throw error;
      return undefined;
    }
  }

  /** `vscode://…/session/<name>` and `/project/<id>` show something and do nothing. */
  async #reveal(uri: Uri): Promise<void> {
    const [, kind, name] = /^\/(session|project)\/(.+)$/.exec(uri.path) ?? [];
    await this.#records.refresh();
    const now = this.#world.clock.now();
    const rows = this.#records
      .pictures()
      .flatMap((picture) => [
        projectRow(picture, now),
        ...rolesOf(picture).flatMap((role) => sessionRows(picture, role, now)),
      ]);
    const found = rows.find((row) =>
      kind === "session"
        ? row.kind === "session" && row.name === name
        : row.kind === "project" && row.key.endsWith(`#${name ?? ""}`),
    );
    await commands.executeCommand(`${viewIds.projects}.focus`);
    if (!found) return;
    await this.#views.projects.reveal(found, { select: true, focus: true, expand: true });
  }
}

function rolesOf({ sessions }: ProjectPicture): string[] {
  return [...new Set(sessions.map(({ role }) => role))];
}

/** Made by the first call; one that failed is tried again by the next. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
