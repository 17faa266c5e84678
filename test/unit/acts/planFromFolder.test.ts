import { describe, expect, it } from "vitest";
import { namedWork, type OfferedFile, planOfFolder, workOfFolder } from "../../../src/core/acts/planFromFolder";
import { OrchestratorError } from "../../../src/core/model/errors";
import { parsePlan, type Plan } from "../../../src/core/model/plan";
import { advice } from "../../../src/core/model/remedy";
import type { EditorPlatform } from "../../../src/core/run/foundWork";
import type { ProjectFiles } from "../../../src/core/ports/projectFiles";
import { createDefaultPolicy } from "../../../src/core/safety/defaultPolicy";
import { FakeClock } from "../../support/fakeClock";

const policy = createDefaultPolicy();

function filesOf(texts: Readonly<Record<string, string>>): ProjectFiles {
  return {
    has: (_folder, path) => Promise.resolve(path in texts),
    read: (_folder, path, most) => {
      const bytes = new TextEncoder().encode(texts[path] ?? "");
      if (bytes.length > most)
        return Promise.reject(new OrchestratorError("request_invalid", `The file ${path} is too large.`, advice("")));
      return Promise.resolve(bytes);
    },
  };
}

function look(texts: Readonly<Record<string, string>>, platform?: EditorPlatform): Promise<OfferedFile[]> {
  const redact = (text: string): string => text;
  return workOfFolder("/w", { files: filesOf(texts), policy, redact, clock: new FakeClock(), platform });
}

async function commands(file: string, text: string): Promise<(string | undefined)[]> {
  return (await look({ [file]: text })).flatMap(({ work }) => work.map(({ command }) => command));
}

async function needs(file: string, text: string): Promise<(readonly string[])[]> {
  return (await look({ [file]: text })).flatMap(({ work }) => work.map((each) => each.needs));
}

const notes = async (file: string, text: string): Promise<readonly string[]> =>
  (await look({ [file]: text }))[0]?.notes ?? [];

const hidden = (text: string): string => text.replace("hunter2secret", "‹redacted›");

async function planText(texts: Readonly<Record<string, string>>, picks: readonly string[]): Promise<string> {
  const all = await look(texts);
  const picked = picks.map((name) => namedWork(all, name));
  return planOfFolder({ project: "alpha", goal: "Ship it" }, all, picked, { redact: hidden });
}

const planOf = async (texts: Readonly<Record<string, string>>, picks: readonly string[]): Promise<Plan> =>
  parsePlan(await planText(texts, picks));

const scripts = (all: Readonly<Record<string, string>>): string => JSON.stringify({ name: "a", scripts: all });

describe("what a folder can run", () => {
  it("is the scripts of package.json, without those that npm runs by itself", async () => {
    const text = scripts({
      prebuild: "x",
      build: "tsc",
      test: "vitest run",
      dev: "vite --port 5173",
      prepare: "husky",
      "lint:fix": "eslint",
    });
    const [found] = await look({ "package.json": text });
    expect(found?.work.map(({ command, keepsRunning, port }) => [command, keepsRunning, port])).toEqual([
      ["npm run build", false, undefined],
      ["npm run test", false, undefined],
      ["npm run dev", true, 5173],
      ["npm run lint:fix", false, undefined],
    ]);
  });

  it.each([
    ["pnpm-lock.yaml", "pnpm run build"],
    ["yarn.lock", "yarn run build"],
    ["bun.lock", "bun run build"],
    ["package-lock.json", "npm run build"],
  ])("with %s, is run by its program", async (lock, command) => {
    const all = await look({ "package.json": scripts({ build: "tsc" }), [lock]: "" });
    expect(all[0]?.work[0]?.command).toBe(command);
  });

  it("has names of any kind as one word, and none that would be options or several lines", async () => {
    const odd = {
      "a b": "x",
      "it's": "x",
      'say "hi"': "x",
      "proj::x::1": "x",
      "$(rm -rf /)": "x",
      "-v": "x",
      "two\nlines": "x",
    };
    expect(await commands("package.json", scripts(odd))).toEqual([
      "npm run 'a b'",
      String.raw`npm run 'it'\''s'`,
      `npm run 'say "hi"'`,
      "npm run proj::x::1",
      "npm run '$(rm -rf /)'",
    ]);
    expect(await notes("package.json", scripts(odd))).toEqual(["2 scripts with a name that cannot be typed"]);
  });

  it("is the targets of a Makefile by plain names", async () => {
    const text =
      "CC := gcc\ninclude more.mk\ndefine X\nfoo: bar\nendef\n.PHONY: all test clean\nall: app docs/x.html test\napp: main.o\n\tcc -o app\n%.o: %.c\n\tcc $<\n$(OUT): x\n\ty\ntest: all ## runs it\n\t./test: x\nclean::\n\t-@rm -rf out\nX ?= a:b\nall: CC = clang\nrun: ; ./app --port 8080\n";
    const [found] = await look({ Makefile: text });
    expect(found?.work.map(({ name, needs: all, does }) => [name, all, does])).toEqual([
      ["all", ["app", "test"], ""],
      ["app", [], "cc -o app"],
      ["test", ["all"], "./test: x"],
      ["clean", [], "rm -rf out"],
      ["run", [], "./app --port 8080"],
    ]);
    expect(found?.notes).toEqual([
      "2 targets with a pattern or variable in the name",
      "targets of files that it includes",
    ]);
    expect(await needs("Makefile", "build: \\\n  prepare\n\techo\nprepare:\n\techo\n")).toEqual([["prepare"], []]);
  });

  it("is the recipes of a justfile that need no parameter", async () => {
    const text =
      'set shell := ["bash"]\nversion := "1"\nalias b := build\nimport "x.just"\n\n# Builds\nbuild target="all": clean\n  cc\n@clean:\n  rm x\ndeploy host: build\n  ssh\n_hidden:\n  x\n[private]\nalso:\n  x\ntest *args: build (clean)\n  t\n';
    expect(await commands("justfile", text)).toEqual(["just build", "just clean", "just test"]);
    expect(await needs("justfile", text)).toEqual([["clean"], [], ["build", "clean"]]);
    expect(await notes("justfile", text)).toEqual([
      "1 recipe that cannot run without a parameter",
      "recipes of files that it imports",
    ]);
  });

  it("is the processes of a Procfile, which get a port each where they ask for one", async () => {
    const text =
      "web: node server.js --port $PORT\n# no\nrelease: ./migrate\napi: serve ${PORT:-1}\nworker: work\nno process\n";
    const [found] = await look({ Procfile: text });
    expect(
      found?.work.map(({ name, command, keepsRunning, port, env }) => [name, command, keepsRunning, port, env]),
    ).toEqual([
      ["web", "node server.js --port $PORT", true, 5000, { PORT: "5000" }],
      ["release", "./migrate", false, undefined, undefined],
      ["api", "serve ${PORT:-1}", true, 5100, { PORT: "5100" }],
      ["worker", "work", true, undefined, undefined],
    ]);
    expect(found?.notes).toEqual(["1 line that is no process"]);
  });

  it("is the tasks of VS Code that are commands, without what only a window can fill in", async () => {
    const text = `{ // tasks
      "version": "2.0.0",
      "tasks": [
        { "label": "build it", "type": "shell", "command": "make // all", "args": ["a b", { "value": "c" }, "&&", "'d e'"], "dependsOn": "prepare", "problemMatcher": "$tsc" },
        { "label": "prepare", "type": "npm", "script": "ci", "options": { "cwd": "\${workspaceFolder}/web" } },
        { "label": "watch", "type": "process", "command": "\${workspaceFolder}/watch.sh", "args": ["$HOME"], "isBackground": true, "options": { "cwd": "web/src", "env": { "A": "1" } } },
        { "label": "line", "command": "echo \${env:USER} && ls", "type": "shell" },
        { "label": "this file", "type": "shell", "command": "cat \${file}" },
        { "label": "elsewhere", "type": "shell", "command": "ls", "options": { "cwd": "/etc" } },
        { "label": "asks", "type": "shell", "command": "echo", "args": ["\${input:name}"] },
        { "label": "other", "type": "gulp" }, /* end */
        { "label": "all", "dependsOn": ["build it", "line"], "dependsOrder": "sequence" },
      ],
    }`;
    const [found] = await look({ ".vscode/tasks.json": text });
    expect(
      found?.work.map(({ name, command, needs: all, cwd, env, problems }) => [name, command, all, cwd, env, problems]),
    ).toEqual([
      ["build it", "'make // all' 'a b' c && 'd e'", ["prepare"], undefined, undefined, ["$tsc"]],
      ["prepare", "npm run ci", [], "web", undefined, undefined],
      ["watch", "../../watch.sh '$HOME'", [], "web/src", { A: "1" }, undefined],
      ["line", "echo $USER && ls", ["build it"], undefined, undefined, undefined],
      ["all", undefined, ["build it", "line"], undefined, undefined, undefined],
    ]);
    expect(found?.notes).toEqual(["4 tasks that only VS Code can run"]);
  });

  it("says in a sentence why a file cannot be read, and goes on with the others", async () => {
    const all = await look({
      "package.json": '{\n  "scripts": {,}\n}',
      Makefile: "build:\n\techo\n",
      Procfile: "a".repeat(2_000_000),
    });
    expect(all.map(({ file, problem }) => [file, problem])).toEqual([
      ["package.json", "package.json cannot be read: it is not valid JSON (line 2, column 15: Value expected)."],
      ["Makefile", undefined],
      ["Procfile", "The file Procfile is too large."],
    ]);
    expect((await look({ Makefile: "\xff\0" }))[0]?.problem).toMatch(/^Makefile cannot be read: line 1: /);
  });

  it("is nothing in texts that have no such thing", async () => {
    for (const file of ["package.json", "Makefile", "justfile", "Procfile", ".vscode/tasks.json"])
      for (const text of ["[1]", "null", '{"scripts": 1, "tasks": {}}']) expect(await commands(file, text)).toEqual([]);
    expect(await look({})).toEqual([]);
  });

  it("marks as usual only what people run all day, takes nothing away and ends", async () => {
    const all = await look({
      "package.json": scripts({
        build: "rm -rf / && tsc",
        test: "vitest run",
        "test:watch": "vitest",
        dev: "vite",
        publish: "x",
        lint: "eslint .",
      }),
      Makefile: "build:\n\techo\n",
    });
    expect(all.flatMap(({ work }) => work.filter(({ usual }) => usual).map(({ id }) => id))).toEqual([
      "package.json:test",
      "package.json:lint",
    ]);
    expect(all[0]?.work[0]?.asks).toMatch(/\w/);
  });
});

describe("a plan of what was picked", () => {
  it("has a task for each, after what it needs, and a role for what keeps running", async () => {
    const text = JSON.stringify({
      tasks: [
        { label: "build it", type: "shell", command: "make", dependsOn: ["prepare", "gone"] },
        { label: "prepare", type: "shell", command: "echo ci: now", options: { cwd: "web" } },
        { label: "Build It", type: "shell", command: "b" },
        { label: "web.dev", type: "shell", command: "run --port 3000", dependsOn: "build it", isBackground: true },
        { label: "all", dependsOn: ["web.dev", "Build It"] },
        { label: "last", type: "shell", command: "echo", dependsOn: "all" },
      ],
    });
    const plan = await planOf({ ".vscode/tasks.json": text }, ["last"]);
    expect(plan).toMatchObject({ project: "alpha", goal: "Ship it" });
    expect(plan.tasks.map(({ id, role, needs: all, cwd, until }) => [id, role, all, cwd, until])).toEqual([
      ["build-it", "shell", ["prepare"], undefined, undefined],
      ["prepare", "shell", [], "web", undefined],
      ["Build-It-2", "shell", [], undefined, undefined],
      ["web-dev", "web-dev", ["build-it"], undefined, { port: 3000 }],
      ["last", "shell", ["web-dev", "Build-It-2"], undefined, undefined],
    ]);
  });

  it("is what tasks.json says for the platform", async () => {
    const text = JSON.stringify({
      version: "2.0.0",
      options: { cwd: "web", env: { A: "1" } },
      linux: { options: { env: { B: "file" } } },
      tasks: [
        {
          label: "build",
          type: "shell",
          command: "make",
          args: ["all"],
          options: { env: { A: "2" } },
          problemMatcher: "$gcc",
          windows: { command: "build.cmd", args: [], options: { cwd: "win" }, problemMatcher: "$msCompile" },
          osx: { command: "gmake" },
          linux: { args: ["-j", "all"], options: { env: { C: "3" } } },
        },
        { label: "open", type: "process", windows: { command: "start" }, osx: { command: "open", args: ["a b"] } },
      ],
    });
    const found = async (platform?: EditorPlatform): Promise<unknown[]> =>
      (await look({ ".vscode/tasks.json": text }, platform)).flatMap(({ work }) =>
        work.map(({ command, cwd, env, problems }) => [command, cwd, env, problems]),
      );
    expect(await found("windows")).toEqual([
      ["build.cmd", "win", { A: "2" }, ["$msCompile"]],
      ["start", "web", { A: "1" }, undefined],
    ]);
    expect(await found("osx")).toEqual([
      ["gmake all", "web", { A: "2" }, ["$gcc"]],
      ["open 'a b'", "web", { A: "1" }, undefined],
    ]);
    expect(await found("linux")).toEqual([["make -j all", "web", { A: "2", B: "file", C: "3" }, ["$gcc"]]]);
    expect(await found()).toEqual([["make all", "web", { A: "2" }, ["$gcc"]]]);
  });

  it("has no circle, whatever needs what", async () => {
    const plan = await planOf({ Makefile: "a: b\n\techo\nb: c\n\techo\nc: a\n\techo\n" }, ["a", "b", "c"]);
    expect(plan.tasks.map(({ id, needs: all }) => [id, all])).toEqual([
      ["a", ["b"]],
      ["b", ["c"]],
      ["c", []],
    ]);
  });

  it("says above a task what its file has there, without secrets, and what to look at", async () => {
    const texts = {
      "package.json": scripts({ clean: "rm -rf ~", dev: "TOKEN=hunter2secret vite # x\u001b[31m", build: "tsc" }),
    };
    expect(await planText(texts, ["clean", "dev", "build"]))
      .toBe(`# Made from package.json: each task runs what is there. Change it as you like.

project: alpha
goal: Ship it
roles:
  shell: {}
  dev: {}
tasks:
  # rm -rf ~
  # Look at it first: ${(await look(texts))[0]?.work[0]?.asks}
  - id: clean
    role: shell
    run: npm run clean
  # TOKEN=‹redacted› vite # x
  # It keeps running, and its file names no port: the task is done only when it ends. Say when it is ready: until: { port: 3000 }
  - id: dev
    role: dev
    run: npm run dev
  # tsc
  - id: build
    role: shell
    run: npm run build
`);
  });

  it("gives a process of a Procfile the port that it waits for", async () => {
    const plan = await planOf({ Procfile: "web: node server.js $PORT\n" }, ["web"]);
    expect(plan.roles).toMatchObject([{ name: "web", env: { PORT: "5000" } }]);
    expect(plan.tasks[0]).toMatchObject({ role: "web", run: ["node server.js $PORT"], until: { port: 5000 } });
  });

  it("is refused where nothing or too much was picked, or a name means none or several", async () => {
    const texts = { "package.json": scripts({ build: "tsc" }), Makefile: "build:\n\techo\nbulk:\n\techo\n" };
    await expect(planText(texts, [])).rejects.toThrow("Nothing was picked");
    await expect(planText(texts, ["build"])).rejects.toMatchObject({
      message: 'Several files have "build".',
      remedy: { kind: "name_found_work", ids: ["package.json:build", "Makefile:build"] },
    });
    await expect(planText(texts, ["blk"])).rejects.toMatchObject({
      message: 'Nothing here has the name "blk"; did you mean "bulk"?',
      remedy: { kind: "name_found_work", ids: [] },
    });
    expect((await planOf(texts, ["Makefile:build"])).tasks[0]?.run).toEqual(["make build"]);
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`s${index}`, "true"]));
    const all = await look({ "package.json": scripts(many) });
    expect(all[0]?.work).toHaveLength(5000);
    expect(() => planOfFolder({ project: "a", goal: "" }, all, all[0]?.work ?? [], { redact: hidden })).toThrow(
      "5000 tasks are too many for one plan.",
    );
  });
});
