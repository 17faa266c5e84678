import { type ExtensionContext, extensions, type Uri, workspace } from "vscode";
import type { Disposable } from "../core/base/lifecycle";
import { messageOf } from "../core/model/errors";
import { SeenSessions } from "../viewing/seenSessions";
import { ShownSessions } from "../viewing/shownSessions";
import { Messenger } from "./attention/messenger";
import { MutedProjects } from "./attention/mutedProjects";
import { QuestionPage } from "./attention/questionPage";
import { Questions } from "./attention/questions";
import { registerCommands } from "./commands/commandTable";
import type { DoProject } from "./commands/doProject";
import { PlanOutlines } from "./plans/planOutlines";
import { PlanProblems } from "./plans/planProblems";
import { registerPlanLanguage } from "./plans/planLanguage";
import { agentsOf, planReader } from "./plans/planReader";
import { PlanReview } from "./plans/planReview";
import { PlanSources } from "./plans/planSources";
import { PlanStates } from "./plans/planStates";
import type { KeepCommands } from "./commands/keepCommands";
import type { NeedCommands } from "./commands/needCommands";
import type { ProjectCommands } from "./commands/projectCommands";
import type { QuestionCommands } from "./commands/questionCommands";
import type { ServerCommands } from "./commands/serverCommands";
import type { SetupCommands } from "./commands/setupCommands";
import type { SessionCommands } from "./commands/sessionCommands";
import { setContextKey } from "./contextKeyState";
import { IgnoreOffer } from "./running/ignoreOffer";
import { RunProgress } from "./running/runProgress";
import { RunNews } from "./running/runNews";
import { WindowRuns } from "./running/windowRuns";
import { HostWorld } from "./hostWorld";
import { AgeTimer } from "../viewing/ageTimer";
import {
  configurationSection,
  setupScheme,
  stateTextScheme,
  panelTypes,
  questionScheme,
  sessionTextScheme,
  terminalProfileId,
  viewIds,
} from "./identifiers";
import { showError } from "./messages";
import { once } from "./once";
import { registerDroppedSessions } from "./mirrors/droppedSessions";
import { MirrorPanels } from "./mirrors/mirrorPanels";
import { Overview } from "./mirrors/overview";
import { SessionFeeds } from "../viewing/sessionFeeds";
import { TaskProblems } from "./problems/taskProblems";
import type { Probe } from "./probe";
import { EntryPage } from "./records/entryPage";
import { registerTextPages } from "./records/textPages";
import { RuleProblems } from "./records/ruleProblems";
import { SetupText } from "./records/setupText";
import { StateText } from "./records/stateText";
import { TaskOutputPage } from "./records/taskOutputPage";
import { WorkspaceFolders } from "./records/workspaceFolders";
import { type ChangedProjects, WorkspaceRecords } from "../viewing/workspaceRecords";
import { ServerPresence } from "./serverPresence";
import { type OutputLog, window } from "./shownWindow";
import { ServerQuestions } from "./serverQuestions";
import { putCliOnPath } from "./terminals/cliOnPath";
import type { AttachedTerminals } from "./terminals/attachedTerminals";
import { registerProjectTasks } from "./tasks/registerProjectTasks";
import { SessionText } from "./terminals/sessionText";
import { readKeptTerminals } from "./terminals/terminalMemory";
import { keptChoices } from "./views/keptChoices";
import { allRows, revealRow } from "./views/revealRow";
import { terminalSection } from "./windowEnvironment";
import { needsOf } from "../protocol/needs";
import { SessionBadges } from "./views/sessionBadges";
import { SideViews } from "./views/sideViews";
import type { TreeFilter } from "./views/treeFilter";

/** A host that is about to end gives this long to what must reach the disk. */
const leaveMs = 2000;

/** The one place where the parts of the extension are put together. */
export class Container implements Disposable {
  readonly #world: HostWorld;
  readonly #records: WorkspaceRecords;
  readonly #windowRuns: WindowRuns;
  readonly #messenger: Messenger;
  readonly #seen: SeenSessions;
  readonly #questionPage: QuestionPage;
  readonly #muted: MutedProjects;
  readonly #shown: ShownSessions;
  readonly #sideViews: SideViews;
  readonly #filter: TreeFilter;
  readonly #presence: ServerPresence;
  readonly #news: RunNews;
  readonly #ignoreOffer: IgnoreOffer;
  readonly #text: SessionText;
  readonly #stateText: StateText;
  readonly #output: TaskOutputPage;
  readonly #entries: EntryPage;
  readonly #setupText: SetupText;
  readonly #terminals: () => Promise<AttachedTerminals>;
  // What only a command needs is loaded with the first of them: it is most of the code.
  readonly #doProject: () => Promise<DoProject>;
  readonly #projectCommands: () => Promise<ProjectCommands>;
  readonly #keepCommands: () => Promise<KeepCommands>;
  readonly #sessionCommands: () => Promise<SessionCommands>;
  readonly #questionCommands: () => Promise<QuestionCommands>;
  readonly #needCommands: () => Promise<NeedCommands>;
  readonly #serverCommands: () => Promise<ServerCommands>;
  readonly #setupCommands: () => Promise<SetupCommands>;
  readonly #mirrors: MirrorPanels;
  readonly #overview: Overview;
  readonly #progress = new RunProgress((folder) => this.#world.settings(folder).progress);
  #leaving = false;
  readonly #disposables: Disposable[] = [];

  constructor(
    private readonly context: ExtensionContext,
    private readonly log: OutputLog,
  ) {
    const world = (this.#world = new HostWorld(context.extensionPath, context.secrets, log));
    const records = (this.#records = new WorkspaceRecords(world, new WorkspaceFolders()));
    const windowRuns = (this.#windowRuns = new WindowRuns(world));
    records.hasLeft = (key) => windowRuns.hasLeft(key);
    const serverQuestions = new ServerQuestions(world, records, context.workspaceState);
    world.unchosenServer = (address) => serverQuestions.tell(address);
    world.rulesNotUsed = (error) => showError(error, world.logger);
    const ruleProblems = new RuleProblems(world);
    world.rulesRead = (files) => {
      ruleProblems.read(files);
      records.looks.forget();
      records.lookSoon();
    };
    const muted = (this.#muted = new MutedProjects(context.workspaceState, world.logger));
    records.isMuted = (key) => muted.has(key);
    const runAgain = async ({ folder, project }: ReturnType<WorkspaceRecords["all"]>[number]): Promise<unknown> =>
      (await this.#doProject()).resume(folder.path, project.project_id);
    const questions = new Questions(world, records, windowRuns, runAgain);
    const shown = (this.#shown = new ShownSessions(() => window.state.focused, world.logger));
    this.#messenger = new Messenger(world, records, questions, muted, shown);
    this.#seen = new SeenSessions(world, records, shown);
    this.#questionPage = new QuestionPage(records, () => world.clock.now());
    this.#news = new RunNews(world, log, runAgain);
    this.#ignoreOffer = new IgnoreOffer(world, context.workspaceState);
    const problems = new PlanProblems(world.clock, planReader(world));
    const review = new PlanReview(problems, world.logger);
    const outlines = new PlanOutlines(world.plans);
    const planStates = new PlanStates(records, outlines, world.clock);
    const sources = new PlanSources(context.workspaceState);
    const hasYamlOutline = (): boolean => extensions.getExtension("redhat.vscode-yaml") !== undefined;
    this.#disposables.push(
      problems,
      review,
      planStates,
      ...registerPlanLanguage({
        ...{ plans: world.plans, outlines, problems, hasYamlOutline },
        agents: () => agentsOf(world),
      }),
    );
    const text = (this.#text = new SessionText(world, records));
    const stateText = (this.#stateText = new StateText(world, records));
    const output = (this.#output = new TaskOutputPage(world, records));
    const entries = (this.#entries = new EntryPage(records));
    const setupText = (this.#setupText = new SetupText(async (folder) => {
      const { checkSetup } = await import("./commands/setupCommands");
      return checkSetup(world, folder);
    }));
    this.#setupCommands = once(
      async () => new (await import("./commands/setupCommands")).SetupCommands(world, setupText),
    );
    const progress = <T>(work: () => Promise<T>): Thenable<T> =>
      window.withProgress({ location: { viewId: viewIds.projects } }, work);
    this.#doProject = once(
      async () =>
        new (await import("./commands/doProject")).DoProject(world, windowRuns, review, problems, sources, progress),
    );
    this.#projectCommands = once(async () => {
      const [{ ProjectCommands }, doProject] = await Promise.all([
        import("./commands/projectCommands"),
        this.#doProject(),
      ]);
      return new ProjectCommands({ world, records, windowRuns, review, problems, planStates, doProject });
    });
    this.#keepCommands = once(async () => {
      const [{ KeepCommands }, doProject] = await Promise.all([import("./commands/keepCommands"), this.#doProject()]);
      return new KeepCommands(world, records, windowRuns, doProject);
    });
    this.#terminals = once(async () => {
      const { AttachedTerminals, attachedSession } = await import("./terminals/attachedTerminals");
      this.#disposables.push(shown.register(attachedSession));
      const terminals = new AttachedTerminals(world, records, context.workspaceState);
      this.#disposables.push(terminals);
      return terminals;
    });
    this.#sessionCommands = once(async () => {
      const [{ SessionCommands }, terminals] = await Promise.all([
        import("./commands/sessionCommands"),
        this.#terminals(),
      ]);
      return new SessionCommands(world, records, windowRuns, text, terminals);
    });
    this.#questionCommands = once(
      async () => new (await import("./commands/questionCommands")).QuestionCommands(world, records, questions, muted),
    );
    this.#serverCommands = once(
      async () => new (await import("./commands/serverCommands")).ServerCommands(world, records),
    );
    const feeds = new SessionFeeds(world, records);
    const ages = new AgeTimer(world.clock);
    const mirrorWorld = { world, records, feeds, ages, extensionUri: context.extensionUri };
    const mirrors = (this.#mirrors = new MirrorPanels(mirrorWorld, shown));
    this.#needCommands = once(
      async () => new (await import("./commands/needCommands")).NeedCommands(world, records, mirrors, questions),
    );
    const notKept = (error: unknown): void => world.logger.warn(messageOf(error));
    const kept = keptChoices(context.workspaceState, notKept);
    const filter = (this.#filter = kept.filter);
    const overview = (this.#overview = new Overview(mirrorWorld, mirrors, filter));
    const sideViews = (this.#sideViews = new SideViews(records, world.clock, ages, kept));
    this.#presence = new ServerPresence(world, () => sideViews.views.projects.visible);
    records.watchers = () =>
      sideViews.visible + mirrors.visible + overview.visible + stateText.visible + output.visible;
    this.#listen();
    this.#register();
    this.#disposables.push(
      this.#messenger,
      this.#questionPage,
      output,
      entries,
      stateText,
      new TaskProblems(world, records),
      new SessionBadges(records),
      this.#presence,
      sideViews,
      mirrors,
      overview,
      ruleProblems,
      feeds,
      records,
    );
  }

  /** For tests inside of the host. */
  get probe(): Probe {
    const { trees, views, statusBar } = this.#sideViews;
    return {
      trees,
      views,
      restorers: { mirror: this.#mirrors, overview: this.#overview },
      reveal: (uri) => this.#reveal(uri),
      rows: () => allRows(this.#records.pictures(), this.#world.clock.now()),
      statusText: () => statusBar.text,
      shown: this.#shown,
      running: () => this.#windowRuns.all().map((run) => run.project_id),
    };
  }

  /** Begins to read records, and makes the command line one of the terminals. */
  start(): void {
    this.#records.start();
    // An empty view says that there is nothing once that is known.
    setContextKey("isRestricted", !workspace.isTrusted);
    void this.#records.refresh().then(() => {
      this.#refresh("all");
      setContextKey("isRead", true);
    });
    this.#presence.look();
    void this.#bringBackTerminals();
    void this.#world.commandFolder().then((folder) => folder === undefined || putCliOnPath(this.context, folder));
  }

  /** What runs here is ended or handed over before the host goes. */
  async leave(): Promise<void> {
    this.#leaving = true;
    const handedOver = this.#windowRuns.all().filter((run) => this.#world.settings(run.folder).handOverOnClose);
    if (handedOver.length > 0) {
      const { runAfterwards } = await import("./running/handOver");
      for (const run of handedOver) runAfterwards(this.#world, run);
    }
    await this.#windowRuns.leaveAll((run) => handedOver.includes(run));
    await this.#world.close(leaveMs);
  }

  dispose(): void {
    for (const each of this.#disposables.splice(0)) each.dispose();
  }

  #listen(): void {
    const { logger } = this.#world;
    this.#records.onFound((followed) => {
      // What this window makes itself is found here as well.
      if (!this.#windowRuns.isStarting(followed.key))
        void this.#news.found(followed).catch((error: unknown) => showError(error, logger));
    });
    this.#records.onChange((changed) => this.#refresh(changed));
    this.#windowRuns.onChange(() => {
      this.#showProgress();
      setContextKey("runsProject", this.#windowRuns.all().length > 0);
      // A record that this window has just made is found before the file system reports it.
      void this.#records.refresh();
      this.#records.lookSoon();
    });
    this.#windowRuns.onEnd((end) => {
      if (this.#leaving) return;
      void this.#news.ended(end);
      this.#ignoreOffer.ended(end.run.folder).catch((error: unknown) => showError(error, this.#world.logger));
    });
    this.#disposables.push(
      this.#world.windowEnvironment.onKnown(() => this.#refresh("all")),
      workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(terminalSection)) this.#world.windowEnvironment.changed();
        if (!change.affectsConfiguration(configurationSection)) return;
        this.#records.lookSoon();
        this.#presence.look();
      }),
      workspace.onDidGrantWorkspaceTrust(() => {
        setContextKey("isRestricted", false);
        this.#world.windowEnvironment.changed();
        this.#refresh("all");
        this.#presence.look();
        void this.#bringBackTerminals();
      }),
      this.#sideViews.views.projects.onDidChangeVisibility(() => this.#presence.look()),
      // Who looks, and at what, decides where a question is shown.
      this.#shown.onChange(() => this.#messenger.look()),
      this.#seen,
      this.#muted.onChange((key) => this.#refresh(new Set([key]))),
      ...[window.onDidChangeWindowState, window.onDidChangeActiveTerminal, window.tabGroups.onDidChangeTabs].map(
        (changes) =>
          changes(() => {
            this.#messenger.look();
            this.#seen.look();
          }),
      ),
    );
  }

  /** Those of before a reload; nothing is loaded for them where there were none. */
  async #bringBackTerminals(): Promise<void> {
    if (!workspace.isTrusted || readKeptTerminals(this.context.workspaceState).length === 0) return;
    await (await this.#terminals()).restore().catch((error: unknown) => showError(error, this.#world.logger));
  }

  #refresh(changed: ChangedProjects): void {
    this.#sideViews.refresh(changed);
    this.#showProgress();
    this.#questionPage.refresh();
    this.#stateText.refresh(changed);
    this.#output.refresh(changed);
    this.#messenger.look();
  }

  #showProgress(): void {
    const needs = needsOf(this.#records.pictures());
    const asks = needs.some((need) => need.kind === "question" || need.why === "waits");
    this.#progress.refresh(this.#windowRuns.all(), asks);
  }

  #register(): void {
    const session = this.#sessionCommands;
    this.#disposables.push(
      ...registerCommands(
        {
          records: this.#records,
          mirrors: this.#mirrors,
          overview: this.#overview,
          output: this.#output,
          entries: this.#entries,
          activity: this.#sideViews.trees.activity,
          views: this.#sideViews,
          log: this.log,
          project: this.#projectCommands,
          keep: this.#keepCommands,
          filter: this.#filter,
          session,
          question: this.#questionCommands,
          need: this.#needCommands,
          server: this.#serverCommands,
          setup: this.#setupCommands,
        },
        this.#world.logger,
      ),
      window.registerWebviewPanelSerializer(panelTypes.mirror, this.#mirrors),
      window.registerWebviewPanelSerializer(panelTypes.overview, this.#overview),
      ...registerTextPages({
        [sessionTextScheme]: this.#text,
        [stateTextScheme]: this.#stateText,
        [setupScheme]: this.#setupText,
        [questionScheme]: this.#questionPage,
      }),
      window.registerTerminalProfileProvider(terminalProfileId, {
        provideTerminalProfile: () => session().then((commands) => commands.terminalProfile()),
      }),
      registerProjectTasks(this.#world, this.#records, this.#windowRuns, this.#doProject),
      registerDroppedSessions(this.#records, this.#mirrors, this.#world.logger),
      window.registerUriHandler({ handleUri: (uri) => void this.#reveal(uri) }),
    );
  }

  #reveal(uri: Uri): Promise<void> {
    return revealRow(uri, this.#records, this.#sideViews, this.#world.clock.now());
  }
}
