import { commands, type ExtensionContext, l10n, type LogOutputChannel, type TreeView, type Uri, window, workspace } from "vscode";
import { startBuiltin } from "../adapters/wsh/serverChoice";
import type { Disposable } from "../core/base/lifecycle";
import { messageOf } from "../core/model/errors";
import { openQuestions } from "../protocol/attentionRows";
import { projectRow, type Row, sessionRows } from "../protocol/projectRows";
import { Questions } from "./attention/questions";
import { StatusBar } from "./attention/statusBar";
import { DoProject } from "./commands/doProject";
import { PlanReview } from "./commands/planReview";
import { ProjectCommands } from "./commands/projectCommands";
import { SessionCommands } from "./commands/sessionCommands";
import { sessionTarget } from "./commands/targets";
import { setContextKey } from "./contextKeyState";
import { driveAfterwards, takeBack, wasHandedOver } from "./driving/handOver";
import { type DriveEnd, HostDrivers } from "./driving/hostDrivers";
import { HostWorld } from "./hostWorld";
import { MirrorPanels } from "./mirrors/mirrorPanels";
import { Overview } from "./mirrors/overviewPanel";
import { SessionFeeds } from "./mirrors/sessionFeeds";
import { commandId, commandNames, type CommandName, configurationSection, panelTypes, sessionTextScheme, terminalProfileId, viewIds } from "./identifiers";
import { showError } from "./messages";
import { type FollowedProject, WorkspaceRecords } from "./records/workspaceRecords";
import { putCliOnPath } from "./terminals/cliOnPath";
import { SessionText } from "./terminals/sessionText";
import { ActivityTree } from "./views/activityTree";
import { AttentionTree } from "./views/attentionTree";
import { ProjectsTree } from "./views/projectsTree";
import { filterActivity } from "./commands/activityFilter";

/** Ages in the views are renewed this often while somebody looks. */
const ageMs = 20_000;
/** A host that is about to end gives this long to what must reach the disk. */
const leaveMs = 2000;

type Handlers = { readonly [name in CommandName]: (...args: unknown[]) => unknown };

/** The one place where the parts of the extension are put together. */
export class Container implements Disposable {
  readonly #world: HostWorld;
  readonly #records: WorkspaceRecords;
  readonly #drivers: HostDrivers;
  readonly #questions: Questions;
  readonly #projects: ProjectsTree;
  readonly #attention: AttentionTree;
  readonly #activity: ActivityTree;
  readonly #statusBar: StatusBar;
  readonly #doProject: DoProject;
  readonly #review = new PlanReview();
  readonly #mirrors: MirrorPanels;
  readonly #overview: Overview;
  #leaving = false;
  readonly #views: { readonly projects: TreeView<Row>; readonly attention: TreeView<unknown>; readonly activity: TreeView<unknown> };
  readonly #disposables: Disposable[] = [];

  constructor(
    private readonly context: ExtensionContext,
    private readonly log: LogOutputChannel,
  ) {
    const world = (this.#world = new HostWorld(context.extensionPath, context.secrets, log));
    const records = (this.#records = new WorkspaceRecords(world));
    const drivers = (this.#drivers = new HostDrivers(world));
    const now = (): number => world.clock.now();
    this.#questions = new Questions(world, records, drivers);
    this.#projects = new ProjectsTree(records, now);
    this.#attention = new AttentionTree(records, now);
    this.#activity = new ActivityTree(records);
    this.#statusBar = new StatusBar(records);
    this.#doProject = new DoProject(world, drivers, this.#review, (work) => window.withProgress({ location: { viewId: viewIds.projects } }, work));
    const feeds = new SessionFeeds(world, records);
    const mirrorWorld = { world, records, feeds, extensionUri: context.extensionUri, typing: (typing: boolean) => setContextKey("typesInMirror", typing) };
    this.#mirrors = new MirrorPanels(mirrorWorld);
    this.#overview = new Overview(mirrorWorld, this.#mirrors);
    this.#views = {
      projects: window.createTreeView(viewIds.projects, { treeDataProvider: this.#projects, dragAndDropController: this.#projects, showCollapseAll: true }),
      attention: window.createTreeView(viewIds.attention, { treeDataProvider: this.#attention }),
      activity: window.createTreeView(viewIds.activity, { treeDataProvider: this.#activity }),
    };
    records.watchers = () => Object.values(this.#views).filter((view) => view.visible).length + this.#mirrors.visible + this.#overview.visible;
    this.#listen();
    this.#register();
    this.#disposables.push(this.#statusBar, ...Object.values(this.#views), this.#mirrors, this.#overview, feeds, records);
  }

  /** For tests inside of the host: what the views would show. */
  get probe(): { rows(): Row[]; driven(): string[] } {
    return {
      rows: () => this.#records.pictures().flatMap((picture) => [projectRow(picture, this.#world.clock.now()), ...picture.sessions.flatMap((session) => sessionRows(picture, session.role, this.#world.clock.now()))]),
      driven: () => this.#drivers.all().map((drive) => drive.project_id),
    };
  }

  /** Begins to read records, and makes the command line one of the terminals. */
  start(): void {
    this.#records.start();
    void putCliOnPath(this.context, this.#world.program("cli.js")).catch((error: unknown) => this.log.warn(messageOf(error)));
  }

  /** What runs here is ended or handed over before the host goes. */
  async leave(): Promise<void> {
    this.#leaving = true;
    for (const drive of this.#drivers.all()) if (this.#world.settings(drive.folder).handOverOnClose) driveAfterwards(this.#world, drive);
    await this.#drivers.leaveAll("its window closes");
    await this.#world.close(leaveMs);
  }

  dispose(): void {
    for (const each of this.#disposables.splice(0)) each.dispose();
  }

  /** A project that ran when its window closed is driven here again; of one whose driver died the person is asked. */
  async #goOn(followed: FollowedProject): Promise<void> {
    if (!workspace.isTrusted || followed.follower.state.status !== "running") return;
    const { project, driver, folder } = followed;
    if (await wasHandedOver(followed)) {
      await takeBack(this.#world, followed);
      await this.#doProject.again(folder.uri.fsPath, project.name);
      return;
    }
    const undriven = driver.who === "nobody" || (driver.who === "other" && driver.gone);
    if (!undriven || this.#world.settings(folder.uri.fsPath).notifications === "off") return;
    const goOn = l10n.t("Go On");
    const chosen = await window.showInformationMessage(l10n.t("{0} was running when its driver ended. Its sessions are still there.", project.name), goOn);
    if (chosen === goOn) await commands.executeCommand(commandId("runProject"), { key: followed.key });
  }

  #listen(): void {
    this.#records.onFound((followed) => {
      // What this window makes itself is found here as well.
      if (!this.#drivers.isStarting(followed.key)) void this.#goOn(followed).catch((error: unknown) => showError(error, this.#world.logger));
    });
    this.#records.onChange(() => this.#refresh());
    this.#drivers.onChange(() => {
      setContextKey("drives", this.#drivers.all().length > 0);
      // A record that this window has just made need not be told by the file system.
      void this.#records.refresh();
    });
    this.#drivers.onEnd((end) => void this.#tellEnd(end));
    const ages = setInterval(() => this.#records.watchers() > 0 && this.#refresh(), ageMs);
    this.#disposables.push(
      { dispose: () => clearInterval(ages) },
      ...Object.values(this.#views).map((view) => view.onDidChangeVisibility(({ visible }) => visible && this.#records.lookSoon())),
      workspace.onDidChangeConfiguration((change) => change.affectsConfiguration(configurationSection) && this.#records.lookSoon()),
      workspace.onDidGrantWorkspaceTrust(() => this.#refresh()),
    );
  }

  #refresh(): void {
    const pictures = this.#records.pictures();
    const questions = openQuestions(pictures).length;
    setContextKey("hasProject", pictures.length > 0);
    setContextKey("hasQuestion", questions > 0);
    this.#projects.refresh();
    this.#attention.refresh();
    this.#activity.refresh();
    this.#statusBar.refresh();
    const { projects, attention } = this.#views;
    attention.badge = questions === 0 ? undefined : { value: questions, tooltip: questions === 1 ? l10n.t("1 question waits for you") : l10n.t("{0} questions wait for you", questions) };
    projects.message = this.#records.problems.length === 0 ? undefined : this.#records.problems.join("\n");
    this.#questions.look();
  }

  async #tellEnd({ drive, result, error }: DriveEnd): Promise<void> {
    if (this.#leaving || result?.left === true) return;
    if (error !== undefined) {
      showError(error, this.#world.logger);
      return;
    }
    if (!result) return;
    const done = result.tasks.filter((task) => task.state === "succeeded").length;
    const sentence = l10n.t("{0}: {1}, {2} of {3} tasks succeeded.", drive.name, result.status, done, result.tasks.length);
    this.log.info(sentence);
    if (result.problem) showError(result.problem, this.#world.logger);
    const { notifications } = this.#world.settings(drive.folder);
    // Of a failed task its question tells; of an end by the person's own hand nobody needs to be told.
    if (result.stopped || notifications === "off" || (notifications === "needed" && result.status !== "done")) return;
    const open = l10n.t("Open Record");
    const chosen = await window.showInformationMessage(sentence, open);
    if (chosen === open) await commands.executeCommand(commandId("openRecord"), { key: drive.key });
  }

  #register(): void {
    const { context } = this;
    const world = this.#world;
    const [records, drivers, questions] = [this.#records, this.#drivers, this.#questions];
    const review = this.#review;
    const text = new SessionText(world, records);
    const project = new ProjectCommands({ context, world, records, drivers, questions, review, doProject: this.#doProject });
    const session = new SessionCommands(world, records, questions, text);
    const handlers: Handlers = {
      doProject: (argument) => project.doProject(argument),
      runProject: (argument) => project.runProject(argument),
      runPlan: () => project.runPlan(),
      takeTour: () => project.takeTour(),
      stopProject: (argument) => project.stopProject(argument),
      retryTask: (argument) => project.retryTask(argument),
      answer: (argument, given) => project.answer(argument, given),
      addNote: (argument, given) => project.addNote(argument, given),
      openRecord: (argument) => project.openRecord(argument),
      openPlan: (argument) => project.openPlan(argument),
      openEntry: (argument) => project.openEntry(argument),
      handOver: (argument) => session.handOver(argument),
      sendText: (argument, given) => session.sendText(argument, given),
      killSession: (argument) => session.killSession(argument),
      attachSession: (argument) => session.attachSession(argument),
      openSessionAsText: (argument) => session.openSessionAsText(argument),
      copyName: (argument) => session.copyName(argument),
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
      showAttention: () => commands.executeCommand(openQuestions(records.pictures()).length > 0 ? commandId("answer") : `${viewIds.projects}.focus`),
      startServer: () => this.#startServer(),
      stopServer: () => this.#stopServer(),
      setServerToken: () => this.#setToken(),
      showLog: () => this.log.show(),
    };
    for (const name of commandNames) this.#disposables.push(commands.registerCommand(commandId(name), (...args: unknown[]) => this.#guarded(handlers[name], args)));
    this.#disposables.push(
      review,
      window.registerWebviewPanelSerializer(panelTypes.mirror, this.#mirrors),
      window.registerWebviewPanelSerializer(panelTypes.overview, this.#overview),
      workspace.registerTextDocumentContentProvider(sessionTextScheme, text),
      window.registerTerminalProfileProvider(terminalProfileId, { provideTerminalProfile: () => session.terminalProfile() }),
      window.registerUriHandler({ handleUri: (uri) => void this.#reveal(uri) }),
    );
  }

  /** What a command throws is shown once; whoever called it with arguments gets it as well. */
  async #guarded(handler: (...args: unknown[]) => unknown, args: unknown[]): Promise<unknown> {
    try {
      return await handler(...args);
    } catch (error) {
      showError(error, this.#world.logger);
      if (args.length > 0 && typeof args[0] === "object" && args[0] !== null && "project" in args[0]) throw error;
      return undefined;
    }
  }

  /** `vscode://…/session/<name>` and `/project/<id>` show something and do nothing. */
  async #reveal(uri: Uri): Promise<void> {
    const [, kind, name] = /^\/(session|project)\/(.+)$/.exec(uri.path) ?? [];
    await this.#records.refresh();
    const now = this.#world.clock.now();
    const rows = this.#records.pictures().flatMap((picture) => [projectRow(picture, now), ...picture.sessions.flatMap((each) => sessionRows(picture, each.role, now))]);
    const found = rows.find((row) => (kind === "session" ? row.kind === "session" && row.name === name : row.kind === "project" && row.key.endsWith(`#${name ?? ""}`)));
    await commands.executeCommand(`${viewIds.projects}.focus`);
    if (found) await this.#views.projects.reveal(found, { select: true, focus: true, expand: true });
  }

  async #startServer(): Promise<void> {
    this.#world.requireTrust();
    const { startBuiltinServer, findBuiltinServer } = await import("../embedded/launch");
    const running = await startBuiltin({ find: () => findBuiltinServer(), start: () => startBuiltinServer({ bundle: this.#world.program("server.js") }) });
    void window.showInformationMessage(l10n.t("The built-in session server runs (process {0}).", running.pid));
  }

  async #stopServer(): Promise<void> {
    const { findBuiltinServer, stopBuiltinServer } = await import("../embedded/launch");
    if (!(await findBuiltinServer())) {
      void window.showInformationMessage(l10n.t("The built-in session server does not run."));
      return;
    }
    const stop = l10n.t("Stop Server");
    const chosen = await window.showWarningMessage(l10n.t("Stop the built-in session server?"), { modal: true, detail: l10n.t("All of its sessions end, also those of other windows.") }, stop);
    if (chosen === stop) await stopBuiltinServer();
  }

  async #setToken(): Promise<void> {
    const address = this.#world.settings().server ?? "";
    const server = await window.showInputBox({ title: l10n.t("Token of a wsh Server"), prompt: l10n.t("The server's address"), value: address, ignoreFocusOut: true });
    if (server === undefined || server === "") return;
    const token = await window.showInputBox({ title: l10n.t("Token of {0}", server), prompt: l10n.t("It is kept in the system's secret storage; an empty one is forgotten."), password: true, ignoreFocusOut: true });
    if (token !== undefined) await this.#world.keepToken(server, token);
  }
}
