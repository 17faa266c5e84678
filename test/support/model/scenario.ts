/**
 * What the scripted model says to a user's text: one turn, in order. A tool step ends a reply; what the agent sends back
 * of its tools tells which reply is due next.
 */
export interface Scenario {
  /** Matched on the user's last text; absent: on any. The first that matches is played. */
  readonly match?: RegExp;
  readonly steps: readonly Step[];
}

export type Step =
  | { readonly say: string; readonly slow?: boolean }
  | { readonly think: string; readonly slow?: boolean }
  /** Silence, in milliseconds. */
  | { readonly wait: number }
  | ToolStep
  | { readonly fail: ModelFailure };

/** A tool by what it does; each agent calls its own by another name. */
export type ToolStep =
  /** `outsideSandbox` is a reason; codex asks its user only where one is given. */
  | { readonly tool: "shell"; readonly command: string; readonly outsideSandbox?: string }
  | { readonly tool: "read"; readonly path: string }
  | { readonly tool: "write"; readonly path: string; readonly content: string }
  | { readonly tool: "edit"; readonly path: string; readonly old: string; readonly new: string }
  | { readonly tool: "ask"; readonly question: string; readonly choices: readonly string[] };

/** How a reply fails; `times`: so often, then no more (default: for ever). */
export interface ModelFailure {
  readonly times?: number;
  /** An HTTP status, such as 401, 429 or 529. */
  readonly status?: number;
  /** Seconds, in the header and where the protocol has a place for it. */
  readonly retryAfter?: number;
  /** The allowance is used up, instead of too many requests. */
  readonly quota?: boolean;
  /** With 429: the allowance of a subscription is used up until then, in seconds since 1970. */
  readonly resetsAt?: number;
  /** The connection breaks in the middle of the text. */
  readonly cut?: boolean;
  /** Never answered. */
  readonly hang?: boolean;
}

/** One message of a conversation as any of the protocols has it. */
export interface Turn {
  readonly role: "user" | "assistant" | "tool" | "other";
  readonly text: string;
}

/** A part of a scenario that is one answer of the model. */
export interface Reply {
  readonly steps: readonly Step[];
  /** The same for each request for the same reply. */
  readonly key: string;
}

/** What the model answers to a conversation: an agent that was told nothing gets "Done.". */
export function replyTo(turns: readonly Turn[], scenarios: readonly Scenario[]): Reply {
  const at = turns.findLastIndex(({ role, text }) => role === "user" && text !== "");
  const user = turns[at]?.text ?? "";
  const index = scenarios.findIndex(({ match }) => match?.test(user) ?? true);
  const replies: Step[][] = [[]];
  for (const step of scenarios[index]?.steps ?? []) {
    replies.at(-1)?.push(step);
    if ("tool" in step) replies.push([]);
  }
  const results = turns.slice(at + 1).filter(({ role }) => role === "tool").length;
  const number = Math.min(results, replies.length - 1);
  const steps = replies[number] ?? [];
  return { steps: steps.length === 0 ? [{ say: "Done." }] : steps, key: `${index}#${number}` };
}
