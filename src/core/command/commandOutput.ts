import { messageOf } from "../model/errors";
import type { SessionServer } from "../ports/sessions";
import type { AgentStep } from "../sense/agentAnswer";
import { renderOutput } from "../sense/renderOutput";
import type { CommandEnd } from "../session/commandEnds";
import type { CommandTyping } from "./commandTyping";
import type { TypingRequest } from "./typingRequest";

/** Lines that are read of a screen whose bytes are not all known. */
const screenLines = 200;

export interface CommandOutput {
  readonly output: string;
  /** It is all that came until the end. */
  readonly complete: boolean;
  /** See `CommandReport.steps`. */
  readonly steps?: readonly AgentStep[];
}

/**
 * What a command printed: the bytes between the marks, or, when some were lost or there are no marks, what the screen
 * still shows. Of a prompt: what its agent answered. Never throws: where that cannot be read, it says so.
 */
export async function commandOutput(
  server: Pick<SessionServer, "scrollback">,
  typing: Pick<CommandTyping, "said">,
  { session, agent, text }: Pick<TypingRequest, "session" | "agent" | "text">,
  end: CommandEnd,
): Promise<CommandOutput> {
  const { rows, cols, wire } = session.identity;
  if (end.outcome === "not_sent" || end.means === "withdrawn") return { output: "", complete: true };
  if (end.output && !end.output.incomplete) {
    const rendered = await renderOutput(end.output.bytes(), { cols, rows, truncatedHead: end.output.truncatedHead });
    const isOver = end.outcome !== "unknown" && end.outcome !== "still_running";
    return { output: rendered.text, complete: isOver && !rendered.truncated };
  }
  if (session.over) return { output: session.lastLine, complete: false };
  try {
    if (agent) {
      const { text: output, steps } = await typing.said(session, agent, text);
      return { output, complete: false, steps };
    }
    const { lines } = await server.scrollback(wire, screenLines, "plain");
    const shown = lines.map((line) => (typeof line === "string" ? line : ""));
    return { output: shown.join("\n").trimEnd(), complete: false };
  } catch (error) {
    return { output: `(The screen could not be read: ${messageOf(error)})`, complete: false };
  }
}
