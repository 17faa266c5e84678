import { describe, expect, it } from "vitest";
import { createDefaultPolicy } from "../../../src/core/safety/defaultPolicy";
import { commandTargets } from "../../../src/core/safety/commandTargets";

/** Each target in one line: what, where, which words. */
function read(text: string, shell = "bash", before: readonly string[] = []): string[] {
  return commandTargets(text, { shell, cwd: "/ws", before }).map((target) => {
    switch (target.kind) {
      case "files": {
        const words = target.words.map((word) => `${word.text}${word.isPattern ? " (pattern)" : ""}`).join(" ");
        return `${target.effect}${target.recursive ? " all" : ""} ${target.folder}: ${words}${target.isPart ? " …" : ""}`;
      }
      case "overwritten":
        return `overwrite ${target.folder}: ${target.words.map((word) => word.text).join(" ")}`;
      case "git_clean":
        return `clean ${target.folder}: ${target.args.join(" ")}`;
      case "git_changes":
        return `changes ${target.folder}: ${target.paths.join(" ")} from ${target.from}`;
      case "git_stashes":
        return `stashes ${target.folder}: ${target.which}`;
    }
  });
}

describe("what a command removes", () => {
  it.each([
    ["rm -rf build", ["delete all /ws: build"]],
    ["rm -f 'a b' \"c\"", ["delete /ws: a b c"]],
    ["rm -rf *.o 'x*'", ["delete all /ws: *.o (pattern) x*"]],
    ["rm -rf {a,b}/c", ["delete all /ws: a/c b/c"]],
    ["rm -rf -- -x", ["delete all /ws: -x"]],
    ["sudo -u bob rm -rf x", ["delete all /ws: x"]],
    ["bash -c 'cd y && rm -rf x'", ["delete all /ws/y: x"]],
    ["env A=1 nohup rm -rf x", ["delete all /ws: x"]],
    ["npx rimraf dist", ["delete all /ws: dist"]],
    ["mv .orchestrator old", ["move all /ws: .orchestrator", "overwrite /ws: old"]],
    ["find . -name '*.o' -delete", ["delete all /ws: ."]],
    ["find a b -type f -exec rm -f {} +", ["delete all /ws: a b"]],
    ["rsync -a --delete src/ dst/", ["delete all /ws: dst/"]],
    ["git worktree remove --force ../other", ["delete all /ws: ../other"]],
    ["git -C sub rm -rf x", ["delete all /ws/sub: x"]],
  ])("%s", (text, expected) => expect(read(text)).toEqual(expected));

  it.each([
    ["rm -rf $X", []],
    ["rm -rf $X build", ["delete all /ws: build …"]],
    ['rm -rf "$(pwd)"', []],
    ["rm -rf ~bob/x", []],
    ['rm -rf "*"x*', []],
    ["find . -newer x -delete", []],
    ["find . -not -name a -delete", []],
    ["rsync -a --delete --exclude=x src/ dst/", []],
    ["rsync -a --delete host:src/ dst/", []],
    ["git --git-dir=/x clean -fd", []],
    ["git clean -nfd", []],
    ["git clean -fdi", []],
    ["xargs rm -rf", []],
    ["rm -rf 'unfinished", []],
  ])("says nothing of what only a shell knows: %s", (text, expected) => expect(read(text)).toEqual(expected));
});

describe("what a command overwrites", () => {
  it.each([
    ["echo x > out.txt", ["overwrite /ws: out.txt"]],
    ["echo x >> out.txt; echo y > /dev/null 2>&1", []],
    ["dd if=/dev/zero of=disk.img", ["overwrite /ws: disk.img"]],
    ["truncate -s 0 a b", ["overwrite /ws: a b"]],
    ["tee a b", ["overwrite /ws: a b"]],
    ["tee -a a", []],
    ["sed -i 's/a/b/' x y", ["overwrite /ws: x y"]],
    ["sed -i -e 's/a/b/' x", ["overwrite /ws: x"]],
    ["cp a b", ["overwrite /ws: b"]],
    ["cp -n a b", []],
    ["ln -sf a b", ["overwrite /ws: b"]],
    ["install -m 755 a b", ["overwrite /ws: b"]],
  ])("%s", (text, expected) => expect(read(text)).toEqual(expected));
});

describe("what Git removes", () => {
  it.each([
    ["git clean -ffdx", ["clean /ws: -ffdx -- "]],
    ["git clean -fdq -e keep src", ["clean /ws: -fd -e keep -- src"]],
    ["git reset --hard HEAD~1", ["changes /ws:  from commit"]],
    ["git checkout -- a b", ["changes /ws: a b from index"]],
    ["git checkout main -- a", ["changes /ws: a from commit"]],
    ["git checkout .", ["changes /ws: . from index"]],
    ["git checkout -f main", ["changes /ws:  from commit"]],
    ["git restore .", ["changes /ws: . from index"]],
    ["git restore --source HEAD a", ["changes /ws: a from commit"]],
    ["git restore --staged a", []],
    ["git switch --discard-changes main", ["changes /ws:  from commit"]],
    ["git stash clear", ["stashes /ws: all"]],
    ["git stash drop", ["stashes /ws: one"]],
  ])("%s", (text, expected) =>
    expect(read(text).map((each) => each.trimEnd())).toEqual(expected.map((e) => e.trimEnd())),
  );
});

describe("the folder of a command", () => {
  it.each([
    ["cd x && rm -rf y", ["delete all /ws/x: y"]],
    ["cd /a; cd b; rm -rf y", ["delete all /a/b: y"]],
    ["(cd x; rm -rf a); rm -rf b", ["delete all /ws/x: a", "delete all /ws: b"]],
    ["cd x & rm -rf y", ["delete all /ws: y"]],
    ["cd && rm -rf y", ["delete all ~: y"]],
    ["cd $X && rm -rf y /z", ["delete all : /z …"]],
    ["cd - && rm -rf y", []],
    ["if true; then cd x; fi; rm -rf y", []],
    ["cd x || exit 1; rm -rf y", ["delete all /ws/x: y"]],
    ["cd x || cd z; rm -rf y", []],
    ["popd; rm -rf y", []],
    ["eval 'cd x'; rm -rf y", ["delete all /ws/x: y"]],
  ])("%s", (text, expected) => expect(read(text)).toEqual(expected));

  it("is where the steps before it have taken the shell", () => {
    expect(read("rm -rf y", "bash", ["npm ci", "cd x"])).toEqual(["delete all /ws/x: y"]);
    expect(read("rm -rf y", "bash", ["cd $X"])).toEqual([]);
  });

  it("is not needed by a word that names a place", () => {
    expect(commandTargets("rm -rf y /z ~/w", { shell: "bash", cwd: undefined })).toEqual([
      expect.objectContaining({
        words: [
          { text: "/z", isPattern: false, fromHome: false },
          { text: "~/w", isPattern: false, fromHome: true },
        ],
        isPart: true,
      }),
    ]);
  });
});

it("knows ** where the shell does", () => {
  expect(read("rm -f **/*.o", "bash")).toEqual(["delete /ws: */*.o (pattern)"]);
  expect(read("rm -f **/*.o", "zsh")).toEqual(["delete /ws: **/*.o (pattern)"]);
});

it("stands in the decision of who is asked, and nowhere else", () => {
  const policy = createDefaultPolicy();
  const place = { shell: "bash", cwd: "/ws" };
  expect(policy.decide("rm -rf a; rm -rf b", place).targets).toHaveLength(2);
  expect(policy.decide("rm a", place)).not.toHaveProperty("targets");
  expect(policy.decide("rm -rf a", { ...place, shell: "program" }).targets).toEqual([]);
  expect(policy.decideRole({ name: "r", program: "sh -c 'rm -rf v1'", env: {} }, { workspace: "/ws" }).targets).toEqual(
    [expect.objectContaining({ kind: "files", folder: "/ws" })],
  );
});

it("is found in time in hostile text", () => {
  expect(read(`${"(".repeat(3000)}rm -rf x${")".repeat(3000)}`).length).toBeLessThan(2);
  expect(commandTargets("rm -rf x;".repeat(5000), { shell: "bash", cwd: "/" }).length).toBeLessThanOrEqual(100);
});
