import { anyArgument, anyOf, flag, positional, subcommand } from "./policyConditions";
import { dryRun, type PolicyRule } from "./policyRule";

export const gitRules: readonly PolicyRule[] = [
  {
    id: "git-push-force",
    programs: ["git"],
    when: (call) =>
      subcommand("push")(call) &&
      anyOf(
        flag("f", "d", "force", "force-with-lease", "force-if-includes", "delete", "mirror", "prune"),
        positional(/^(?:\+|:[^:])/),
      )(call) &&
      !dryRun(call),
    reason: "overwrites or deletes branches or tags on the server",
    match: [
      "git push --force",
      "git push -f origin main",
      "git push --force-with-lease",
      "git push origin +main",
      "git push origin --delete x",
      "git push origin :x",
      "git push --mirror",
      "git -C sub push -uf origin x",
    ],
    not_match: [
      "git push",
      "git push -u origin main",
      "git push origin HEAD:main",
      "git push --follow-tags",
      "git push --tags",
    ],
  },
  {
    id: "git-discard",
    programs: ["git"],
    when: anyOf(
      (call) => subcommand("reset")(call) && flag("hard", "merge")(call),
      (call) =>
        subcommand("checkout")(call) &&
        (flag("f", "force")(call) || call.args.includes("--") || positional(/^\.{1,2}\/?$|^:\//)(call)),
      (call) => subcommand("restore")(call) && (!flag("S", "staged")(call) || flag("W", "worktree")(call)),
      (call) => subcommand("switch")(call) && flag("f", "force", "discard-changes")(call),
      subcommand("checkout-index"),
    ),
    reason: "discards changes that are not committed",
    match: [
      "git reset --hard",
      "git reset --hard HEAD~3",
      "git checkout -- .",
      "git checkout .",
      "git checkout -f main",
      "git restore .",
      "git switch --discard-changes main",
    ],
    not_match: [
      "git reset HEAD~1",
      "git reset --soft HEAD~1",
      "git checkout main",
      "git checkout -b x",
      "git restore --staged a.txt",
      "git switch main",
    ],
  },
  {
    id: "git-clean-ignored",
    programs: ["git"],
    when: (call) =>
      subcommand("clean")(call) && flag("f", "force")(call) && flag("x", "X")(call) && !flag("n", "dry-run")(call),
    reason: "deletes files that Git does not track, and those that it ignores",
    match: ["git clean -fdx", "git clean -ffdX", "git clean -x --force"],
    not_match: ["git clean -nfdx", "git clean -ndX"],
  },
  {
    id: "git-clean",
    programs: ["git"],
    when: (call) => subcommand("clean")(call) && flag("f", "force")(call) && !flag("n", "dry-run")(call),
    reason: "deletes files that Git does not track",
    match: ["git clean -fd", "git clean --force"],
    not_match: ["git clean -n", "git clean -fdn"],
  },
  {
    id: "git-delete",
    programs: ["git"],
    when: anyOf(
      (call) =>
        subcommand("branch")(call) && (flag("D")(call) || (flag("d", "delete")(call) && flag("f", "force")(call))),
      (call) => subcommand("stash")(call) && positional(/^(?:drop|clear)$/)(call),
      (call) => subcommand("reflog")(call) && positional(/^(?:expire|delete)$/)(call),
      (call) => subcommand("gc")(call) && anyArgument(/^--prune=(?:now|all)/)(call),
      subcommand("prune"),
      (call) => subcommand("update-ref")(call) && flag("d")(call),
      (call) => subcommand("worktree")(call) && positional(/^remove$/)(call) && flag("f", "force")(call),
      (call) => subcommand("submodule")(call) && positional(/^deinit$/)(call) && flag("f", "force", "all")(call),
      (call) => subcommand("rm")(call) && flag("f", "force")(call) && !flag("cached")(call),
    ),
    reason: "deletes commits or changes that may exist nowhere else",
    match: [
      "git branch -D x",
      "git branch -d --force x",
      "git stash drop",
      "git stash clear",
      "git reflog expire --expire=now --all",
    ],
    not_match: ["git branch -d merged", "git stash", "git stash pop", "git reflog", "git rm --cached x"],
  },
  {
    id: "git-rewrite",
    programs: ["git", "git-filter-repo", "bfg"],
    when: anyOf(subcommand("filter-branch", "filter-repo"), (call) => call.program !== "git"),
    reason: "rewrites the history of the repository",
    match: [
      "git filter-branch --tree-filter 'x' HEAD",
      "git filter-repo --path src",
      "bfg --strip-blobs-bigger-than 1M",
    ],
    not_match: ["git rebase main", "git commit --amend --no-edit"],
  },
  {
    id: "hg-strip",
    programs: ["hg", "jj", "svn"],
    when: anyOf(
      subcommand("strip", "purge"),
      (call) =>
        subcommand("update", "revert")(call) &&
        flag("C", "clean", "all", "R", "recursive")(call) &&
        call.program !== "jj",
    ),
    reason: "discards changes, commits or untracked files",
    match: ["hg strip tip", "hg update -C"],
    not_match: ["hg status", "svn update"],
  },
];
