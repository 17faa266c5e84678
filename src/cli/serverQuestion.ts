import type { AddressAnswer } from "../core/ports/servers";
import { confirm } from "./confirm";
import type { Interrupts } from "./interrupts";
import type { Output } from "./output";

/** Asks whether a server is used that only the files of a project name. Undefined where there is no terminal. */
export async function askAboutServer(
  { output, interrupts }: { readonly output: Output; readonly interrupts: Interrupts },
  address: string,
): Promise<AddressAnswer | undefined> {
  if (!output.canAsk) return undefined;
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
