import { type Policy, type PolicyDecision, unknownShell } from "../ports/safety";
import { expandsHistory, keyedLine } from "../sense/typedKeys";
import { interruptKey } from "../sense/typing";
import { isUnfinished } from "../sense/unfinishedLine";
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

/** Where keys arrive. */
export interface KeysTarget {
  /** What reads them, as a policy takes it. */
  readonly shell: string;
  readonly cwd: string | undefined;
  /** What stands there by its look, which may be somebody's text that no record has. */
  readonly screen: ShownText | undefined;
  /** The shell was asked for its prompt and did not answer: something runs in front of it, such as a menu. */
  readonly promptless?: boolean;
}

/** Tab, and the keys that move in a text or a menu; none of them enters anything. */
const moves = /^(?:\t|\x1b(?:\[|O)[A-DFHZ]|\x1b\[[1-8]~)+$/;

/** Of what was sent and not entered, what may still stand there: Ctrl-C throws it away. */
export function afterInterrupt(sent: string): string {
  return sent.slice(sent.lastIndexOf(interruptKey) + 1);
}

/**
 * What the policy says of keys that go to a prompt as they are. They are judged as the line that they make, with what
 * was sent before and without it, since a program may have read that; a key whose effect nobody knows asks, and so does
 * what brings back an earlier command. What is no shell (`program`) is judged by its text alone.
 */
export function judgeKeys(
  { before: sent, text, enter }: SentKeys,
  { shell, cwd, screen, promptless = false }: KeysTarget,
  policy: Pick<Policy, "decide">,
): PolicyDecision {
  const before = text.startsWith(interruptKey) ? "" : afterInterrupt(sent);
  const made = keyedLine(before + text, shell);
  if (shell === "program")
    return made.unknown === undefined && !/[^\u0000-\u001f\u007f]/.test(before + text)
      ? { verdict: "allow", reason: "", rule: "" }
      : policy.decide(before + text, { shell, cwd });
  // Whatever is entered later is judged with them.
  if (promptless && !enter && moves.test(text)) return { verdict: "allow", reason: "", rule: "" };
  if (promptless && !enter && made.unknown !== undefined && keyedLine(text, shell).unknown === undefined)
    return policy.decide(text, { shell, cwd });
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
  if (decision.verdict !== "allow") return decision;
  if (enter && isUnfinished(made.text, shell === unknownShell ? "fish" : shell))
    return asks(
      "unfinished-line",
      `The shell waits for the rest of "${visibleText(made.text)}", which is not known before it is sent.`,
    );
  if (before !== "") {
    const alone = policy.decide(keyedLine(text, shell).text, { shell, cwd });
    if (isFound(alone)) return alone;
  }
  if (screen === undefined || (text === "" && !enter)) return decision;
  for (const shown of textsAtCursor(screen).slice(0, mostTexts)) {
    // What the record has stands there too.
    const whole = keyedLine(before !== "" && shown.endsWith(before) ? shown + text : shown + before + text, shell);
    const found = policy.decide(whole.text, { shell, cwd });
    if (isFound(found)) return { ...found, reason: `With the unsent text at the prompt: ${found.reason}` };
  }
  return decision;
}

/** A part of a line reads badly, which says nothing. */
function isFound({ verdict, rule }: PolicyDecision): boolean {
  return verdict !== "allow" && rule !== "unreadable" && rule !== "dynamic-command";
}

function asks(rule: string, reason: string): PolicyDecision {
  return { verdict: "ask", rule, reason };
}
