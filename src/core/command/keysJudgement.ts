import { type Policy, type PolicyDecision } from "../ports/safety";
import { expandsHistory, keyedLine } from "../sense/typedKeys";
import { interruptKey } from "../sense/typing";
import { textsAtCursor, type ShownText } from "../sense/typedLine";
import { visibleText } from "../safety/controlCharacters";

/** Of texts that may stand at a prompt; a screen shows more characters that end a prompt than there are prompts. */
const mostTexts = 6;

export interface SentKeys {
  /** What was sent before and not entered, as far as the record tells. */
  readonly before: string;
  readonly text: string;
  readonly enter: boolean;
}

/**
 * What the policy says of keys that go to a prompt as they are. They are judged as the line that they make; a key whose
 * effect nobody knows asks, and so does what brings back an earlier command. `screen`: what stands there by its look,
 * which may be somebody's text that no record has. What is no shell (`program`) is judged by its text alone.
 */
export function judgeKeys(
  { before: sent, text, enter }: SentKeys,
  {
    shell,
    cwd,
    screen,
  }: { readonly shell: string; readonly cwd: string | undefined; readonly screen: ShownText | undefined },
  policy: Pick<Policy, "decide">,
): PolicyDecision {
  // Ctrl-C throws away whatever stands there.
  const before = text.startsWith(interruptKey) ? "" : sent.slice(sent.lastIndexOf(interruptKey) + 1);
  const made = keyedLine(before + text);
  if (shell === "program")
    return made.unknown === undefined && !/[^\u0000-\u001f\u007f]/.test(before + text)
      ? { verdict: "allow", reason: "", rule: "" }
      : policy.decide(before + text, { shell, cwd });
  if (made.unknown !== undefined)
    return asks(
      "unknown-key",
      `What ${made.unknown} makes of the line at the prompt is not known before it is pressed.`,
    );
  if (shell !== "fish" && expandsHistory(made.text))
    return asks(
      "history-expansion",
      `"${visibleText(made.text)}" brings back an earlier command, which is not known here.`,
    );
  const decision = policy.decide(made.text, { shell, cwd });
  if (decision.verdict !== "allow" || screen === undefined || (text === "" && !enter)) return decision;
  for (const shown of textsAtCursor(screen).slice(0, mostTexts)) {
    // What the record has stands there too.
    const whole = keyedLine(before !== "" && shown.endsWith(before) ? shown + text : shown + before + text);
    const found = policy.decide(whole.text, { shell, cwd });
    if (found.verdict !== "allow" && found.rule !== "unreadable" && found.rule !== "dynamic-command")
      return { ...found, reason: `With the unsent text at the prompt: ${found.reason}` };
  }
  return decision;
}

function asks(rule: string, reason: string): PolicyDecision {
  return { verdict: "ask", rule, reason };
}
