import { type Policy, type PolicyDecision, posixShell, type TypingPlace, unknownShell } from "../ports/safety";
import { brief } from "../model/sentences";
import { type AlteredCharacter, alteredCharacter, arrivingText } from "../sense/typedText";
import { commandTargets } from "./commandTargets";
import { visibleText } from "./controlCharacters";
import { fishCommands } from "./fishWords";
import { allowed, ask } from "./policyDecision";
import { reviewRole } from "./roleReview";
import { ScriptReview, tooComplex } from "./scriptReview";

/** Longer text is not read: nobody could check it, and it would take time. */
const maxLength = 256 * 1024;

/**
 * Shells whose text can be read; the others ask. `program` is what is no shell: its text need not be a command, so only
 * plain ones in it are asked about.
 */
const readable = new Set(["", "bash", "sh", "zsh", "dash", "ash", "ksh", "mksh", "busybox", "fish", "program"]);

/**
 * What must all allow a text when nobody knows which shell reads it. zsh's reading holds bash's, and what is no shell is
 * read as fish.
 */
const readings: Readonly<Record<string, readonly string[]>> = {
  [unknownShell]: ["zsh", "fish"],
  [posixShell]: ["zsh"],
};

/**
 * Asks about commands that plainly destroy something, and about text that cannot be read; allows the rest. It reads the
 * syntax tree, so quotes, wrappers and nesting do not hide a command. It sees only this text: not what a script or a
 * program does when it runs.
 */
export function createDefaultPolicy(): Policy {
  return { decide, decideRole: (role, context) => reviewRole(role, context, decide) };
}

function decide(command: string, place: TypingPlace): PolicyDecision {
  const shell = place.shell
    .slice(place.shell.lastIndexOf("/") + 1)
    .toLowerCase()
    .replace(/^-|\.exe$/g, "");
  const possible = Object.hasOwn(readings, shell) ? readings[shell] : undefined;
  if (possible) return strictest(possible.map((each) => decide(command, { ...place, shell: each })));
  if (!readable.has(shell)) return ask("unknown-shell", `Commands for the shell ${shell} cannot be checked.`);
  if (command.length > maxLength) return ask("too-long", "The text is too long to check.");
  const altered = alteredCharacter(command, shell);
  const here = { ...place, shell };
  return altered === undefined ? judged(command, here) : judgedAltered(command, here, altered);
}

function judged(command: string, place: TypingPlace): PolicyDecision {
  const { shell } = place;
  try {
    const typed = arrivingText(command, shell);
    const decision =
      shell === "program" ? decideProgram(typed) : shell === "fish" ? decideFish(typed) : decideShell(typed, shell);
    if (decision.verdict === "allow") return decision;
    const targets = shell === "program" ? [] : commandTargets(typed, place);
    return { ...decision, reason: visibleText(decision.reason), targets };
  } catch (error) {
    // Nesting beyond any use exhausts the stack; it must not end the caller.
    if (error instanceof RangeError) return ask("unreadable", tooComplex);
    throw error;
  }
}

/** Whoever wrote such a text meant something else than what arrives, or did not want it to be seen. */
function judgedAltered(command: string, place: TypingPlace, character: AlteredCharacter): PolicyDecision {
  const { shell } = place;
  const reason = alteredSentence(command, shell, character);
  const arriving = judged(command, place);
  if (arriving.verdict === "deny") return arriving;
  const asked = ask(
    "changed-by-typing",
    arriving.verdict === "ask" && shell !== "program" ? `${reason} ${arriving.reason}` : reason,
  );
  return arriving.targets ? { ...asked, targets: arriving.targets } : asked;
}

function alteredSentence(command: string, shell: string, { name, line, column, becomes }: AlteredCharacter): string {
  const where = command.trimEnd().includes("\n") ? `in line ${line} at character ${column}` : `at character ${column}`;
  const what = `The text contains ${name} ${where}`;
  if (shell === "program") return `${what}, which the terminal takes for a key press.`;
  const arrives = `what arrives is "${brief(visibleText(arrivingText(command, shell)), 80)}"`;
  switch (becomes) {
    case "key":
      return `${what}, a control character that is left out: ${arrives}.`;
    case "newline":
      return `${what}, which becomes a new line: ${arrives}.`;
    case "replacement":
      return `${what}, half a character, which becomes U+FFFD: ${arrives}.`;
    case "lost":
      return `${what}, which ${shell} leaves out: ${arrives}.`;
    case "byte":
      return `${what}, which ${shell} turns into another character: ${arrives}.`;
  }
}

/** The first of those that allow least. */
function strictest(decisions: readonly PolicyDecision[]): PolicyDecision {
  const found = (["deny", "ask"] as const).flatMap((verdict) => decisions.filter((each) => each.verdict === verdict));
  return found[0] ?? allowed;
}

function decideShell(command: string, shell: string): PolicyDecision {
  const decision = new ScriptReview().script(command);
  if (decision || shell !== "zsh") return decision ?? allowed;
  return decideZsh(command);
}

/** In an interactive zsh `#` begins no comment, and a pattern may run code: `*(e:'…':)`. */
function decideZsh(command: string): PolicyDecision {
  if (/[*?\])]\([^()\n]{0,200}?e[:{['"<|]/.test(command))
    return ask("dynamic-command", "A zsh file pattern in the command runs code.");
  if (!/(?:^|\s)#/.test(command)) return allowed;
  const found = new ScriptReview().script(command.replace(/(^|[\s;&|(])#/g, "$1\\#"));
  return found && found.rule !== "unreadable" ? found : allowed;
}

/** What programs hand to a shell: `!` of IPython, debuggers and pagers, `\\!` of psql, `.shell` of sqlite3, `\\sh`. */
const handedOver = /^\s*(?::?!|\\!|\\sh\s|%(?:sx|system|sc)\s|\.(?:shell|system)\s)\s*(.+)$/u;

/**
 * A program has a grammar of its own, in which nothing is unreadable here and no name stands for a command: only plain
 * commands are asked about, and what is handed to a shell.
 */
function decideProgram(text: string): PolicyDecision {
  for (const line of text.split(/[\r\n]+/)) {
    const command = handedOver.exec(line)?.[1];
    const found = command === undefined ? allowed : strictest([decideShell(command, "zsh"), decideFish(command)]);
    if (found.verdict !== "allow") return found;
  }
  return decideFish(text, "dynamic-command");
}

/**
 * Fish has another grammar. Where the text reads as the common one it is judged so; its own words and quotes are judged
 * in any case. `untold`: a rule whose findings say nothing here.
 */
function decideFish(command: string, untold?: string): PolicyDecision {
  const common = new ScriptReview().script(command);
  if (common && common.rule !== "unreadable" && common.rule !== untold) return common;
  const review = new ScriptReview();
  for (const words of fishCommands(command)) {
    const found = review.simpleCommand(words, {});
    if (found && found.rule !== untold) return found;
  }
  return allowed;
}
