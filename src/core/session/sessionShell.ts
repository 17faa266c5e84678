import type { PlanRole } from "../model/plan";
import { posixShell, unknownShell } from "../ports/safety";
import { shells } from "../model/shellNames";

/** Programs in front of another one, which is what runs. */
const passOn = new Set(["exec", "env", "command", "nice", "nohup"]);
/** What they open is a shell that their command line does not name. */
const openShells = new Set([
  ...["ssh", "mosh", "telnet", "su", "sudo", "doas", "login", "script", "tmux", "screen"],
  ...["docker", "podman", "kubectl", "oc", "nsenter", "chroot", "machinectl", "wsl"],
]);

/**
 * What reads the text that is typed to a command line once it runs, as a policy takes it: the shell that it starts
 * interactively, `unknownShell` for one that it does not name, `program` for everything else.
 */
export function readerOfCommand(command: string): string {
  const words = command.trim().split(/\s+/);
  const at = words.findIndex((word) => !passOn.has(nameOf(word)) && !/^\w+=/.test(word));
  const name = nameOf(words[at] ?? "");
  if (openShells.has(name)) return unknownShell;
  // `sh -c` runs something, which may be no shell; a script reads what it likes.
  const isInteractive = words.slice(at + 1).every((word) => /^--|^-[^c]+$/.test(word));
  if (!shells.has(name)) return "program";
  return isInteractive ? name : unknownShell;
}

/**
 * What will probably read what is typed in the sessions of a role, before there is one: enough to ask a person early.
 * What is typed is judged once more, for the shell that answers there.
 */
export function expectedShell(role: Pick<PlanRole, "program" | "shell">, defaultShell: string | undefined): string {
  return role.program === undefined ? (role.shell ?? defaultShell ?? posixShell) : readerOfCommand(role.program);
}

function nameOf(word: string): string {
  return word.slice(word.lastIndexOf("/") + 1).toLowerCase();
}
