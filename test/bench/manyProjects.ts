import { FileProjectStore } from "../../src/adapters/ledger/fileProjectStore";
import type { FileLedger } from "../../src/adapters/ledger/fileLedger";
import { createIds } from "../../src/adapters/ledger/ids";
import { createProcesses } from "../../src/adapters/machine/processes";
import { ownershipTag } from "../../src/core/session/ownership";
import type { EntryDraft } from "../../src/core/model/entry";
import { ScriptedServer } from "../support/scriptedServer";
import { systemClock } from "../support/systemClock";

const projectCount = 50;
const sessionsEach = 20;
const roles = ["builder", "checker"] as const;
const serverId = "bench-server";

interface MadeProject {
  readonly ledger: FileLedger;
  readonly sessions: readonly string[];
}

/** Records of many projects that this process runs, and a server that has all of their sessions. */
export class ManyProjects {
  #turn = 0;
  /** Requests for the list of sessions. */
  lists = 0;
  /** Requests for what one session shows. */
  looks = 0;
  readonly #begun = Date.now();
  /** When something was printed, by the name on the wire, in milliseconds since 1970. */
  readonly #active = new Map<string, number>();

  private constructor(
    private readonly store: FileProjectStore,
    private readonly server: ScriptedServer,
    private readonly projects: readonly MadeProject[],
  ) {}

  static async make(folder: string): Promise<ManyProjects> {
    const server = await ScriptedServer.start();
    const store = new FileProjectStore(folder, { clock: systemClock, ids: createIds(), sanitize: (text) => text });
    const projects: MadeProject[] = [];
    for (let index = 1; index <= projectCount; index++)
      projects.push(await makeProject(store, `project-${String(index).padStart(2, "0")}`, server.address));
    const made = new ManyProjects(store, server, projects);
    made.#answer();
    return made;
  }

  get address(): string {
    return this.server.address;
  }

  get sessionCount(): number {
    return projectCount * sessionsEach;
  }

  /** A session that is seen without scrolling, and changes only by `changeFirst`. */
  get first(): { readonly label: string; readonly project: string } {
    return { label: `${roles[0]}::1`, project: this.projects[0]?.ledger.project_id ?? "" };
  }

  async changeFirst(state: string): Promise<void> {
    const [project] = this.projects;
    if (project) await this.#change(project, project.sessions[0] ?? "", state);
  }

  /** One session in ten changes. */
  async changeTenth(): Promise<void> {
    const turn = this.#turn++;
    const state = turn % 2 === 0 ? "working" : "idle";
    await Promise.all(
      this.projects.flatMap((project) =>
        [0, 1].map((each) =>
          this.#change(project, project.sessions[1 + ((turn * 2 + each) % (sessionsEach - 1))] ?? "", state),
        ),
      ),
    );
  }

  async #change({ ledger }: MadeProject, session: string, state: string): Promise<void> {
    this.#active.set(wireName(session), Date.now());
    await ledger.append(stateOf(session, state), "written");
  }

  async stop(): Promise<void> {
    await this.store.close();
    await this.server.stop();
  }

  #answer(): void {
    const sessions = this.projects
      .flatMap((project) => project.sessions)
      .map((name, pid) => ({
        name: wireName(name),
        pid,
        command: "sh",
        rows: 24,
        cols: 80,
        clients: 0,
        tags: [ownershipTag(name)],
      }));
    const info = { hostname: "bench", version: "1", server_id: serverId, implementation: "bench" };
    const json = { "content-type": "application/json" };
    const body = (value: unknown): { status: number; body: string; headers: typeof json } => ({
      status: 200,
      body: JSON.stringify(value),
      headers: json,
    });
    this.server.answer = ({ path }) => {
      if (path.startsWith("/server/info")) return body(info);
      if (path.startsWith("/sessions/")) {
        this.looks++;
        return path.includes("/screen") ? body(atPrompt) : { status: 404 };
      }
      if (!path.startsWith("/sessions")) return { status: 404 };
      this.lists++;
      const now = Date.now();
      return body(
        sessions.map((session) => ({
          ...session,
          last_activity_ms: now - (this.#active.get(session.name) ?? this.#begun),
        })),
      );
    };
  }
}

/** What each of the sessions shows. */
const atPrompt = {
  first_line_index: 0,
  total_lines: 2,
  lines: ["Everything was built.", "$ "],
  cursor: { row: 1, col: 2, visible: true },
  cols: 80,
  rows: 24,
  alternate_active: false,
};

function wireName(session: string): string {
  return session.replaceAll("::", ".");
}

function stateOf(session_name: string, state: string): EntryDraft {
  return {
    kind: "state",
    actor: "engine",
    session_name,
    state,
    text: `${session_name} is ${state} at ${new Date().toISOString()}.`,
  };
}

async function makeProject(store: FileProjectStore, project_id: string, address: string): Promise<MadeProject> {
  const ledger = await store.create({
    project_id,
    name: project_id,
    goal: "Be one of many",
    status: "running",
    default_cwd: "/",
    active_branch: null,
    owner: "bench",
    updated_at: new Date().toISOString(),
    server: { address, server_id: serverId },
  });
  const { host, pid, started_at } = await createProcesses();
  const sessions = roles.flatMap((role) =>
    Array.from({ length: sessionsEach / roles.length }, (_, index) => `proj-${project_id}::${role}::${index + 1}`),
  );
  const drafts: EntryDraft[] = [
    {
      kind: "project",
      actor: "engine",
      session_name: null,
      state: "running",
      goal: "Be one of many",
      text: "It runs.",
    },
    {
      kind: "lease",
      actor: "engine",
      session_name: null,
      event: "claimed",
      holder: "bench",
      host,
      pid,
      started_at,
      generation: 1,
      text: "It is running.",
    },
    ...Array.from({ length: 10 }, (_, index): EntryDraft => ({
      kind: "task",
      actor: "engine",
      session_name: null,
      task_id: `task-${index}`,
      role: roles[0],
      event: "planned",
      state: "pending",
      text: "It is planned.",
    })),
    ...sessions.map((name): EntryDraft => ({
      kind: "session",
      actor: "engine",
      session_name: name,
      role: name.split("::")[1] ?? "",
      event: "created",
      state: "idle",
      wire_name: wireName(name),
      server_id: serverId,
      k: name,
      text: `${name} is ready.`,
    })),
    // A record with some past, as one has it after a day.
    ...Array.from({ length: 1000 }, (_, index) =>
      stateOf(sessions[index % sessions.length] ?? "", index % 40 < 20 ? "working" : "idle"),
    ),
  ];
  await Promise.all(drafts.map((draft) => ledger.append(draft, "written")));
  return { ledger, sessions };
}
