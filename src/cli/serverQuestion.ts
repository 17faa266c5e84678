import type { AddressAnswer } from "../core/ports/servers";
import { confirm } from "./confirm";
import type { Interrupts } from "./interrupts";
import type { Output } from "./output";

interface Asking {
  readonly output: Output;
  readonly interrupts: Interrupts;
  readonly isInSession: boolean;
}

/**
 * Asks whether a server is used that only the files of a project name. Undefined where nobody can be asked: without a
 * terminal, and in a session of ours, which does not answer for its person.
 */
export async function askAboutServer(
  { output, interrupts, isInSession }: Asking,
  address: string,
): Promise<AddressAnswer | undefined> {
  if (!output.canAsk || isInSession) return undefined;
  output.error([
    {
      text: `The files of a project here name the session server ${address}, which you have never chosen.`,
      tone: "attention",
    },
  ]);
  output.error([
    {
      text: "A server sees what is typed into its sessions, and decides what they show. Nothing was sent to it so far.",
      tone: "quiet",
    },
  ]);
  const yes = await confirm(
    output,
    { question: "Use this server?", why: "a server that you never chose is asked about", otherwise: "" },
    interrupts.signal,
  );
  return yes ? "yes" : "no";
}
