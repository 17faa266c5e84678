import { actorName } from "../model/actorName";
import { answersByRisk } from "../model/answerOrder";
import { type ContextEntry, shortEntryId } from "../model/entry";
import { shortSession } from "../model/names";
import { brief } from "../model/sentences";

/** Characters of what a person wrote or a task passes on; all of it is in the log. */
const quotedLength = 400;

/** What each answer does, in the files that everybody reads; views word it in their reader's language. */
const answerMeanings: Readonly<Record<string, string>> = {
  run: "run the command",
  retry: "run the task again",
  done: "treat it as succeeded",
  skip: "skip the task and every task that needs it",
};

/** An event as a sentence that says whose it is: where notes stand among events, their text alone does not. */
export function eventText(entry: ContextEntry): string {
  const { kind, event, text, actor, session_name, to, input } = entry;
  const at = session_name === null ? "" : shortSession(session_name);
  if (kind === "handoff") {
    const from = at === "" ? actorName(actor) : at;
    const receiver = to === undefined ? "" : ` to ${shortSession(to)}`;
    return `Handoff note from ${from}${receiver}: "${brief(text, quotedLength)}"`;
  }
  if (kind !== "note") return text;
  if (event === undefined)
    return `Note from ${actorName(actor)}${at === "" ? "" : ` about ${at}`}: ${brief(text, quotedLength)}`;
  if (event === "typed" && input !== undefined)
    return `${actorName(actor)} sent "${brief(input)}"${at === "" ? "" : ` to ${at}`} without Enter.`;
  return text;
}

/** A question with its short id, and what each answer does. */
export function questionText({ id, text, options = [] }: ContextEntry): string {
  const answers = answersByRisk(options).map((option) => {
    const meaning = answerMeanings[option];
    return meaning === undefined ? option : `${option} (${meaning})`;
  });
  const how = answers.length === 0 ? "Any text is an answer." : `Answers: ${answers.join(", ")}.`;
  return `${text} Question ${shortEntryId(id)}. ${how}`;
}
