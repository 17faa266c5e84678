import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFolders } from "../../src/adapters/machine/folders";
import { lookAt } from "../../src/adapters/machine/targetLook";
import type { Hit } from "../../src/core/ports/targets";
import { commandTargets } from "../../src/core/safety/commandTargets";
import { hitSentence } from "../../src/core/safety/hitSentence";
import { FakeClock } from "../support/fakeClock";

let root: string;
let workspace: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "wo-look-"));
  workspace = join(root, "ws");
  write(".orchestrator/.gitignore", "*\n");
  for (const project of ["alpha", "beta"]) write(`.orchestrator/projects/${project}/events-000001.jsonl`, "{}\n");
  write("src/a.ts", "a");
  write("src/deep/b.ts", "b");
  write("build/out.o", "o");
  write("package.json", "{}");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(workspace, path)), { recursive: true });
  writeFileSync(join(workspace, path), text);
}

function git(...args: string[]): void {
  execFileSync("git", ["-c", "user.name=n", "-c", "user.email=e@example.com", ...args], {
    cwd: workspace,
    stdio: "pipe",
  });
}

function commitAll(): void {
  git("init", "--quiet");
  git("add", ".");
  git("commit", "--quiet", "-m", "first");
}

function look(command: string, shell = "bash"): Promise<Hit | undefined> {
  return createFolders().hitBy(commandTargets(command, { shell, cwd: workspace }), workspace);
}

async function sentence(command: string, shell = "bash"): Promise<string> {
  const hit = await look(command, shell);
  return hit ? hitSentence(hit, Date.now()) : "";
}

const ownRecord = "the .orchestrator folder with the logs of 2 projects (alpha, beta).";

describe("the logs of projects", () => {
  it.each([
    ["rm -rf .orchestrator"],
    ["rm -rf ."],
    ["rm -rf .."],
    ["rm -rf ../ws"],
    ["rm -rf .*"],
    ["cd src && rm -rf ../.orchestrator"],
    ["find . -delete"],
    ["find . -name '.orch*' -exec rm -rf {} +"],
    ["mkdir e; rsync -a --delete src/ ./"],
    ["git worktree remove --force ."],
    ["bash -c 'rm -rf .orchestrator/projects'"],
  ])("are found in %s", async (command) => {
    expect(await sentence(command)).toContain(`It would delete ${ownRecord}`);
  });

  it("are found in git clean, and in what is moved", async () => {
    commitAll();
    expect(await sentence("git clean -ffdx")).toMatch(
      /^It would delete the \.orchestrator folder with the logs of 2 projects \(alpha, beta\)\. It would delete 3 files in \d+ folders: \.orchestrator\/\.$/,
    );
    expect(await sentence("git clean -fd")).toBe("");
    expect(await sentence("mv .orchestrator old")).toContain(`It would move ${ownRecord}`);
  });

  it("are not in what leaves them alone", async () => {
    for (const command of ["rm -rf *", "rm -rf src", "rm .orchestrator", "find src -delete", "rm -rf $HOME/x"])
      expect(await sentence(command)).not.toContain("the logs of");
  });

  it("are named where only some of them are hit", async () => {
    const part = "logs of 1 project (alpha) in the .orchestrator folder.";
    expect(await sentence("rm -rf .orchestrator/projects/alpha")).toContain(`It would delete ${part}`);
    expect(await sentence("echo > .orchestrator/projects/alpha/events-000001.jsonl")).toContain(`overwrite ${part}`);
    expect(await sentence("find . -name 'events-*' -delete")).toContain(
      "It would delete logs of 2 projects (alpha, beta) in the .orchestrator folder.",
    );
  });

  it("of another workspace are named with it", async () => {
    write("../other/.orchestrator/projects/gamma/events-000001.jsonl", "{}");
    const real = execFileSync("realpath", [root], { encoding: "utf8" }).trim();
    expect(await sentence("rm -rf ..")).toContain(`folder of ${real}/other with the logs of 1 project (gamma).`);
  });
});

describe("what is there", () => {
  it("is counted", async () => {
    expect(await sentence("rm -rf src package.json gone")).toBe(
      "It would delete 3 files in 2 folders: src/ and package.json.",
    );
    expect(await sentence("rm -rf *")).toBe("It would delete 4 files in 3 folders: build/, package.json and src/.");
    expect(await sentence("rm -f */*.o")).toBe("It would delete build/out.o.");
    expect(await sentence("rm -f **/*.ts", "zsh")).toContain("It would delete 2 files: ");
    expect(await sentence("find src -name '*.ts' -maxdepth 1 -delete")).toBe("It would delete src/a.ts.");
    expect(await sentence("rm -rf gone")).toBe("");
    expect(await sentence("rm -f src")).toBe("");
  });

  it("behind a link stays", async () => {
    symlinkSync(join(workspace, "src"), join(workspace, "link"));
    expect(await sentence("rm -rf link")).toBe("It would delete link.");
    expect(await sentence("find link -delete")).toBe("");
    symlinkSync(workspace, join(workspace, "build", "up"));
    expect(await sentence("rm -rf build")).toBe("It would delete 2 files in 1 folder: build/.");
  });

  it("is what a copy or a redirection overwrites", async () => {
    expect(await sentence("rm -rf gone; cp package.json src/a.ts")).toMatch(
      /^It would overwrite src\/a\.ts \(1 byte, changed (?:just now|\d+ s ago)\)\.$/,
    );
    write("src/package.json", "old");
    expect(await sentence("mv package.json src")).toContain("It would overwrite src/package.json (3 bytes, changed");
    expect(await sentence("cp package.json new")).toBe("");
  });

  it("is what rsync does not find at the source", async () => {
    write("copy/a.ts", "a");
    write("copy/old/c.ts", "c");
    expect(await sentence("rsync -a --delete src/ copy/")).toBe("It would delete 1 file in 1 folder: copy/old/.");
  });

  it("is told of this machine only", async () => {
    const targets = commandTargets("rm -rf src", { shell: "bash", cwd: workspace });
    expect(await createFolders({ local: false }).hitBy(targets, workspace)).toBeUndefined();
  });
});

describe("what Git would throw away", () => {
  it("is counted", async () => {
    commitAll();
    write("src/a.ts", "changed");
    write("package.json", "changed");
    git("add", "package.json");
    write("new.ts", "n");
    expect(await sentence("git reset --hard")).toBe(
      "2 files have changes that are not committed: package.json and src/a.ts.",
    );
    expect(await sentence("git checkout -- .")).toBe("1 file has changes that are not committed: src/a.ts.");
    expect(await sentence("git restore package.json")).toBe("");
    expect(await sentence("git clean -fd")).toBe("It would delete new.ts.");
    git("stash", "--quiet");
    expect(await sentence("git stash clear")).toBe("It would delete 1 stash.");
    write('odd "\tname', "");
    expect((await look("git clean -fd"))?.files[0]).toMatchObject({ count: 2, files: 2 });
  });

  it("is found without running what the repository's configuration names", async () => {
    commitAll();
    const marker = join(root, "ran");
    const program = join(root, "program.sh");
    writeFileSync(program, `#!/bin/sh\necho "$0 $*" >> ${marker}\ncat\n`);
    chmodSync(program, 0o755);
    mkdirSync(join(root, "hooks"));
    for (const hook of ["post-index-change", "fsmonitor-watchman", "post-checkout"]) {
      writeFileSync(join(root, "hooks", hook), `#!/bin/sh\necho ${hook} >> ${marker}\n`);
      chmodSync(join(root, "hooks", hook), 0o755);
    }
    const settings = {
      "core.fsmonitor": program,
      "core.hooksPath": join(root, "hooks"),
      "core.pager": program,
      "core.sshCommand": program,
      "core.editor": program,
      "diff.external": program,
      "filter.evil.clean": program,
      "filter.evil.smudge": program,
      "filter.evil.required": "true",
      "filter.other.process": program,
      "gpg.program": program,
      "log.showSignature": "true",
      "core.untrackedCache": "true",
      "status.submoduleSummary": "true",
      "alias.status": `!${program}`,
      "alias.clean": `!${program}`,
    };
    for (const [name, value] of Object.entries(settings))
      execFileSync("git", ["config", "--file", join(workspace, ".git", "config"), name, value]);
    writeFileSync(join(workspace, ".git", "info", "attributes"), "*.ts filter=evil diff=evil\n*.json filter=other\n");
    // The same size: Git has to read them to know.
    write("src/a.ts", "x");
    write("package.json", "[]");
    write("new.ts", "n");
    for (const command of [
      "git reset --hard",
      "git checkout -- .",
      "git clean -ffdx",
      "git stash clear",
      "git worktree remove --force .",
    ])
      await look(command);
    await createFolders().gitState(workspace);
    expect(existsSync(marker)).toBe(false);
    expect(await sentence("git checkout -- .")).toBe(
      "2 files have changes that are not committed: package.json and src/a.ts.",
    );
    // The trap works: Git left to itself runs it.
    execFileSync("git", ["--no-pager", "status"], { cwd: workspace, stdio: "pipe" });
    expect(existsSync(marker)).toBe(true);
  });
});

describe("a look", () => {
  it("ends after a second with what it has", async () => {
    const clock = new FakeClock();
    const targets = commandTargets("rm -rf .", { shell: "bash", cwd: workspace });
    const looking = lookAt(targets, { workspace, clock });
    clock.advance(1000);
    const hit = await looking;
    expect(hit === undefined || hit.files.every(({ isAll }) => !isAll)).toBe(true);
  });

  it("ends in folders without end", async () => {
    for (let index = 0; index < 40; index++) {
      const folder = join(workspace, "many", String(index));
      mkdirSync(folder, { recursive: true });
      for (let file = 0; file < 1300; file++) writeFileSync(join(folder, String(file)), "");
    }
    const turns: number[] = [];
    const timer = setInterval(() => turns.push(Date.now()), 1);
    const hit = await look("rm -rf many");
    clearInterval(timer);
    expect(hit?.files[0]?.isAll).toBe(false);
    expect(hit?.files[0]?.files).toBeLessThanOrEqual(50_000);
    // The process answered others all the time.
    expect(turns.length).toBeGreaterThan(3);
  });
});
