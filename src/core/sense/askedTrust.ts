import type { StateEvidence } from "../model/stateKinds";

/** The rules, of whichever program, by which trust in another machine is asked for. */
export const hostKeyRule = "host_key";

/** Whether the trust that is asked for is that in another machine: agents ask for it in the folder that they work in. */
export function asksForHost({ evidence }: { readonly evidence?: readonly StateEvidence[] | undefined }): boolean {
  return evidence?.some(({ rule }) => rule.endsWith(`/${hostKeyRule}`)) === true;
}
