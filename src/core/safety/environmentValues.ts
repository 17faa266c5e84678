/** What a value is judged by beside itself. */
export interface EnvironmentContext {
  /** Absolute path of the folder whose files a stranger may have written. */
  readonly workspace: string;
}

export function isOneOf(value: string, ...values: readonly string[]): boolean {
  return values.includes(value);
}

/** Each word is such an option. */
export function isOptionsOf(value: string, option: RegExp): boolean {
  return value
    .trim()
    .split(/\s+/)
    .every((word) => option.test(word));
}

/**
 * Every folder of it is absolute, outside of the workspace, and not one where everybody may put a program. What cannot
 * be told by its text, such as a link, is not looked at.
 */
export function isPathOutside(value: string, { workspace }: EnvironmentContext): boolean {
  return value.split(":").every((folder) => isFolderOutside(folder, workspace));
}

/** As `isPathOutside`, beside the person's own PATH where the value extends it (`/opt/tool/bin:$PATH`). */
export function isOwnPathOrOutside(value: string, context: EnvironmentContext): boolean {
  const others = value.split(":").filter((folder) => folder !== "$PATH" && folder !== "${PATH}");
  return others.length === 0 || isPathOutside(others.join(":"), context);
}

function isFolderOutside(folder: string, workspace: string): boolean {
  if (!folder.startsWith("/") || /(?:^|\/)\.\.?(?:\/|$)|\/\/|\p{Cc}/u.test(folder)) return false;
  const inside = (parent: string): boolean => `${folder}/`.toLowerCase().startsWith(`${parent}/`.toLowerCase());
  return !["/tmp", "/var/tmp", "/dev", "/proc", workspace].some(inside) && folder.replace(/\/+$/, "") !== "";
}

/** A program of that name, by its absolute path outside of the workspace. */
export function isPrograms(value: string, context: EnvironmentContext, name: RegExp): boolean {
  const at = value.lastIndexOf("/");
  return at >= 0 && name.test(value.slice(at + 1)) && isPathOutside(value.slice(0, Math.max(at, 1)), context);
}

/** A prompt without substitutions: text, and the escapes of bash and zsh that show a fact. */
export function isHarmlessPrompt(value: string): boolean {
  return /^(?:[^$`\\%\p{Cc}]|\\[uhHwWdtTAsvlj@#!n]|\\\$(?: ?$)|\\[[\]]|%[nmM~d/#%?hjlTtBbUuSsDw!iyc1-9]|\\e\[[\d;]*m)*$/u.test(
    value,
  );
}

const pagers = /^(?:\/(?:usr\/)?(?:local\/)?bin\/)?(?:cat|more|less(?: -[FRXSiMeEKQ]+)*|most|delta|bat)$/;
const editors =
  /^(?:\/(?:usr\/)?(?:local\/)?bin\/)?(?:vim?|nvim|nano|pico|emacs(?: -nw)?|emacsclient|ed|ex|micro|helix|hx|kak|joe|mcedit|(?:code|codium|subl|zed|mate|gedit)(?: (?:--wait|-w))?)$/;

/** A pager, an editor or nothing, without options that name files or commands; for LESS the options alone. */
export function isHarmlessCommand(value: string, _context: EnvironmentContext, name: string): boolean {
  if (isOneOf(value, "", "true", "false", ":", "none", "/bin/true", "/usr/bin/true", "/bin/cat")) return true;
  if (/LESS$/.test(name)) return /^(?:-?[FRXSiMeEKQ]+ ?)*$/.test(value);
  return pagers.test(value) || editors.test(value);
}
