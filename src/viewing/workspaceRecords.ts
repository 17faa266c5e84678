import { Sequencer } from "../core/base/async";
import type { Disposable } from "../core/base/lifecycle";
import { EventEmitter } from "../core/base/event";
import { runnerName, isOwn } from "../core/record/lease";
import { SessionLooks } from "../core/session/sessionLooks";
import { lostSince } from "../core/session/endedSession";
import { isLiving } from "../core/model/states";
import { askServers, isShownAlike, serverProblem, sinceBefore, trueSessions } from "../core/session/trueSessions";
import type { ProjectRecord } from "../core/record/projectRecord";
import type { ContextEntry } from "../core/model/entry";
import { messageOf } from "../core/model/errors";
import { namedProject } from "../core/model/projectFields";
import type { LeaseRecord } from "../core/model/projectState";
import type { ProjectContext } from "../core/model/project";
import type { SessionContext } from "../core/model/session";
import type { Ledger } from "../core/ports/ledger";
import type { Processes } from "../core/ports/machine";
import { isForPeople } from "../protocol/logLines";
import type { RunnerView, ProjectPicture } from "../protocol/projectRows";
import { Pacer } from "./pacer";
import { problemOf, serverProblems, type WorkspaceProblem } from "./workspaceProblem";
import type { FolderSource, ViewedFolder, ViewingWorld } from "./viewingWorld";

/** Entries of each project that Activity can show, and as many others for who asks for them. */
const keptEntries = 500;
/** Views hear of changes this often at most, in milliseconds: VS Code draws late what follows within 200. */
const tellMs = 210;
/** Runners and servers are looked at this often while a view is visible. */
const lookMs = 4000;

type IsAlive = Processes["isAlive"];

/** One project of one workspace folder, followed. */
export interface FollowedProject {
  readonly key: string;
  readonly folder: ViewedFolder;
  readonly ledger: Ledger;
  readonly record: ProjectRecord;
  project: ProjectContext;
  runner: RunnerView;
  /** Its server was not asked, because only its files name it. */
  serverUnchosen: boolean;
  /** Sessions that are not as the record has them, by name, since their server was asked. */
  readonly differing: Map<string, SessionContext>;
  /** When sessions were last seen to live, by name, in milliseconds since 1970. */
  readonly seen: Map<string, number>;
}

/** Keys of the projects that may look different. */
export type ChangedProjects = ReadonlySet<string> | "all";

export interface HeardEntry {
  readonly followed: FollowedProject;
  readonly entry: ContextEntry;
}

/** The records of all folders of a workspace, whoever writes them. Reads only. */
export class WorkspaceRecords implements Disposable {
  readonly #failed = (error: unknown): void =>
    this.world.logger.warn(`A view of the projects failed: ${messageOf(error)}`);
  readonly #notAsked = (error: unknown): void =>
    this.world.logger.warn(`Whether a project is running cannot be checked: ${messageOf(error)}`);
  readonly #projects = new Map<string, FollowedProject>();
  readonly #changes = new EventEmitter<ChangedProjects>(this.#failed);
  /** Something may look different; at most five times a second. */
  readonly onChange = this.#changes.event;
  readonly #entries = new EventEmitter<HeardEntry>(this.#failed);
  readonly onEntry = this.#entries.event;
  readonly #found = new EventEmitter<FollowedProject>(this.#failed);
  /** A record was opened, with all that stood in it. */
  readonly onFound = this.#found.event;
  #foldersChanged: Disposable | undefined;
  #problems: readonly WorkspaceProblem[] = [];
  #unreadable = new Map<string, WorkspaceProblem>();
  readonly #telling: Pacer;
  /** Looks at terminals of these projects. */
  readonly looks: SessionLooks;
  #changed = new Set<string>();
  #allChanged = false;
  #looking: Disposable | undefined;
  #lookingNow = false;
  #started = false;
  #disposed = false;
  readonly #refreshes = new Sequencer();
  #nextRefresh: Promise<void> | undefined;
  /** How many views show something. */
  watchers = (): number => 0;
  /**
   * Whether this window has left the project with that key although its record says that it runs it, because that could
   * not be written.
   */
  hasLeft: (key: string) => boolean = () => false;
  /** Whether no notification shows the questions of the project with that key. */
  isMuted: (key: string) => boolean = () => false;

  constructor(
    private readonly world: ViewingWorld,
    private readonly folders: FolderSource,
  ) {
    this.looks = new SessionLooks({
      clock: world.clock,
      logger: world.logger,
      quietAfterMs: () => world.quietAfterMs(),
      redact: async (line) => (await world.redactor).redact(line),
      rules: () => world.programRules(),
    });
    this.#telling = new Pacer(world.clock, tellMs, () => this.#tellNow());
  }

  /** Begins to follow what there is. Later calls do nothing. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#foldersChanged = this.folders.watch(() => void this.refresh());
    void this.refresh();
    this.#lookAgain();
  }

  all(): FollowedProject[] {
    return [...this.#projects.values()].sort((one, other) => one.project.name.localeCompare(other.project.name));
  }

  get(key: string): FollowedProject | undefined {
    return this.#projects.get(key);
  }

  find(folder: string, project_id: string): FollowedProject | undefined {
    return this.#projects.get(keyOf(folder, project_id));
  }

  picture(followed: FollowedProject): ProjectPicture {
    const { key, project, record, runner, differing, folder, serverUnchosen } = followed;
    const several = this.folders.all().length > 1;
    return {
      key,
      project,
      state: record.state,
      sessions: [...record.state.sessions.values()].map((session) => differing.get(session.session_name) ?? session),
      runner,
      server_unchosen: serverUnchosen,
      folder: several ? folder.name : undefined,
      muted: this.isMuted(key),
      reader: this.world.actor,
      fingerprints: this.world.fingerprints?.(folder.path),
    };
  }

  pictures(): ProjectPicture[] {
    return this.all().map((each) => this.picture(each));
  }

  /** What cannot be shown: servers that do not answer, records that cannot be read. */
  get problems(): readonly WorkspaceProblem[] {
    return [...this.#problems, ...this.#unreadable.values()];
  }

  /** Looks for records that are new and for ones that are gone; resolves when that is done. */
  refresh(): Promise<void> {
    // One after the other: a list that is old by now must not close what a newer one has opened. Who asks while one
    // waits to begin is served by that one.
    this.#nextRefresh ??= this.#refreshes.run(() => {
      this.#nextRefresh = undefined;
      return this.#refreshNow();
    });
    return this.#nextRefresh;
  }

  async #refreshNow(): Promise<void> {
    for (const folder of this.folders.all()) await this.#refreshFolder(folder);
    const folders = new Set(this.folders.all().map((each) => each.path));
    for (const followed of this.#projects.values()) if (!folders.has(followed.folder.path)) this.#forget(followed);
    this.#tell();
  }

  /** What the sessions do is asked again, soon. */
  lookSoon(): void {
    void this.#look();
  }

  dispose(): void {
    this.#disposed = true;
    this.#looking?.dispose();
    this.#telling.dispose();
    this.#foldersChanged?.dispose();
    for (const followed of this.#projects.values()) this.#close(followed);
    this.#projects.clear();
  }

  #lookAgain(): void {
    this.#looking = this.world.clock.after(lookMs, () => {
      void this.#look();
      this.#lookAgain();
    });
  }

  async #refreshFolder(folder: ViewedFolder): Promise<void> {
    const { path } = folder;
    try {
      const ids = await (await this.world.store(path)).list();
      for (const id of ids) await this.#open(folder, id);
      this.#unreadable.delete(path);
      for (const followed of this.#projects.values())
        if (followed.folder.path === path && !ids.includes(followed.ledger.project_id)) this.#forget(followed);
    } catch (error) {
      this.#unreadable.set(path, problemOf(error));
    }
  }

  async #open(folder: ViewedFolder, project_id: string): Promise<void> {
    const key = keyOf(folder.path, project_id);
    if (this.#projects.has(key) || this.#disposed) return;
    try {
      const store = await this.world.store(folder.path);
      const { ProjectRecord } = await import("../core/record/projectRecord");
      const ledger = await store.open(project_id);
      const project = await ledger.readProject().catch(async (error: unknown) => {
        await ledger.close();
        throw error;
      });
      const record = await ProjectRecord.open(ledger, this.world.logger, {
        start: "checkpoint",
        pace: "unhurried",
        keep: keptEntries,
        shown: isForPeople,
      });
      const followed: FollowedProject = {
        key,
        folder,
        ledger,
        record,
        project: namedProject(project, record.state),
        runner: { who: "nobody" },
        serverUnchosen: false,
        differing: new Map(),
        seen: new Map(),
      };
      if (this.#disposed) {
        this.#close(followed);
        return;
      }
      this.#projects.set(key, followed);
      this.#unreadable.delete(key);
      record.onEntry((entry) => this.#heard(followed, entry));
      record.onLost(() => {
        this.#forget(followed);
        void this.refresh();
      });
      followed.runner = await this.#runnerOf(followed);
      this.#found.fire(followed);
    } catch (error) {
      const { message, remedy } = problemOf(error);
      this.#unreadable.set(key, { message: `${project_id}: ${message}`, remedy });
    } finally {
      this.#tell();
    }
  }

  #forget(followed: FollowedProject): void {
    if (!this.#projects.delete(followed.key)) return;
    this.#close(followed);
    this.#tell();
  }

  #close({ record }: FollowedProject): void {
    record.close().catch((error: unknown) => this.world.logger.warn(messageOf(error)));
  }

  #heard(followed: FollowedProject, entry: ContextEntry): void {
    // What a server said before counts less than what the record says now.
    if (entry.session_name !== null) followed.differing.delete(entry.session_name);
    if (entry.kind === "lease")
      this.#runnerOf(followed).then((runner) => this.#runnerIs(followed, runner), this.#notAsked);
    if (entry.kind === "project") void this.#readProject(followed);
    this.#entries.fire({ followed, entry });
    this.#tell(followed.key);
  }

  async #readProject(followed: FollowedProject): Promise<void> {
    try {
      followed.project = namedProject(await followed.ledger.readProject(), followed.record.state);
      this.#tell(followed.key);
    } catch (error) {
      this.world.logger.warn(messageOf(error));
    }
  }

  #unchosenIs(followed: FollowedProject, unchosen: boolean): void {
    if (followed.serverUnchosen === unchosen) return;
    followed.serverUnchosen = unchosen;
    this.#tell(followed.key);
  }

  #runnerIs(followed: FollowedProject, runner: RunnerView): void {
    if (JSON.stringify(runner) === JSON.stringify(followed.runner)) return;
    followed.runner = runner;
    this.#tell(followed.key);
  }

  async #runnerOf({ key, record }: FollowedProject, isAlive = this.#askedOnce()): Promise<RunnerView> {
    for (;;) {
      const { lease } = record.state;
      const runner = await this.#holderOf(key, lease, isAlive);
      // What was written meanwhile is newer than the answer.
      if (record.state.lease === lease) return runner;
    }
  }

  async #holderOf(key: string, lease: LeaseRecord | undefined, isAlive: IsAlive): Promise<RunnerView> {
    if (!lease) return { who: "nobody" };
    const processes = await this.world.processes;
    if (isOwn(lease, processes)) return { who: this.hasLeft(key) ? "nobody" : "this_window" };
    return { who: "other", name: runnerName(lease, processes.host), gone: (await isAlive(lease)) === false };
  }

  /**
   * Asks about each process once, because many projects may have one runner, and a program is run for each question on
   * some systems.
   */
  #askedOnce(): IsAlive {
    const asked = new Map<string, ReturnType<IsAlive>>();
    return (lease) => {
      const key = `${lease.host} ${lease.pid} ${lease.started_at}`;
      const answer = asked.get(key) ?? this.world.processes.then((processes) => processes.isAlive(lease));
      asked.set(key, answer);
      return answer;
    };
  }

  /** Asks who still runs projects and which sessions are there, as long as a view is visible. */
  async #look(): Promise<void> {
    if (this.#lookingNow || this.watchers() === 0) return;
    this.#lookingNow = true;
    try {
      // A folder above the records that is moved away or back is reported by no watcher.
      await this.refresh();
      const isAlive = this.#askedOnce();
      for (const followed of this.all()) this.#runnerIs(followed, await this.#runnerOf(followed, isAlive));
      // The record of a stranger's repository names a server; it is not asked before the folder is trusted.
      const asked = this.world.isTrusted() ? this.all().filter(({ record }) => record.state.sessions.size > 0) : [];
      const before = new Map(asked.map((followed) => [followed.key, followed.record.state.entries]));
      const live = await askServers(
        (reference) => this.world.servers.asReference(reference),
        asked.map(({ project, record }) => ({ project, state: record.state })),
        this.looks,
      );
      for (const followed of asked) {
        this.#unchosenIs(
          followed,
          serverProblem({ project: followed.project, state: followed.record.state }, live)?.not_chosen === true,
        );
        // What was written meanwhile is newer than the answer.
        if (followed.record.state.entries === before.get(followed.key))
          this.#differ(followed, trueSessions({ project: followed.project, state: followed.record.state }, live));
      }
      const problems = serverProblems(
        asked.map(({ project, record }) => ({ project, state: record.state })),
        live,
      );
      if (JSON.stringify(problems) !== JSON.stringify(this.#problems)) this.#tell();
      this.#problems = problems;
    } catch (error) {
      this.#notAsked(error);
    } finally {
      this.#lookingNow = false;
    }
  }

  /** Keeps what a server knows better than the record. */
  #differ({ key, record, differing, seen }: FollowedProject, sessions: readonly SessionContext[]): void {
    for (const session of sessions) if (isLiving(session)) seen.set(session.session_name, this.world.clock.now());
    const better = sessions
      .filter((session) => session !== record.state.sessions.get(session.session_name))
      .map((session) => sinceBefore(lostSince(session, seen.get(session.session_name)), differing));
    const same =
      better.length === differing.size &&
      better.every((session) => isShownAlike(session, differing.get(session.session_name)));
    differing.clear();
    for (const session of better) differing.set(session.session_name, session);
    if (!same) this.#tell(key);
  }

  /** Without a key: the projects may be others. */
  #tell(key?: string): void {
    if (key === undefined) this.#allChanged = true;
    else this.#changed.add(key);
    this.#telling.soon();
  }

  #tellNow(): void {
    const changed = this.#allChanged ? "all" : this.#changed;
    this.#changed = new Set();
    this.#allChanged = false;
    this.#changes.fire(changed);
  }
}

export function keyOf(folder: string, project_id: string): string {
  return `${folder}#${project_id}`;
}
