import {
  allOf,
  anyArgument,
  anyOf,
  argument,
  type Call,
  type Condition,
  dynamicArgument,
  flag,
  noneOf,
  runsForEach,
  target,
} from "./policyConditions";
import { help, type PolicyRule } from "./policyRule";
import { isCriticalFile, isSystemFile } from "./systemFiles";

/** Whole disks and partitions; /dev/null, /dev/stdout and terminals are none. */
export const blockDevice = /^\/dev\/(?:sd|hd|vd|xvd|nvme|mmcblk|disk|rdisk|md|dm-|mapper\/|loop|ram|zd|nbd|sr)/;

/** A size that makes a file shorter; one in thousands makes a new file. */
function cuts({ args, positionals }: Call): boolean {
  if (
    positionals.length > 0 &&
    positionals.every((word) => /^(?:\/tmp\/|\d)/.test(word)) &&
    positionals.some((word) => word.startsWith("/tmp/"))
  )
    return false;
  return args.some((arg, index) => {
    const size = /^(?:-s|--size=)(.+)$/.exec(arg)?.[1] ?? (/^(?:-s|--size)$/.test(arg) ? args[index + 1] : undefined);
    return size !== undefined && /^(?:0\w*|\d+|[-</].*)$/.test(size);
  });
}

/** One of the files that tee writes. */
function written(isMeant: (file: string, appends: boolean) => boolean): Condition {
  return (call) => call.positionals.some((file) => isMeant(file, flag("a", "append")(call)));
}

export const fileRules: readonly PolicyRule[] = [
  {
    id: "our-record",
    programs: ["rm", "grm", "mv", "unlink", "rmdir", "truncate", "shred", "rimraf", "trash", "gio", "rsync"],
    when: anyArgument(/(?:^|\/)\.orchestrator(?:\/|$)/),
    reason: "removes or changes the logs of the projects in this workspace",
    match: ["rm -rf .orchestrator", "mv .orchestrator old", "rm ./.orchestrator/projects/a/events-000001.jsonl"],
    not_match: ["ls .orchestrator", "cat .orchestrator/projects/a/plan.yaml", "mv a b"],
  },
  {
    id: "rm-recursive-or-forced",
    programs: ["rm", "grm"],
    when: anyOf(flag("r", "R", "f", "recursive", "force"), argument(/^\$\{?\w+\}?$/, 0, 2)),
    reason: "deletes files or whole folders without asking",
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
    reason: "deletes files and whole folders",
    match: ["npx rimraf dist", "rimraf a b"],
    not_match: ["npm install rimraf", "npm ls rimraf"],
  },
  {
    id: "windows-delete",
    programs: ["remove-item", "rd", "erase", "format.com"],
    reason: "deletes files or folders, or formats a disk",
    match: ["Remove-Item -Recurse -Force x", "rd /s /q x"],
    not_match: ["rmdir empty", "cd rd"],
  },
  {
    id: "find-delete",
    programs: ["find", "gfind", "bfs"],
    when: anyArgument(/^-delete$/),
    reason: "deletes every file it finds",
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
    reason: "deletes every file it finds or is given",
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
    reason: "overwrites files so that they cannot be restored",
    match: ["shred -u key.pem", "shred file"],
    not_match: ["shred --help", "shred --version"],
  },
  {
    id: "truncate-device",
    programs: ["truncate", "cp", "mv", "tee", "cat", "pv", "install"],
    when: target((file) => blockDevice.test(file)),
    reason: "overwrites a disk or a partition",
    match: ["truncate -s 0 /dev/sda", "cp image.iso /dev/sdb", "tee /dev/nvme0n1"],
    not_match: ["truncate -s 10G disk.img", "cp a.iso b.iso", "tee /dev/null"],
  },
  {
    id: "system-file",
    programs: ["tee", "cp", "mv", "install", "ln", "sed", "gsed", "truncate"],
    when: anyOf(
      allOf(({ program }) => program === "tee", written(isSystemFile)),
      allOf(({ program }) => /^(?:cp|mv|install|ln)$/.test(program), target(isCriticalFile)),
      allOf(
        ({ program }) => /^(?:g?sed|truncate)$/.test(program),
        flag("i", "in-place", "s", "size"),
        target(isCriticalFile),
      ),
    ),
    reason: "changes a file of the system, or one that decides who may log in",
    match: [
      "tee /etc/passwd < x",
      "echo x | sudo tee -a /etc/hosts",
      "cp x /etc/fstab",
      "sed -i 's/a/b/' /etc/ssh/sshd_config",
      "mv x ~/.bashrc",
    ],
    not_match: [
      "tee /etc/apt/sources.list.d/x.list",
      "cat /etc/passwd",
      "cp /etc/hosts hosts",
      "sed -n p /etc/passwd",
      "tee log",
    ],
  },
  {
    id: "empties-file",
    programs: ["truncate", "gtruncate", "cp", "install"],
    when: anyOf(
      allOf(({ program }) => program.endsWith("truncate"), cuts),
      allOf(
        ({ program }) => !program.endsWith("truncate"),
        ({ positionals }) =>
          positionals.length > 1 && positionals[0] === "/dev/null" && !/^\/tmp\//.test(positionals.at(-1) ?? ""),
      ),
    ),
    reason: "empties or cuts files, whose contents cannot be restored",
    match: [
      "truncate -s 0 db.sqlite",
      "truncate -s0 app.log",
      "truncate --size=0 a b",
      "truncate -s -10 x",
      "truncate -s '<1K' x",
      "cp /dev/null app.log",
    ],
    not_match: [
      "truncate -s +1M x",
      "truncate -s 10G disk.img",
      "truncate --help",
      "cp a /dev/null",
      "truncate -s 0 /tmp/x",
    ],
  },
  {
    id: "rm-pattern",
    programs: ["rm", "grm", "unlink"],
    when: allOf(dynamicArgument(/[*?[]|\$\(|`/), noneOf(flag("i", "I", "interactive"))),
    reason: "deletes every file that a pattern or another program names",
    match: ["rm *", "rm -- *", "rm *.o", "rm [ab]", "rm a?", "rm $(git ls-files -o)", "rm `ls`"],
    not_match: ["rm a.txt", "rm '*'", "rm -i *", 'rm "$file"', "ls *"],
  },
  {
    id: "edit-everything",
    programs: ["sed", "gsed", "perl"],
    when: allOf(
      flag("i", "in-place"),
      anyOf(
        allOf(({ program }) => program !== "perl", anyArgument(/^\s*(?:[01],\$|\/(?:\.\*?|\^|\$)\/)?\s*d\s*;?\s*$/)),
        allOf(({ program }) => program === "perl", anyArgument(/^-\w*n/), anyArgument(/^\s*;?\s*$/)),
      ),
    ),
    reason: "deletes all lines of the files",
    match: [
      "sed -i '1,$d' *.md",
      "sed -i d x",
      "sed -i '/.*/d' x",
      "sed -i '/^/d' x",
      "sed -i '/$/d' x",
      "sed -i '/./d' x",
      "sed -i '0,$d' x",
      "perl -i -ne '' x",
    ],
    not_match: ["sed -i 's/a/b/' file", "sed -i '/foo/d' file", "sed -i 1d file", "sed '1,$d' x"],
  },
  {
    id: "trash-empty",
    calls: { gio: "trash --empty", "trash-rm": "**", trash: "-e|--empty|-s" },
    reason: "deletes what was put into the trash",
    match: ["gio trash --empty", "trash-rm '*'"],
    not_match: ["gio trash x", "trash-put x", "trash x", "gio list"],
  },
  {
    id: "move-to-nothing",
    programs: ["mv"],
    when: target((file) => file === "/dev/null"),
    reason: "deletes files by moving them to /dev/null",
    match: ["mv x /dev/null", "mv a b /dev/null"],
    not_match: ["mv a b", "cp a /dev/null"],
  },
  {
    id: "dd",
    programs: ["dd", "dcfldd", "gdd"],
    when: anyArgument(/^of=/),
    reason: "overwrites the file or the disk that it writes to",
    match: ["dd if=/dev/zero of=/dev/sda", "dd of=x if=y"],
    not_match: ["dd if=x bs=1 count=1", "dd --help"],
  },
  {
    id: "sync-delete",
    calls: {
      rsync:
        "--delete|--delete-before|--delete-during|--delete-delay|--delete-after|--delete-excluded|--del|--remove-source-files",
      rclone: "purge|delete|deletefile|cleanup|sync|move|moveto|dedupe|rmdirs",
    },
    reason: "deletes files at the source or the target",
    match: [
      "rsync -a --delete a/ b/",
      "rsync -a --delete-excluded a/ b/",
      "rclone purge remote:x",
      "rclone sync a r:b",
    ],
    not_match: [
      "rsync -a a/ b/",
      "rsync -n --delete a/ b/",
      "rsync -an --delete a/ b/",
      "rsync -a --delete --dry-run a/ b/",
      "rclone copy a remote:b",
      "rclone sync --dry-run a r:b",
    ],
  },
];
