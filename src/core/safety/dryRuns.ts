import { type Calls, isTold } from "./callPhrases";
import type { Call } from "./policyConditions";

/** Calls that only say what they would do, where the program's manual says so. */
export const dryRuns: Calls = {
  git: "push|clean|prune|rm -n|--dry-run, fetch --dry-run",
  rsync: "-n|--dry-run",
  rclone: "-n|--dry-run",
  "apt apt-get aptitude": "-s|--simulate|--dry-run, -s|--just-print|--recon|--no-act",
  "dnf yum microdnf": "--assumeno",
  "zypper conda mamba opam emerge helm semantic-release release-it goreleaser": "--dry-run",
  "zypper microdnf": "-D",
  "pacman yay paru": "-p|--print",
  emerge: "-p|--pretend",
  apk: "-s|--simulate",
  dpkg: "--dry-run|--no-act|--simulate",
  rpm: "--test",
  "xbps-remove restic borg": "-n|--dry-run",
  brew: "uninstall|remove|rm|autoremove -n|--dry-run",
  "npm pnpm yarn bun lerna poetry flit hatch gem mix vsce np": "--dry-run",
  "cargo jsr deno": "publish -n|--dry-run, publish --dry-run",
  "kubectl oc kubectl.exe": "--dry-run !--dry-run=none|--dry-run=false",
  aws: "--dry-run|--dryrun",
  "az bicep": "--what-if, ** what-if",
  ansible: "-C|--check",
  "gradle gradlew": "-m|--dry-run",
  "mvn mvnw": "-DdryRun=true",
  zfs: "destroy -n",
  logrotate: "-d|--debug",
  systemctl: "--dry-run",
  "e2fsck fsck.ext2 fsck.ext3 fsck.ext4 xfs_repair": "-n",
  fsck: "-N",
  docker: "compose --dry-run",
  "docker-compose": "--dry-run",
};

/** The word behind one of these is its value, whatever it looks like. */
const takesValue = /^(?:-[eofFMTB]|--(?:exclude|include|filter|rsh|push-option|backup-dir|suffix|temp-dir))$/;

const byProgram = new Map<string, string>();
for (const [programs, phrases] of Object.entries(dryRuns))
  for (const program of programs.split(" "))
    byProgram.set(program, [byProgram.get(program), phrases].filter((each) => each !== undefined).join(","));

export function isDryRun(call: Call): boolean {
  const phrases = byProgram.get(call.program);
  if (phrases === undefined || call.args.includes("--no-dry-run")) return false;
  const args = call.args.filter((_, index) => !takesValue.test(call.args[index - 1] ?? ""));
  return isTold(phrases, { ...call, args });
}
