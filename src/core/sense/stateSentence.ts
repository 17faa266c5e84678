import type { SessionState } from "../model/states";
import type { StateKind } from "../model/stateKinds";
import { asksForHost } from "./askedTrust";
import type { Sensed } from "./terminalFacts";

/** What a state of a program is called in a sentence that begins with its name. */
const does: Readonly<Record<SessionState, string>> = {
  starting: "is starting",
  working: "is working",
  waiting: "is waiting for an answer",
  idle: "is ready for input",
  done_unseen: "has finished",
  limited: "has reached a limit",
  failed: "stopped with an error",
  exited: "has ended",
  lost: "is lost",
  unclear: "shows something that no rule knows",
};

const doesMore: Readonly<Partial<Record<`${SessionState}:${StateKind}`, string>>> = {
  "waiting:permission": "asks for permission",
  "waiting:question": "asks a question",
  "waiting:plan": "asks to approve its plan",
  "waiting:trust": "asks whether to trust the folder",
  "waiting:login": "asks to log in",
  "waiting:password": "asks for a password",
  "waiting:confirm": "asks for confirmation",
  "limited:rate": "has reached its rate limit",
  "limited:quota": "has used up its quota",
  "failed:auth": "is not logged in any more",
  "failed:network": "cannot reach its service",
  "failed:server": "stopped because its service reported an error",
  "failed:crash": "crashed",
  "failed:start": "could not be started",
  "idle:shell": "is at its prompt",
  "idle:pager": "shows text page by page",
  "idle:editor": "has a file open",
  "idle:repl": "is at its prompt",
  "working:monitor": "is running and keeps its screen up to date",
  "working:server": "is running as a server",
  "working:watcher": "is watching for changes",
};

function wordsOf(state: SessionState, kind: StateKind | undefined): string {
  return (kind && doesMore[`${state}:${kind}`]) ?? does[state];
}

/** One sentence: who does what. `title`: how people call the program; absent where nobody knows which one it is. */
export function stateSentence({ state, kind, until, evidence }: Sensed, title: string | undefined): string {
  const what = asksForHost({ evidence }) ? "asks whether to trust the host" : wordsOf(state, kind);
  const time = state === "limited" && until !== undefined ? ` until ${until}` : "";
  return `${title ?? "The program"} ${what}${time}.`;
}
