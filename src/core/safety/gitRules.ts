import { anyOf, subcommand, noneOf, positional } from "./policyConditions";
import type { PolicyRule } from "./policyRule";

/**
 * What the reflog or a stash keeps is not asked about: `git commit --amend`, `git stash -u`, `git rebase`, `git reset`
 * without `--hard`; nor is what Git brings back itself, as after `git sparse-checkout set`.
 */
export const gitRules: readonly PolicyRule[] = [
  {
    id: "git-push-force",
    calls: {
      git: `
        push -f|-d|--force|--force-with-lease|--force-if-includes|--delete|--mirror|--prune, push ** +*|:?*,
        send-pack -f|--force|--mirror`,
    },
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
      "git push --force --dry-run",
    ],
  },
  {
    id: "git-discard",
    calls: {
      git: `
        reset --hard|--merge, checkout -f|--force, checkout --, checkout ** .|./|?.|?./|:/*, restore !-S|--staged,
        restore -W|--worktree, switch -f|--force|--discard-changes, checkout-index, read-tree --reset`,
    },
    reason: "discards changes that are not committed",
    match: [
      "git reset --hard",
      "git reset --hard HEAD~3",
      "git checkout -- .",
      "git checkout .",
      "git checkout -f main",
      "git restore .",
      "git switch --discard-changes main",
      "git read-tree -u --reset HEAD",
    ],
    not_match: [
      "git reset HEAD~1",
      "git reset --soft HEAD~1",
      "git checkout main",
      "git checkout -b x",
      "git restore --staged a.txt",
      "git switch main",
      "git read-tree -m -u HEAD main",
      "git sparse-checkout set nothing",
      "git stash -u",
    ],
  },
  {
    id: "git-clean-ignored",
    calls: { git: "clean -f|--force -x|-X" },
    reason: "deletes files that Git does not track, and those that it ignores",
    match: ["git clean -fdx", "git clean -ffdX", "git clean -x --force"],
    not_match: ["git clean -nfdx", "git clean -ndX"],
  },
  {
    id: "git-clean",
    calls: { git: "clean -f|--force" },
    reason: "deletes files that Git does not track",
    match: ["git clean -fd", "git clean --force", "git clean -f -e -n"],
    not_match: ["git clean -n", "git clean -fdn"],
  },
  {
    id: "git-delete",
    calls: {
      git: `
        branch -D, branch -d|--delete -f|--force, tag -d|--delete, replace -d|--delete, notes remove|prune, remote remove|rm,
        stash drop|clear, reflog expire|delete|drop, gc --prune=now|--prune=all, prune, update-ref -d,
        symbolic-ref -d|--delete, worktree remove -f|--force, submodule deinit -f|--force|--all, lfs prune,
        rm -f|--force !--cached`,
    },
    reason: "deletes commits, names of commits or changes that may exist nowhere else",
    match: [
      "git branch -D x",
      "git branch -d --force x",
      "git tag -d v1",
      "git tag --delete v1 v2",
      "git replace -d x",
      "git remote rm origin",
      "git stash drop",
      "git stash clear",
      "git reflog expire --expire=now --all",
      "git gc --prune=now",
    ],
    not_match: [
      "git branch -d merged",
      "git tag -l 'v*'",
      "git tag v1",
      "git stash",
      "git stash pop",
      "git reflog",
      "git rm --cached x",
      "git rm -n -f x",
      "git remote -v",
      "git replace -l",
    ],
  },
  {
    id: "git-move-branch",
    calls: {
      git: `
        update-ref ?* ?*, branch -f|--force ?* ?*, fetch -f|--force ** *:*, fetch ** +*:*`,
    },
    // What is fetched to names of the server's branches and tags is no branch of the person.
    when: anyOf(noneOf(subcommand("fetch")), positional(/^(?!.*:\/\/).+:(?!refs\/(?:remotes|tags|pull)\/)./)),
    reason: "moves branches of this repository to other commits",
    match: [
      "git update-ref refs/heads/main HEAD~10",
      "git branch -f main HEAD~10",
      "git fetch -p --force origin '+refs/heads/*:refs/heads/*'",
      "git fetch origin +main:main",
    ],
    not_match: [
      "git fetch --force --tags",
      "git fetch -f https://example.com/x.git main",
      "git fetch origin '+refs/heads/*:refs/remotes/origin/*'",
      "git fetch origin main:main",
      "git branch -M main",
      "git branch new",
    ],
  },
  {
    id: "git-rewrite",
    calls: { git: "filter-branch|filter-repo", "git-filter-repo bfg": "**" },
    reason: "rewrites the history of the repository",
    match: [
      "git filter-branch --tree-filter 'x' HEAD",
      "git filter-repo --path src",
      "bfg --strip-blobs-bigger-than 1M",
    ],
    not_match: ["git rebase main", "git commit --amend --no-edit", "git commit --amend -C HEAD"],
  },
  {
    id: "git-settings",
    calls: {
      git: `
        config !--get|--get-all|--get-regexp|--unset|--unset-all|--list|-l **
        core.sshCommand|core.fsmonitor|core.gitProxy|diff.external|gpg.program|gpg.*.program|filter.*|merge.*.driver|
        protocol.*.allow|include.path|includeIf.*|init.templateDir|sequence.editor|uploadpack.*|remote.*.uploadpack ?*,
        config !--get|--get-all|--unset ** http.sslVerify|http.*.sslVerify false|0|no,
        config --global|--system|--file ** core.hooksPath|url.*.insteadOf ?*, config ** core.hooksPath /*|~*|*$*|../*,
        config ** credential.helper|credential.*.helper *!*|*/*`,
    },
    reason: "makes Git run another program, or trust a server without a check",
    match: [
      "git config --global core.hooksPath /tmp/evil",
      "git config core.hooksPath /tmp/evil",
      "git config core.sshCommand 'ssh -i x'",
      "git config --global http.sslVerify false",
      "git config credential.helper ./x",
    ],
    not_match: [
      "git config core.hooksPath .githooks",
      "git config --get core.hooksPath",
      "git config --unset core.hooksPath",
      "git config --global user.email a@b.c",
      "git config --global credential.helper store",
      "git config --global core.editor vim",
      "git config --list",
    ],
  },
  {
    id: "hg-strip",
    calls: {
      hg: `
        strip|purge|rollback|prune|clean, update|up|checkout|co|revert -C|--clean|--all, bookmarks|bookmark -d|--delete,
        push -f|--force, shelve -d|--delete|--cleanup`,
      jj: "abandon, op|operation abandon|restore, restore, bookmark delete|forget, workspace forget, util gc",
      svn: "revert -R|--recursive, cleanup --remove-unversioned|--remove-ignored, delete|rm|del|remove *://*",
      "p4 bzr fossil darcs": "obliterate|revert|uncommit|purge|scrub|unrecord, stash drop",
    },
    reason: "discards changes, commits or untracked files",
    match: ["hg strip tip", "hg update -C", "hg rollback", "jj abandon", "svn revert -R ."],
    not_match: ["hg status", "svn update", "svn rm a.txt", "jj log", "jj op log", "hg update tip", "p4 edit x"],
  },
];
