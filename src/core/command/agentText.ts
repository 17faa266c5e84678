import type { AgentProfile } from "../model/agentProfile";
import { OrchestratorError } from "../model/errors";
import { shortSession } from "../model/names";
import { advice } from "../model/remedy";
import { plural } from "../model/sentences";
import { pasteEnd, typedText } from "../sense/typedText";
import { pasteStart } from "./pastedText";

/** What agents take for the beginning of a command, of a shell's line, of a file's name, of a note. */
const commandSigns = ["/", "!", "@", "#"] as const;

/** A last word for which agents offer completions, of which Enter would take one; and a backslash, which joins lines. */
const offersCompletion = /(?:^|\s)[@#$/]\S*$|\\$/u;

/**
 * A prompt as it is typed, so that all of it arrives as text: nothing in it is a key, and nothing a command of the agent.
 * Throws `request_invalid` where that cannot be had, and for an empty one.
 */
export function agentText(text: string, profile: Pick<AgentProfile, "title" | "literal">): string {
  const typed = typedText(text);
  const word = typed.trim().toLowerCase();
  const sign = commandSigns.find((each) => typed.trimStart().startsWith(each));
  if (typed.trim() === "")
    throw new OrchestratorError("request_invalid", "The prompt is empty.", advice("Write what the agent is to do."));
  const before = sign === undefined ? (wordsOf(profile).get(word) ?? "") : profile.literal?.[sign];
  if (before === undefined)
    throw new OrchestratorError(
      "request_invalid",
      `${profile.title} takes a text that begins with ${String(sign)} as a command of its own.`,
      advice("Begin the prompt with a word."),
    );
  // Some count a character that is not seen as a column, and draw the last one of its line no more.
  const drawn = before.trim() === "" ? typed : typed.replace(/(?=\n|$)/u, " ");
  return `${before}${drawn}${offersCompletion.test(drawn) ? " " : ""}`;
}

/** What goes before words that are a command when they stand alone. */
function wordsOf({ literal = {} }: Pick<AgentProfile, "literal">): ReadonlyMap<string, string> {
  return new Map(Object.entries(literal));
}

/**
 * What is sent for it. `pastes`: the agent has asked for pastes to be marked. Throws `request_invalid` for several lines
 * that it would enter one by one.
 */
export function agentKeys(
  text: string,
  { title, newline }: Pick<AgentProfile, "title" | "newline">,
  pastes: boolean,
  session_name: string,
): string {
  if (pastes) return `${pasteStart}${text}${pasteEnd}`;
  const lines = text.split("\n");
  if (lines.length === 1) return text;
  if (newline === undefined)
    throw new OrchestratorError(
      "request_invalid",
      `A text of ${plural(lines.length, "line")} cannot be sent to ${shortSession(session_name)}: ${title} takes no pasted text there, so that each line would be entered by itself.`,
      advice("Save the text in a file, and name the file in the prompt."),
    );
  return lines.join(newline);
}
