import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { archiveProject } from "../../../src/core/acts/archiveProject";
import { endSessions } from "../../../src/core/acts/endSessions";
import { removeProject } from "../../../src/core/acts/removeProject";
import { renameProject } from "../../../src/core/acts/renameProject";
import { retryTask } from "../../../src/core/acts/retryTask";
import type { ProjectContext } from "../../../src/core/model/project";
import { SessionScene } from "./sessionFakes";

let sessions: SessionScene;
beforeEach(async () => {
  sessions = await SessionScene.open();
});
afterEach(() => sessions.close());

const events = (): string[] => sessions.kinds.filter((kind) => !kind.startsWith("lease"));

describe("the archive", () => {
  it("takes a project that is not running, once, and gives it back; a run takes it out by itself", async () => {
    const { scene } = sessions;
    const state = (): boolean => scene.record.state.archived;
    expect((await archiveProject(scene.record, scene.by, true)).entry).toMatchObject({
      kind: "project",
      event: "archived",
      text: "ada archived alpha.",
    });
    expect([state(), (await archiveProject(scene.record, scene.by, true)).entry]).toEqual([true, undefined]);
    await archiveProject(scene.record, scene.by, false);
    expect([state(), (await archiveProject(scene.record, scene.by, false)).entry]).toEqual([false, undefined]);
    await archiveProject(scene.record, scene.by, true);
    scene.shared.add({ kind: "project", actor: "engine", session_name: null, state: "running", text: "runs" });
    await scene.pass();
    expect(state()).toBe(false);
    expect(events()).toEqual(["project archived", "project restored", "project archived", "project"]);
  });

  it("does not take a project that a process runs", async () => {
    const { scene } = sessions;
    await scene.runs(7);
    await expect(archiveProject(scene.record, scene.by, true)).rejects.toMatchObject({
      code: "driven_elsewhere",
      remedy: { kind: "follow_or_stop", project: "alpha" },
    });
  });
});

describe("another name", () => {
  const renamed = async (name: string): Promise<{ written: string[]; entry: unknown }> => {
    const { record } = sessions.scene;
    const written: string[] = [];
    const ledger = {
      ...record.ledger,
      readProject: () => Promise.resolve({ project_id: "alpha", name: "alpha" } as ProjectContext),
      writeProject: (project: ProjectContext) => {
        written.push(`${project.project_id} ${project.name}`);
        return Promise.resolve();
      },
    };
    const append = record.append.bind(record);
    return { written, entry: (await renameProject({ ledger, append }, sessions.scene.by, name)).entry };
  };

  it("is for people: the id stays", async () => {
    const { written, entry } = await renamed(" The shop ");
    expect(written).toEqual(["alpha The shop"]);
    expect(entry).toMatchObject({ event: "renamed", name: "The shop", text: "ada renamed alpha to The shop." });
    expect(sessions.scene.record.state.name).toBe("The shop");
  });

  it("is none where it has that name, and must be a name", async () => {
    expect(await renamed("alpha")).toEqual({ written: [], entry: undefined });
    await expect(renamed("\u202eabc")).rejects.toMatchObject({ code: "name_invalid" });
  });
});

describe("all sessions of a project", () => {
  const end = (yes = true): ReturnType<typeof endSessions> => {
    const { scene, insideSession } = sessions;
    return endSessions({
      ...scene.by,
      insideSession,
      record: scene.record,
      reach: ({ session_name }) => sessions.reached(session_name),
      confirm: (names) => {
        asked.push(...names);
        return Promise.resolve(yes);
      },
    });
  };
  let asked: string[] = [];
  beforeEach(() => {
    asked = [];
  });

  it("end after one question, and what is gone already is said", async () => {
    await sessions.session("a");
    await sessions.session("b");
    await sessions.server.kill("proj-alpha.b.1");
    expect(await end(false)).toEqual({ how: "declined" });
    expect(asked).toEqual(["proj-alpha::a::1", "proj-alpha::b::1"]);
    expect(await end()).toEqual({ how: "ended", ended: ["proj-alpha::a::1"], gone: ["proj-alpha::b::1"] });
    expect(sessions.scene.record.state.sessions.get("proj-alpha::a::1")?.state).toBe("exited");
  });

  it("stay while a process runs the project, and are no matter of a session", async () => {
    await sessions.session("a");
    sessions.insideSession = "proj-alpha::a::1";
    await expect(end()).rejects.toMatchObject({ code: "needs_person" });
    sessions.insideSession = undefined;
    await sessions.scene.runs(7);
    await expect(end()).rejects.toMatchObject({ code: "driven_elsewhere" });
    expect(asked).toEqual([]);
  });
});

describe("a project that is removed", () => {
  const moved: string[] = [];
  const remove = (yes = true): ReturnType<typeof removeProject> =>
    removeProject({
      ...sessions.scene.by,
      record: sessions.scene.record,
      confirm: () => Promise.resolve(yes),
      moveAway: () => {
        moved.push("alpha");
        return Promise.resolve();
      },
    });

  it("has no open sessions, does not run, and goes when a person agrees", async () => {
    await sessions.session("a");
    await expect(remove()).rejects.toMatchObject({
      code: "usage",
      message: "alpha has 1 open session.",
      remedy: { kind: "end_sessions", project: "alpha" },
    });
    const { scene } = sessions;
    scene.shared.add({
      kind: "session",
      actor: "engine",
      session_name: "proj-alpha::a::1",
      event: "ended",
      state: "exited",
      text: "",
    });
    await scene.runs(7);
    await expect(remove()).rejects.toMatchObject({ code: "driven_elsewhere" });
    await scene.ends();
    expect([await remove(false), moved]).toEqual([{ how: "declined" }, []]);
    expect([await remove(), moved]).toEqual([{ how: "removed" }, ["alpha"]]);
  });
});

it("a task that succeeded runs again only for who says so, from its first try", async () => {
  const { scene } = sessions;
  scene.shared.plan = "project: alpha\nroles: { w: {} }\ntasks:\n  - { id: build, role: w, run: x }\n";
  await scene.task("started", "running");
  await scene.task("finished", "succeeded");
  const again = (wanted: boolean): ReturnType<typeof retryTask> =>
    retryTask(scene.record, scene.by, {
      task: "build",
      again: wanted,
      plan_file: "plan.yaml",
      signal: new AbortController().signal,
    });
  await expect(again(false)).rejects.toMatchObject({ code: "usage" });
  expect(await again(true)).toMatchObject({
    follows: "resume_here",
    entry: { text: "ada asked to run build again.", attempt: 0 },
  });
  expect(scene.record.state.tasks.get("build")).toMatchObject({ state: "pending", attempts: 0, started_at: null });
});
