import { spawnSync } from "node:child_process";
import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { FileProjectStore } from "../../../src/adapters/ledger/fileProjectStore";
import { Workspace, note, optionsWith, project, texts } from "../../support/ledgerHarness";
import { buildLedgerProcess, startLedgerProcess } from "../../support/startLedgerProcess";

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.make();
});
afterEach(() => workspace.dispose());

let programs: string;
let program: string;
beforeAll(async () => {
  programs = await mkdtemp(join(tmpdir(), "ledger-program-"));
  await chmod(programs, 0o755);
  program = await buildLedgerProcess(programs);
});
afterAll(() => rm(programs, { recursive: true, force: true }));

const isRoot = process.getuid?.() === 0;
/** A user that is not root and owns nothing. */
const nobody = 65534;
const asRoot = isRoot ? it : it.skip;
const needsRoot = isRoot ? "" : " [not run: needs root, to give files to another user]";

const unsafe = { code: "ledger_unsafe" };

describe("the folder", () => {
  it("keeps itself out of version control and line ends as they are", async () => {
    await workspace.ledger();
    expect(await readFile(join(workspace.root, ".gitignore"), "utf8")).toBe("*\n");
    expect(await readFile(join(workspace.root, ".gitattributes"), "utf8")).toBe("*.jsonl -text\n");
  });

  it("lists projects, opens them, and knows those that are not there", async () => {
    const store = workspace.store();
    expect(await store.list()).toEqual([]);
    await expect(store.open("alpha")).rejects.toMatchObject({ code: "project_not_found" });
    for (const id of ["beta", "alpha"]) await store.create(project(id));
    await mkdir(join(workspace.root, "projects", "Not An Id"));
    await writeFile(join(workspace.root, "projects", "file"), "");
    expect(await store.list()).toEqual(["alpha", "beta"]);
    expect(await (await store.open("beta")).readProject()).toEqual(project("beta"));
  });

  it("leaves an existing project as it is when it is created again", async () => {
    const first = await workspace.ledger();
    await first.writeProject({ ...project(), goal: "changed", later: [1] });
    await first.append(note("a"), "synced");
    const again = await workspace.ledger();
    expect(await again.readProject()).toEqual({ ...project(), goal: "changed", later: [1] });
    expect(await texts(again)).toEqual(["a"]);
    await expect(again.writeProject(project("other"))).rejects.toMatchObject({ code: "request_invalid" });
  });

  it.skipIf(process.platform === "win32")(
    "takes folders of ours from others where their modes are too wide",
    async () => {
      const ledger = await workspace.ledger();
      await ledger.append(note("a"), "synced");
      for (const path of [workspace.root, workspace.folder]) await chmod(path, 0o755);
      expect(await workspace.store().list()).toEqual(["alpha"]);
      await workspace.store().open("alpha");
      for (const path of [workspace.root, workspace.folder]) expect((await stat(path)).mode & 0o777).toBe(0o700);
    },
  );

  it("says when project.json is none, or another project's", async () => {
    const ledger = await workspace.ledger();
    for (const text of ["", "{", "[]", '{"project_id":"alpha"}', JSON.stringify(project("beta"))]) {
      await writeFile(join(workspace.folder, "project.json"), text);
      await expect(ledger.readProject()).rejects.toMatchObject({ code: "ledger_corrupt" });
    }
    await rm(join(workspace.folder, "project.json"));
    await expect(ledger.readProject()).rejects.toMatchObject({
      code: "ledger_corrupt",
      remedy: { kind: "run_project", project: "alpha" },
    });
  });

  it("keeps a plan as it was written", async () => {
    const ledger = await workspace.ledger({ sanitize: () => "gone" });
    expect(await ledger.readPlan()).toBeUndefined();
    await ledger.writePlan("roles: [builder]\n");
    expect(await ledger.readPlan()).toBe("roles: [builder]\n");
  });

  it.each([0o000, 0o077])(
    "has folders of mode 0700 and files of mode 0600 under umask %o, whatever it found",
    async (umask) => {
      // The umask belongs to the process, so one of its own does the appending.
      await workspace.ledger();
      await chmod(workspace.folder, 0o755);
      await chmod(workspace.root, 0o755);
      const longText = 40_000;
      const appending = startLedgerProcess(program, {
        do: "append",
        count: 3,
        inFlight: 1,
        workspace: workspace.path,
        name: "w",
        durability: "synced",
        limits: { bytes: 1_000_000, entries: 2 },
        textBytes: longText,
        umask,
      });
      expect(await appending.ended).toBe(0);
      await workspace.store().create(project());
      const made = await readdir(workspace.root, { recursive: true });
      expect(made.length).toBeGreaterThan(7);
      for (const path of ["", ...made]) {
        const stats = await lstat(join(workspace.root, path));
        expect([path, (stats.mode & 0o777).toString(8)]).toEqual([path, stats.isDirectory() ? "700" : "600"]);
      }
    },
  );
});

describe("ids", () => {
  const bad = [
    "",
    ".",
    "..",
    "../x",
    "a/b",
    "a\\b",
    "/etc",
    "a\0b",
    "A",
    "con",
    "nul",
    "com1",
    "-a",
    "a b",
    "ä",
    "a.b",
    "x".repeat(49),
    "a\n",
    "__proto__",
  ];

  it.each(bad)("refuse %j as a folder", async (id) => {
    const store = workspace.store();
    await expect(store.open(id)).rejects.toMatchObject(unsafe);
    await expect(store.create(project(id))).rejects.toMatchObject(unsafe);
    expect(await readdir(workspace.path)).toEqual([]);
  });
});

describe("symbolic links", () => {
  let elsewhere: string;
  beforeEach(async () => {
    elsewhere = await mkdtemp(join(tmpdir(), "ledger-elsewhere-"));
  });
  afterEach(() => rm(elsewhere, { recursive: true, force: true }));

  /** Moves something of the record away and leaves a link to it. */
  async function replaceByLink(...path: string[]): Promise<void> {
    const original = join(workspace.path, ...path);
    const moved = join(elsewhere, "moved");
    await rename(original, moved);
    await symlink(moved, original);
  }

  it.each([[[".orchestrator"]], [[".orchestrator", "projects"]], [[".orchestrator", "projects", "alpha"]]])(
    "in place of %j are refused",
    async (path) => {
      const before = await workspace.ledger();
      await before.append(note("a"), "synced");
      await replaceByLink(...path);
      const store = workspace.store();
      await expect(store.open("alpha")).rejects.toMatchObject(unsafe);
      await expect(store.create(project())).rejects.toMatchObject(unsafe);
      if (path.length < 3) await expect(store.list()).rejects.toMatchObject(unsafe);
      await expect(texts(before)).rejects.toMatchObject(unsafe);
      await expect(before.readProject()).rejects.toMatchObject(unsafe);
      await expect(before.writePlan("x")).rejects.toMatchObject(unsafe);
      await expect(before.last(1)).rejects.toMatchObject(unsafe);
      await expect(before.verify()).rejects.toMatchObject(unsafe);
    },
  );

  it("in place of a folder that is missing are refused, and nothing is made behind them", async () => {
    await symlink(elsewhere, workspace.root);
    await expect(workspace.store().create(project())).rejects.toMatchObject(unsafe);
    await rm(workspace.root);
    await mkdir(workspace.root);
    await symlink(join(elsewhere, "new"), join(workspace.root, "projects"));
    await expect(workspace.store().create(project())).rejects.toMatchObject(unsafe);
    expect(await readdir(elsewhere)).toEqual([]);
  });

  it("in place of a segment are neither read nor written", async () => {
    const ledger = await workspace.ledger();
    await ledger.append(note("a"), "synced");
    await ledger.close();
    await replaceByLink(".orchestrator", "projects", "alpha", "events-000001.jsonl");
    const next = await workspace.ledger();
    const before = await readFile(join(elsewhere, "moved"), "utf8");
    await expect(next.append(note("b"), "synced")).rejects.toMatchObject(unsafe);
    await expect(texts(next)).rejects.toMatchObject(unsafe);
    await expect(next.last(1)).rejects.toMatchObject(unsafe);
    expect(await readFile(join(elsewhere, "moved"), "utf8")).toBe(before);
  });

  it("that lead nowhere do not make a file there", async () => {
    const ledger = await workspace.ledger();
    await symlink(join(elsewhere, "made"), workspace.segment());
    await expect(ledger.append(note("a"), "synced")).rejects.toMatchObject(unsafe);
    await symlink(join(elsewhere, "made"), join(workspace.folder, "plan.yaml"));
    await expect(ledger.writePlan("x")).rejects.toMatchObject(unsafe);
    expect(await readdir(elsewhere)).toEqual([]);
  });

  it("in place of other files are refused, and the blobs folder too", async () => {
    const ledger = await workspace.ledger();
    await writeFile(join(elsewhere, "secret"), "root: x");
    await symlink(join(elsewhere, "secret"), join(workspace.folder, "plan.yaml"));
    await expect(ledger.readPlan()).rejects.toMatchObject(unsafe);
    await rm(join(workspace.folder, "project.json"));
    await symlink(join(elsewhere, "secret"), join(workspace.folder, "project.json"));
    await expect(ledger.readProject()).rejects.toMatchObject(unsafe);
    await expect(ledger.writeProject(project())).rejects.toMatchObject(unsafe);
    await symlink(elsewhere, join(workspace.folder, "blobs"));
    await expect(ledger.append(note("x".repeat(40_000)), "synced")).rejects.toMatchObject(unsafe);
    expect(await readdir(elsewhere)).toEqual(["secret"]);
    expect(await readFile(join(elsewhere, "secret"), "utf8")).toBe("root: x");
  });

  it("to the workspace itself are fine: people link their folders", async () => {
    const link = join(elsewhere, "link");
    await symlink(workspace.path, link);
    const ledger = await new FileProjectStore(link, optionsWith()).create(project());
    await ledger.append(note("a"), "synced");
    expect(await texts(ledger)).toEqual(["a"]);
    await ledger.close();
  });
});

describe("what is no file or folder of ours", () => {
  it("is refused: a folder for a segment, a file for a folder, a pipe", async () => {
    const ledger = await workspace.ledger();
    await mkdir(workspace.segment());
    await expect(ledger.append(note("a"), "written")).rejects.toMatchObject(unsafe);
    await rm(workspace.segment(), { recursive: true });
    expect(spawnSync("mkfifo", [workspace.segment()]).status).toBe(0);
    await expect(texts(ledger)).rejects.toMatchObject(unsafe);
    await writeFile(join(workspace.root, "projects", "beta"), "");
    await expect(workspace.store().open("beta")).rejects.toMatchObject(unsafe);
  });

  asRoot(`is refused when it belongs to another user${needsRoot}`, async () => {
    const ledger = await workspace.ledger();
    await ledger.append(note("a"), "synced");
    await ledger.close();
    for (const path of [workspace.segment(), workspace.folder, workspace.root]) {
      await chown(path, nobody, nobody);
      const store = workspace.store();
      const found =
        path === workspace.segment() ? store.open("alpha").then((opened) => texts(opened)) : store.open("alpha");
      await expect(found).rejects.toMatchObject(unsafe);
      await chown(path, 0, 0);
    }
  });
});

describe("a folder that cannot be written", () => {
  /** Root may write everywhere, so another user tries. */
  async function giveAway(): Promise<number | undefined> {
    if (!isRoot) return undefined;
    for (const path of ["", ...(await readdir(workspace.path, { recursive: true }))])
      await chown(join(workspace.path, path), nobody, nobody);
    return nobody;
  }

  it("is still read, and appending says so, with nothing unhandled (R9)", async () => {
    const ledger = await workspace.ledger();
    await ledger.append(note("a"), "synced");
    await ledger.close();
    const uid = await giveAway();
    await chmod(workspace.segment(), 0o400);
    await chmod(workspace.folder, 0o500);
    const spec = { workspace: workspace.path, name: "w", durability: "synced" } as const;
    const appending = startLedgerProcess(program, { do: "append", count: 5, inFlight: 5, ...spec }, { uid });
    expect(await appending.ended).toBe(0);
    expect(appending.lines).toEqual(["ready", "refused ledger_unwritable"]);
    const reading = startLedgerProcess(program, { do: "follow", until: "a", ...spec }, { uid });
    expect(await reading.ended).toBe(0);
    expect(reading.lines).toMatchObject([/^ready$/, /^a \d+$/, /^done$/]);
    await chmod(workspace.folder, 0o700);
  });

  it("says that the disk is full when the system cuts a write short, and goes on afterwards (R8)", async () => {
    const spec = { workspace: workspace.path, name: "w", durability: "written", textBytes: 3000 } as const;
    await workspace.ledger();
    const filling = startLedgerProcess(program, { do: "until-refused", count: 100, ...spec }, { fileBlocks: 50 });
    expect(await filling.ended).toBe(0);
    expect(filling.lines.at(-1)).toBe("refused disk_full");
    const acknowledged = filling.lines.slice(1, -1);
    expect(acknowledged.length).toBeGreaterThan(10);
    expect((await workspace.bytes()).length).toBe(50 * 1024);
    const ledger = await workspace.ledger();
    expect(await texts(ledger)).toEqual(acknowledged);
    await ledger.append(note("space again"), "synced");
    expect(await texts(ledger)).toEqual([...acknowledged, "space again"]);
    expect(await ledger.verify()).toMatchObject({ damaged: 1 });
  });
});
