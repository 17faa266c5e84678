import { agentCatalog } from "../../../src/core/session/agentCatalog";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { attach, Attached, type AttachRequest } from "../../../src/core/acts/attach";
import { handOver, type HandOverRequest, type HandOverResult } from "../../../src/core/acts/handOver";
import { kill } from "../../../src/core/acts/kill";
import { restart, type RestartResult, type RestartWorld } from "../../../src/core/acts/restart";
import { abortable, deferred } from "../../../src/core/base/async";
import { OrchestratorError } from "../../../src/core/model/errors";
import type { Plan } from "../../../src/core/model/plan";
import type { ProjectContext } from "../../../src/core/model/project";
import type { Folders } from "../../../src/core/ports/machine";
import type { SessionServer } from "../../../src/core/ports/sessions";
import { silentLogger } from "../../support/systemClock";
import { SessionScene } from "./sessionFakes";
import { nothingToDo } from "../../../src/core/model/remedy";
import { openRoles } from "../../support/policies";

let scene: SessionScene;
beforeEach(async () => {
  scene = await SessionScene.open();
});
afterEach(() => scene.close());

const name = "proj-alpha::shell::1";
/** What a restart needs of who asks for it. */
const world = (): Omit<RestartWorld, "here"> => ({ ...scene.world, by: () => Promise.resolve(scene.scene.by) });
const newest = () => scene.scene.shared.entries.at(-1);
const plan = (more: Partial<Plan["roles"][number]> = {}): Plan =>
  ({ roles: [{ name: "reader", env: {}, count: 1, ...more }], tasks: [], max_sessions: 3 }) as unknown as Plan;

describe("kill", () => {
  it("ends a session once somebody agreed, and the record says who did", async () => {
    await scene.session("shell");
    const target = await scene.target(name);
    scene.says = false;
    expect(await kill(target, scene.world)).toEqual({ how: "declined" });
    expect(await scene.server.get(target.wire)).toBeDefined();
    scene.says = true;
    expect(await kill(target, scene.world)).toMatchObject({
      how: "ended",
      entry: { event: "ended", actor: "human:ada" },
    });
    expect(await scene.server.get(target.wire)).toBeUndefined();
    expect(scene.scene.record.state.sessions.get(name)).toMatchObject({ state: "exited" });
    expect(scene.asked).toMatchObject([
      { act: "kill", session_name: name, destructive: true },
      { act: "kill", session_name: name, destructive: true },
    ]);
  });

  it("says that a session is not this workspace's, and writes nothing of it", async () => {
    const reached = await scene.foreign("somebodys", "");
    expect(await kill(reached, { ...scene.world, record: undefined })).toEqual({
      how: "ended",
      entry: undefined,
      said: "ada killed somebodys.",
    });
    expect(scene.asked[0]?.reason).toMatch(/does not belong to this workspace/);
    expect(scene.kinds).toEqual([]);
  });

  it("speaks of the session that was, when another was made under its name meanwhile", async () => {
    await scene.session("shell");
    const target = await scene.target(name);
    scene.server.kill = async () => {
      const about = { kind: "session", actor: "engine", session_name: name, text: "" } as const;
      scene.scene.shared.add({ ...about, event: "starting", state: "starting", k: "new" });
      await scene.scene.pass();
    };
    await kill(target, scene.world);
    expect(scene.scene.record.state.sessions.get(name)).toMatchObject({ state: "starting", k: "new" });
  });
});

describe("restart", () => {
  const restarted = (): Promise<RestartResult> =>
    restart(
      { ...world(), here: () => Promise.reject(new OrchestratorError("server_unreachable", "Here.", nothingToDo)) },
      { session_name: name },
    );

  it("asks first", async () => {
    await scene.session("shell");
    scene.says = false;
    expect(await restarted()).toEqual({ how: "declined" });
    expect(scene.kinds).toHaveLength(1);
  });

  it("is for the process that runs the project, else it is done here", async () => {
    await scene.session("shell");
    await expect(restarted()).rejects.toMatchObject({ code: "server_unreachable" });
    await scene.scene.runs(7);
    expect(await restarted()).toMatchObject({
      how: "requested",
      entry: { event: "restart_requested", session_name: name },
    });
  });
});

describe("restart by this process", () => {
  /** `folders` and the rest of what a restart needs, as far as it gets there. */
  const here = async (): ReturnType<RestartWorld["here"]> => ({
    server: scene.server,
    info: await scene.server.info(),
    ids: scene.world.ids,
    folders: { resolve: (base: string) => base, isFolder: () => Promise.resolve(true) } as unknown as Folders,
    logger: silentLogger,
    project: { project_id: "alpha", name: "alpha", default_cwd: "/site" } as ProjectContext,
    plan: undefined,
    roles: openRoles(),
    agents: agentCatalog(),
    agentMachine: undefined,
    workspaceTag: "ws",
    defaultShell: undefined,
    commandLine: undefined,
  });

  it("gives a person all the time they need to agree, and the shell a minute from then on", async () => {
    await scene.session("shell");
    const agreed = deferred<boolean>();
    const confirm = (): Promise<boolean> => agreed.promise;
    const work = restart({ ...world(), confirm, here }, { session_name: name });
    await scene.scene.pass(10 * 60_000);
    agreed.resolve(true);
    expect(await scene.during(work)).toEqual({ how: "restarted", session_name: name });
    expect(scene.scene.record.state.sessions.get(name)).toMatchObject({ state: "idle" });
    expect(scene.scene.clock.pending).toBe(0);
  });

  it("is given up with a sentence when the session does not go", async () => {
    await scene.session("shell");
    const server: SessionServer = scene.server;
    const get = server.get.bind(server);
    server.kill = () => new Promise(() => undefined);
    // Whoever has a limit of time meets a server that hangs.
    server.get = (wire, signal) => (signal ? abortable(new Promise<never>(() => undefined), signal) : get(wire));
    const work = restart({ ...world(), here }, { session_name: name });
    const failed = expect(work).rejects.toMatchObject({
      code: "timeout",
      message: "shell::1 did not restart within 1 min.",
    });
    await scene.scene.pass(60_000);
    await failed;
    expect(scene.scene.clock.pending).toBe(0);
  });
});

describe("restart where the record says that this process runs the project", () => {
  it.each([
    [true, "is for that run"],
    [false, "is done here once that run is over, which could not be written"],
  ])("%s: %s", async (runsHere) => {
    await scene.session("shell");
    await scene.scene.runs(1);
    scene.scene.runsHere = runsHere;
    const here = (): Promise<never> =>
      Promise.reject(new OrchestratorError("server_unreachable", "Here.", nothingToDo));
    const restarted = restart({ ...world(), here }, { session_name: name });
    if (runsHere) expect((await restarted).how).toBe("requested");
    else await expect(restarted).rejects.toMatchObject({ message: "Here." });
  });
});

describe("a hand-over", () => {
  const handed = (request: Partial<HandOverRequest> = {}, roles?: Plan): Promise<HandOverResult> =>
    scene.during(
      handOver(
        {
          ...scene.world,
          plan: roles,
          cwd: "/site",
          reach: ({ session_name }) => scene.reached(session_name),
        },
        { from: "shell::1", to: "reader", text: "mind the gap", ...request },
      ),
    );

  it("is shown at once where the receiver waits at its prompt", async () => {
    await scene.session("shell");
    const reader = await scene.session("reader");
    expect(await handed()).toMatchObject({ showing: "shown", to: "reader", session_name: "proj-alpha::reader::1" });
    expect(reader.commands).toEqual([": 'Handoff note from shell::1: mind the gap'"]);
    expect(scene.kinds.slice(2)).toEqual(["handoff", "command", "result", "delivery delivered"]);
    expect(newest()).toMatchObject({ actor: "human:ada", session_name: "proj-alpha::reader::1" });
  });

  it("for its own role is not shown to who wrote it", async () => {
    const shell = await scene.session("shell");
    expect((await handed({ to: "shell" })).showing).toBe("not_now");
    expect(shell.commands).toEqual([]);
    expect((await handed({ to: "shell::1" })).showing).toBe("shown");
  });

  it("goes to the first of several that takes it", async () => {
    await scene.session("shell");
    (await scene.session("reader")).deaf = true;
    const second = await scene.session("reader", "marks", 2);
    expect(await handed()).toMatchObject({ showing: "shown", session_name: "proj-alpha::reader::2" });
    expect(second.commands).toHaveLength(1);
  });

  it.each<[string, () => Promise<void>]>([
    ["while somebody types there", async () => (await scene.session("reader")).type("half a li")],
    ["while something runs in front", async () => void ((await scene.session("reader")).deaf = true)],
    ["where there is no session yet", () => Promise.resolve()],
    [
      "while somebody runs the project",
      async () => {
        await scene.session("reader");
        await scene.scene.runs(7);
      },
    ],
    [
      "when its server is away",
      async () => {
        await scene.session("reader");
        scene.server.get = () => Promise.reject(new OrchestratorError("server_unreachable", "Away.", nothingToDo));
      },
    ],
  ])("waits for the receiver's next task %s", async (_, prepare) => {
    await scene.session("shell");
    await prepare();
    expect(await handed({}, plan())).toMatchObject({ showing: "not_now", session_name: undefined });
    expect(scene.kinds.filter((kind) => kind.startsWith("delivery"))).toEqual([]);
    expect(scene.scene.record.state.undelivered).toHaveLength(1);
  });

  it("is kept in the log only, where a program would take it for its input", async () => {
    await scene.session("shell");
    expect((await handed({}, plan({ program: "claude" }))).showing).toBe("cannot_be_shown");
    const program = await scene.session("reader", "program");
    expect((await handed()).showing).toBe("cannot_be_shown");
    expect(program.typed).toEqual([]);
    expect(scene.scene.record.state.undelivered).toHaveLength(2);
  });

  it("finds both by what a person types, and says who there is", async () => {
    await scene.session("shell");
    await scene.session("reader");
    expect((await handed({ from: "proj-alpha.shell.1", to: "reader::1" })).to).toBe("proj-alpha::reader::1");
    await expect(handed({ to: "nobody" })).rejects.toMatchObject({ code: "role_not_found" });
    await expect(handed({ from: "nobody" })).rejects.toMatchObject({ code: "session_not_found" });
    await expect(handed({ text: " \n" })).rejects.toMatchObject({ code: "usage" });
  });
});

describe("a person who attaches", () => {
  const request = (more: Partial<AttachRequest> = {}): AttachRequest => ({
    session: { session_name: name, k: "keyshell1" },
    actor: "human:ada",
    place: "terminal",
    process: { host: "here", pid: 7, started_at: "1" },
    clock: scene.scene.clock,
    record: scene.scene.record,
    unrecorded: () => undefined,
    insideSession: undefined,
    ...more,
  });

  it("is no session: keys that nobody looks at are a person's", async () => {
    const live = (): Promise<never> => Promise.reject(new Error("It began."));
    await expect(attach(request({ insideSession: name }), live)).rejects.toMatchObject({ code: "needs_person" });
    expect(scene.kinds).toEqual([]);
  });

  it("is on record when they come and when they go", async () => {
    expect(await attach(request(), () => Promise.resolve({ how: "detached" }))).toEqual({ how: "detached" });
    expect(scene.kinds).toEqual(["session attached", "session detached"]);
  });

  it("sees the session end, and the record says how, of that session only", async () => {
    await attach(request(), () => Promise.resolve({ how: "ended", exit_code: 3 }));
    expect(newest()).toMatchObject({ event: "ended", state: "exited", exit_code: 3, k: "keyshell1" });
  });

  it("is said to have lost it, with the reason", async () => {
    const lost = new OrchestratorError("server_unreachable", "The server is away.", nothingToDo);
    await expect(attach(request(), () => Promise.reject(lost))).rejects.toBe(lost);
    expect(newest()).toMatchObject({
      event: "detached",
      text: expect.stringContaining("The server is away.") as string,
    });
  });

  it("has the keyboard from the first key on, until they were still for a while or left", async () => {
    const { clock } = scene.scene;
    const keyboards = (): number => scene.scene.record.state.sessions.get(name)?.keyboards?.length ?? 0;
    await scene.session("shell");
    const attached = await Attached.begin(request());
    expect(keyboards()).toBe(0);
    attached.typed();
    await scene.scene.pass(100);
    expect(keyboards()).toBe(1);
    for (let turn = 0; turn < 3; turn++) {
      await clock.advanceAsync(15_000);
      attached.typed();
    }
    await scene.scene.pass(100);
    expect(keyboards()).toBe(1);
    await clock.advanceAsync(25_000);
    await scene.scene.pass(100);
    expect(keyboards()).toBe(0);
    attached.typed();
    await attached.end({ how: "detached" });
    await scene.scene.pass(100);
    expect(keyboards()).toBe(0);
    expect(scene.scene.shared.entries.slice(1).map(({ text }) => text)).toEqual([
      "ada attached a terminal to shell::1.",
      "ada types in shell::1.",
      "ada no longer types in shell::1.",
      "ada types in shell::1.",
      "ada detached a terminal from shell::1.",
    ]);
  });

  it("leaves once, whatever comes after it", async () => {
    const attached = await Attached.begin(request({ place: "mirror" }));
    await attached.end({ how: "detached" });
    await attached.lost(new Error("too late"));
    await attached.end({ how: "detached" });
    expect(scene.scene.shared.entries.map(({ text }) => text)).toEqual([
      "ada took the keyboard of shell::1 in a mirror.",
      "ada gave back the keyboard of shell::1.",
    ]);
  });

  it("is kept from nothing by a record that cannot be written, nor by one that there is not", async () => {
    const errors: unknown[] = [];
    const record = { append: () => Promise.reject(new Error("The disk is full.")) };
    const unrecorded = (error: unknown): void => void errors.push(error);
    await attach(request({ record, unrecorded }), () => Promise.resolve({ how: "detached" }));
    expect(errors).toHaveLength(2);
    await attach(request({ record: undefined, unrecorded }), () => Promise.resolve({ how: "detached" }));
    expect(errors).toHaveLength(2);
  });
});
