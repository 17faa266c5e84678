import {
  anyArgument,
  anyOf,
  argument,
  code,
  flag,
  noneOf,
  positional,
  runsForEach,
  sql,
  subcommand,
  target,
  type Condition,
} from "./policyConditions";

/**
 * One thing that a person should look at before it is typed. The examples are part of the rule: a test runs them all,
 * `match` must ask, `not_match` must not.
 */
export interface PolicyRule {
  readonly id: string;
  /** Names of programs, or a pattern of them. */
  readonly programs: readonly string[] | RegExp;
  /** Absent: every call. */
  readonly when?: Condition;
  /** What it would do: follows the command in a sentence. */
  readonly reason: string;
  readonly match: readonly string[];
  readonly not_match: readonly string[];
}

/** Whole disks and partitions; /dev/null, /dev/stdout and terminals are none. */
export const blockDevice = /^\/dev\/(?:sd|hd|vd|xvd|nvme|mmcblk|disk|rdisk|md|dm-|mapper\/|loop|ram|zd|nbd|sr)/;

const help = flag("help", "version");
const dryRun = flag("dry-run");
const sqlClients = [
  "psql",
  "mysql",
  "mariadb",
  "sqlite3",
  "sqlite",
  "pgcli",
  "mycli",
  "litecli",
  "duckdb",
  "sqlcmd",
  "cockroach",
  "clickhouse-client",
  "clickhouse",
  "usql",
  "snowsql",
  "bq",
];
const containers = ["docker", "podman", "nerdctl"];

export const fileRules: readonly PolicyRule[] = [
  {
    id: "rm-recursive-or-forced",
    programs: ["rm", "grm"],
    when: anyOf(flag("r", "R", "f", "recursive", "force"), argument(/^\$\{?\w+\}?$/, 0, 2)),
    reason: "deletes files, or folders with everything in them, and asks nothing",
    match: [
      "rm -rf build",
      "rm -r -f build",
      "rm --recursive --force x",
      "rm -fr /",
      "rm x -R",
      "rm --rec x",
      "rm $FLAGS x",
    ],
    not_match: ["rm notes.txt", "rm -i a b", "rm -v -- -rf", "rm -d empty"],
  },
  {
    id: "rimraf",
    programs: ["rimraf", "del-cli", "trash-empty", "srm", "wipe"],
    reason: "deletes files and folders with everything in them",
    match: ["npx rimraf dist", "rimraf a b"],
    not_match: ["npm install rimraf", "npm ls rimraf"],
  },
  {
    id: "windows-delete",
    programs: ["remove-item", "rd", "erase", "format.com"],
    reason: "deletes files or folders",
    match: ["Remove-Item -Recurse -Force x", "rd /s /q x"],
    not_match: ["rmdir empty", "cd rd"],
  },
  {
    id: "find-delete",
    programs: ["find", "gfind", "bfs"],
    when: anyArgument(/^-delete$/),
    reason: "deletes every file that it finds",
    match: ["find . -name '*.o' -delete", "find /tmp -delete -print"],
    not_match: ["find . -name '*.o'", "find . -name -print"],
  },
  {
    id: "find-exec-rm",
    programs: ["find", "gfind", "bfs", "fd", "fdfind", "xargs", "gxargs", "parallel"],
    when: runsForEach(
      /^(?:.*\/)?(?:g?rm|unlink|shred|truncate|rmdir)$/,
      /(?:^|[;&|]\s*|\b(?:do|then|xargs)\s+)(?:\S*\/)?(?:rm|unlink|shred)\s/,
    ),
    reason: "deletes every file that it is given",
    match: [
      "find . -exec rm {} +",
      "find . -type f -execdir /bin/rm {} \\;",
      "ls | xargs rm",
      "fd -e o -x rm",
      "git ls-files -o | xargs -0 rm",
    ],
    not_match: ["find . -exec grep rm {} +", "xargs ls", "find . -name 'rm*'"],
  },
  {
    id: "shred",
    programs: ["shred"],
    when: noneOf(help),
    reason: "overwrites files so that nothing can be restored",
    match: ["shred -u key.pem", "shred file"],
    not_match: ["shred --help", "shred --version"],
  },
  {
    id: "truncate-device",
    programs: ["truncate", "cp", "mv", "tee", "cat", "pv", "install"],
    when: target(blockDevice),
    reason: "writes to a whole disk",
    match: ["truncate -s 0 /dev/sda", "cp image.iso /dev/sdb", "tee /dev/nvme0n1"],
    not_match: ["truncate -s 0 app.log", "cp a.iso b.iso", "tee /dev/null"],
  },
  {
    id: "move-to-nothing",
    programs: ["mv"],
    when: target(/^\/dev\/null$/),
    reason: "throws files away",
    match: ["mv x /dev/null", "mv a b /dev/null"],
    not_match: ["mv a b", "cp a /dev/null"],
  },
  {
    id: "dd",
    programs: ["dd", "dcfldd", "gdd"],
    when: anyArgument(/^of=/),
    reason: "overwrites its target byte by byte",
    match: ["dd if=/dev/zero of=/dev/sda", "dd of=x if=y"],
    not_match: ["dd if=x bs=1 count=1", "dd --help"],
  },
  {
    id: "make-file-system",
    programs: /^(?:mkfs(?:\..+)?|mke2fs|mkswap|newfs.*|mkntfs|mkdosfs)$/,
    when: noneOf(help),
    reason: "makes a new file system; what is on the disk is lost",
    match: ["mkfs.ext4 /dev/sda1", "mkfs -t ext4 /dev/sdb"],
    not_match: ["mkfs.ext4 --help", "mkdir fs"],
  },
  {
    id: "partition",
    programs: ["fdisk", "sfdisk", "cfdisk", "gdisk", "sgdisk", "parted", "wipefs", "blkdiscard", "hdparm", "sgdisk"],
    when: noneOf(anyOf(help, flag("l", "list", "no-act", "n", "p"), positional(/^(?:print|-I)$/))),
    reason: "changes the partitions of a disk or erases it",
    match: ["fdisk /dev/sda", "parted /dev/sda mklabel gpt", "wipefs -a /dev/sda"],
    not_match: ["fdisk -l", "parted -l", "parted /dev/sda print"],
  },
  {
    id: "volumes",
    programs: ["lvremove", "vgremove", "pvremove", "zfs", "zpool", "btrfs", "cryptsetup", "mdadm", "diskutil", "nvme"],
    when: anyOf(
      positional(/^(?:destroy|rollback|luksFormat|luksErase|erase.*|partitionDisk|format|sanitize|subvolume-delete)$/i),
      flag("zero-superblock"),
      (call) => /^(?:lv|vg|pv)remove$/.test(call.program) || (call.program === "btrfs" && call.args.includes("delete")),
    ),
    reason: "destroys a volume or a file system",
    match: ["zfs destroy tank/x", "lvremove vg/x", "diskutil eraseDisk APFS x disk2", "btrfs subvolume delete x"],
    not_match: ["zfs list", "btrfs subvolume list /", "diskutil list"],
  },
  {
    id: "permissions-of-the-system",
    programs: ["chmod", "chown", "chgrp", "setfacl", "chattr"],
    when: (call) => flag("R", "recursive")(call) && anyArgument(/^(?:\/[^/]*\/?\*?|~\/?|~\/\*|\$\{?HOME\}?\/?)$/)(call),
    reason: "changes the permissions of a whole system or home folder",
    match: ["chmod -R 777 /", "chown -R bob /usr", "chmod --recursive 000 ~"],
    not_match: ["chmod -R u+w build", "chown bob /", "chmod +x run.sh"],
  },
  {
    id: "sync-delete",
    programs: ["rsync", "rclone"],
    when: anyOf(
      flag("delete", "delete-before", "delete-after", "delete-during", "delete-excluded", "del", "remove-source-files"),
      (call) => call.program === "rclone" && subcommand("purge", "delete", "deletefile", "cleanup")(call),
    ),
    reason: "deletes what is only at the target",
    match: ["rsync -a --delete a/ b/", "rclone purge remote:x"],
    not_match: ["rsync -a a/ b/", "rclone copy a remote:b"],
  },
];

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
    reason: "overwrites or deletes what others have on the server",
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
    reason: "throws away changes that are not committed",
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
    id: "git-clean",
    programs: ["git"],
    when: (call) => subcommand("clean")(call) && flag("f", "force")(call) && !flag("n", "dry-run")(call),
    reason: "deletes files that git does not know",
    match: ["git clean -fdx", "git clean --force"],
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
    reason: "deletes work that may exist nowhere else",
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
    reason: "rewrites the history",
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
    reason: "throws away changes or commits",
    match: ["hg strip tip", "hg update -C"],
    not_match: ["hg status", "svn update"],
  },
];

export const databaseRules: readonly PolicyRule[] = [
  {
    id: "sql",
    programs: sqlClients,
    when: sql,
    reason: "drops, empties or rewrites tables of a database",
    match: [
      "psql -c 'DROP TABLE users'",
      "mysql -e 'truncate table x'",
      "sqlite3 db 'delete from x'",
      "psql -c 'DELETE FROM x WHERE true; DELETE FROM y'",
      "psql <<EOF\nDROP SCHEMA s CASCADE;\nEOF",
      "echo 'drop database x' | mysql",
    ],
    not_match: [
      "psql -c 'select 1'",
      "psql -c \"select 'drop table'\"",
      "sqlite3 db 'delete from x where id = 1'",
      "psql -f schema.sql",
      "psql < dump.sql",
    ],
  },
  {
    id: "drop-database",
    programs: ["dropdb", "dropuser", "mysqladmin"],
    when: anyOf(
      noneOf(help, (call) => call.program === "mysqladmin"),
      (call) => call.program === "mysqladmin" && positional(/^drop$/)(call),
    ),
    reason: "deletes a database",
    match: ["dropdb app", "mysqladmin -u root drop app"],
    not_match: ["createdb app", "dropdb --help"],
  },
  {
    id: "redis-flush",
    programs: ["redis-cli", "valkey-cli", "keydb-cli"],
    when: anyOf(anyArgument(/^(?:flushall|flushdb|shutdown)$/i), (call) =>
      /\b(?:flushall|flushdb)\b/i.test(call.input ?? ""),
    ),
    reason: "empties a Redis database",
    match: ["redis-cli FLUSHALL", "redis-cli -n 2 flushdb async", "echo flushall | redis-cli"],
    not_match: ["redis-cli ping", "redis-cli get flush"],
  },
  {
    id: "mongo-drop",
    programs: ["mongo", "mongosh"],
    when: code(/dropDatabase\s*\(|\.drop(?:Indexes)?\s*\(|\.(?:deleteMany|remove)\s*\(\s*(?:\{\s*\})?\s*\)/),
    reason: "drops or empties collections",
    match: ["mongosh --eval 'db.dropDatabase()'", "mongo app --eval 'db.users.deleteMany({})'"],
    not_match: ["mongosh --eval 'db.users.find()'", "mongosh --eval 'db.users.deleteMany({a:1})'"],
  },
  {
    id: "framework-reset",
    programs: [
      "rails",
      "rake",
      "bin/rails",
      "artisan",
      "php",
      "prisma",
      "sequelize",
      "sequelize-cli",
      "mix",
      "manage.py",
      "django-admin",
      "supabase",
      "drizzle-kit",
      "typeorm",
      "npx",
    ],
    when: anyOf(
      anyArgument(
        /^(?:db:(?:drop|reset|wipe|drop:all|purge)(?::\w+)?|migrate:(?:fresh|reset|refresh)|ecto\.(?:drop|reset)|schema:drop|flush|reset_db)$/,
      ),
      (call) =>
        /\b(?:migrate reset|db reset|db push .*--force-reset)\b/.test(call.args.join(" ")) &&
        /prisma|supabase/.test(`${call.program} ${call.args.join(" ")}`),
    ),
    reason: "deletes the data of a database",
    match: ["rails db:drop", "npx prisma migrate reset", "php artisan migrate:fresh"],
    not_match: ["rails db:migrate", "npx prisma migrate dev", "php artisan migrate"],
  },
];

export const serviceRules: readonly PolicyRule[] = [
  {
    id: "container-prune",
    programs: containers,
    when: anyOf(
      positional(/^prune$/),
      (call) => subcommand("rm", "rmi")(call) && flag("f", "force", "v", "volumes")(call),
      (call) => subcommand("volume")(call) && positional(/^(?:rm|remove)$/)(call),
      (call) =>
        subcommand("container", "image")(call) && positional(/^(?:rm|remove)$/)(call) && flag("f", "force")(call),
      (call) => subcommand("stack", "swarm", "machine")(call) && positional(/^(?:rm|leave|reset|down)$/)(call),
    ),
    reason: "deletes containers, images or volumes",
    match: [
      "docker system prune -af",
      "docker rm -f web",
      "docker volume rm data",
      "docker volume prune",
      "docker container rm --force x",
      "docker rmi -f x",
    ],
    not_match: [
      "docker rm web",
      "docker ps -a",
      "docker run --rm alpine ls",
      "docker volume ls",
      "docker run -v /a:/b alpine",
    ],
  },
  {
    id: "compose-down-volumes",
    programs: [...containers, "docker-compose", "podman-compose"],
    when: (call) =>
      positional(/^(?:down|rm)$/)(call) &&
      flag("v", "volumes", "rmi")(call) &&
      (call.program.endsWith("-compose") || subcommand("compose")(call)),
    reason: "deletes the volumes of the services, with their data",
    match: [
      "docker compose down -v",
      "docker-compose down --volumes",
      "docker compose -f x.yml down -v --remove-orphans",
    ],
    not_match: ["docker compose down", "docker compose up -d", "docker-compose logs -f"],
  },
  {
    id: "kubernetes-delete",
    programs: ["kubectl", "oc", "k3s", "microk8s", "kubectl.exe"],
    when: (call) =>
      anyOf(
        subcommand("delete", "drain"),
        (inner) => subcommand("replace")(inner) && flag("force")(inner),
        (inner) => subcommand("kubectl")(inner) && positional(/^delete$/)(inner),
      )(call) && !dryRun(call),
    reason: "deletes things from a cluster",
    match: ["kubectl delete pod x", "kubectl -n prod delete -f x.yaml", "oc delete project x"],
    not_match: [
      "kubectl get pods",
      "kubectl apply -f x.yaml",
      "kubectl delete pod x --dry-run=client",
      "kubectl describe pod delete",
    ],
  },
  {
    id: "helm-uninstall",
    programs: ["helm", "helmfile", "flux", "argocd"],
    when: anyOf(
      subcommand("uninstall", "delete", "del", "un", "destroy"),
      (call) => subcommand("app")(call) && positional(/^delete$/)(call),
    ),
    reason: "removes a release from a cluster",
    match: ["helm uninstall web", "helm -n prod delete web"],
    not_match: ["helm list", "helm upgrade --install web ."],
  },
  {
    id: "infrastructure-destroy",
    programs: [
      "terraform",
      "tofu",
      "terragrunt",
      "pulumi",
      "cdk",
      "cdktf",
      "serverless",
      "sls",
      "sst",
      "vagrant",
      "packer",
      "copilot",
    ],
    when: anyOf(
      positional(/^(?:destroy|remove)$/),
      (call) => positional(/^apply$/)(call) && anyArgument(/^--?(?:auto-approve|destroy)(?:=true)?$/)(call),
      (call) => subcommand("state", "workspace", "stack")(call) && positional(/^(?:rm|delete)$/)(call),
      (call) => call.program === "vagrant" && subcommand("box")(call) && positional(/^prune$/)(call),
    ),
    reason: "destroys or changes real infrastructure without a further question",
    match: [
      "terraform destroy",
      "terraform apply -auto-approve",
      "tofu -chdir=x destroy",
      "pulumi destroy --yes",
      "terraform state rm x",
    ],
    not_match: ["terraform plan", "terraform apply", "terraform init", "pulumi preview"],
  },
  {
    id: "cloud-delete",
    programs: [
      "aws",
      "gcloud",
      "az",
      "gsutil",
      "bq",
      "doctl",
      "eksctl",
      "kind",
      "k3d",
      "minikube",
      "heroku",
      "fly",
      "flyctl",
      "vercel",
      "netlify",
      "firebase",
      "ibmcloud",
      "oci",
      "linode-cli",
      "hcloud",
      "s3cmd",
      "mc",
      "s5cmd",
      "wrangler",
      "railway",
      "scw",
    ],
    when: anyOf(
      positional(
        /^(?:delete|destroy|purge|rb|terminate|(?:delete|terminate|purge|deregister|destroy|remove|empty|schedule-key-deletion)-.+|.+:(?:destroy|delete|reset|disable)|mb-rm|apps:destroy)$/,
      ),
      (call) =>
        positional(/^(?:rm|del|rmdir)$/)(call) &&
        (flag("r", "R", "recursive", "force", "f")(call) || call.program === "vercel" || call.program === "bq"),
      (call) => positional(/^sync$/)(call) && flag("delete")(call),
    ),
    reason: "deletes things in the cloud",
    match: [
      "aws s3 rm s3://b --recursive",
      "aws s3 rb s3://b",
      "aws ec2 terminate-instances --instance-ids i",
      "gcloud compute instances delete x",
      "az group delete -n x",
      "heroku apps:destroy x",
    ],
    not_match: [
      "aws s3 ls",
      "aws s3 cp a s3://b/a",
      "gcloud compute instances list",
      "az group list",
      "kind get clusters",
    ],
  },
  {
    id: "publish",
    programs: [
      "npm",
      "pnpm",
      "yarn",
      "bun",
      "cargo",
      "poetry",
      "uv",
      "flit",
      "hatch",
      "twine",
      "gem",
      "vsce",
      "ovsx",
      "lerna",
      "jsr",
      "deno",
      "dotnet",
      "mvn",
      "np",
      "changeset",
    ],
    when: (call) =>
      (positional(/^(?:publish|unpublish|yank)$/)(call) ||
        (call.program === "twine" && subcommand("upload")(call)) ||
        (call.program === "gem" && subcommand("push", "yank")(call)) ||
        (call.program === "npm" && subcommand("unpublish", "deprecate")(call))) &&
      !dryRun(call) &&
      !subcommand("run", "run-script", "test", "install", "add", "i", "view", "help", "exec")(call),
    reason: "publishes a version, or takes one back, for everybody",
    match: [
      "npm publish",
      "npm publish --access public",
      "cargo publish",
      "twine upload dist/*",
      "npm unpublish x --force",
      "yarn npm publish",
    ],
    not_match: ["npm publish --dry-run", "cargo publish --dry-run", "npm pack", "npm run publish", "npm ci"],
  },
  {
    id: "github-delete",
    programs: ["gh", "glab", "hub", "tea"],
    when: anyOf(
      (call) =>
        subcommand(
          "repo",
          "release",
          "secret",
          "variable",
          "ssh-key",
          "gpg-key",
          "run",
          "cache",
          "codespace",
          "cs",
          "label",
          "issue",
          "gist",
          "environment",
          "project",
        )(call) && positional(/^(?:delete|delete-asset|archive)$/)(call),
      (call) => subcommand("api")(call) && /(?:^| )(?:-X|--method)[ =]?DELETE\b/i.test(call.args.join(" ")),
    ),
    reason: "deletes something on the server for everybody",
    match: ["gh repo delete o/r --yes", "gh release delete v1", "gh api -X DELETE repos/o/r"],
    not_match: ["gh repo view", "gh release create v1", "gh pr create --fill"],
  },
];

export const systemRules: readonly PolicyRule[] = [
  {
    id: "power",
    programs: ["shutdown", "reboot", "halt", "poweroff"],
    when: noneOf(help, flag("c", "k")),
    reason: "stops the machine",
    match: ["shutdown -h now", "sudo reboot", "poweroff"],
    not_match: ["shutdown -c", "man shutdown", "which reboot"],
  },
  {
    id: "system-stop",
    programs: ["systemctl", "init", "telinit", "loginctl"],
    when: anyOf(
      (call) =>
        call.program === "systemctl" &&
        subcommand("reboot", "poweroff", "halt", "kexec", "rescue", "emergency", "hibernate", "suspend")(call),
      (call) => /init$/.test(call.program) && positional(/^[0156]$/)(call),
      (call) => call.program === "loginctl" && subcommand("terminate-user", "kill-user", "poweroff", "reboot")(call),
    ),
    reason: "stops the machine or its services",
    match: ["systemctl reboot", "init 0"],
    not_match: ["systemctl status nginx", "systemctl restart nginx", "npm init"],
  },
  {
    id: "kill-everything",
    programs: ["kill"],
    when: (call) => call.args.slice(1).includes("-1"),
    reason: "ends every process that it may end",
    match: ["kill -9 -1", "kill -s KILL -1", "kill -- -1"],
    not_match: ["kill 1234", "kill -1 1234", "kill -9 %1"],
  },
  {
    id: "kill-by-name",
    programs: ["killall", "killall5", "pkill", "taskkill", "skill"],
    when: noneOf(help, flag("l", "list")),
    reason: "ends processes by name, others' work too",
    match: ["killall node", "pkill -9 -f vite"],
    not_match: ["pgrep node", "killall -l"],
  },
  {
    id: "crontab-remove",
    programs: ["crontab"],
    when: flag("r"),
    reason: "deletes all scheduled jobs",
    match: ["crontab -r", "crontab -u bob -r"],
    not_match: ["crontab -l", "crontab -e"],
  },
  {
    id: "accounts",
    programs: ["userdel", "deluser", "groupdel", "delgroup"],
    when: noneOf(help),
    reason: "deletes an account",
    match: ["userdel -r bob", "deluser bob"],
    not_match: ["useradd bob", "userdel --help"],
  },
  {
    id: "firewall",
    programs: ["iptables", "ip6tables", "nft", "ufw"],
    when: anyOf(
      (call) => /^ip6?tables$/.test(call.program) && flag("F", "X", "flush")(call),
      (call) => call.program === "nft" && positional(/^flush$/)(call),
      (call) => call.program === "ufw" && subcommand("reset", "disable")(call),
    ),
    reason: "removes the rules of the firewall",
    match: ["iptables -F", "ufw --force reset"],
    not_match: ["iptables -L", "ufw status"],
  },
  {
    id: "script-deletes",
    programs:
      /^(?:python[\d.]*|pypy3?|node|nodejs|deno|bun|ruby|perl|php|lua|awk|gawk|mawk|nawk|tclsh|osascript|rscript|julia)$/,
    when: code(
      /\bshutil\.(?:rmtree|move)\b|\brmtree\s*\(|\bos\.(?:remove|unlink|rmdir|removedirs|truncate)\b|\.unlink\s*\(|\.rmdir\s*\(|\b(?:rm|rmdir|unlink|truncate)Sync\b|\bfs(?:\.promises)?\.(?:rm|rmdir|unlink|truncate)\b|\brimraf\b|\bremove(?:Sync)?\s*\(['"]|FileUtils\.(?:rm|remove)|\bFile\.(?:delete|unlink)\b|\bDir\.(?:rmdir|delete|unlink)\b|\bunlink\b|\bremove_tree\b|\bDeno\.remove|\bPath\([^)]*\)\.(?:unlink|rmdir)/,
    ),
    reason: "runs a script that deletes files",
    match: [
      "python3 -c 'import shutil; shutil.rmtree(\"x\")'",
      "python -c 'import os; os.remove(\"x\")'",
      "node -e 'fs.rmSync(\"x\")'",
      "perl -e 'unlink glob \"*\"'",
      "python3 - <<E\nimport shutil\nshutil.rmtree('x')\nE",
    ],
    not_match: ["python3 -c 'print(1)'", "node -e 'console.log(1)'", "python3 manage.py runserver", "node rmSync.js"],
  },
];

export const policyRules: readonly PolicyRule[] = [
  ...fileRules,
  ...gitRules,
  ...databaseRules,
  ...serviceRules,
  ...systemRules,
];
