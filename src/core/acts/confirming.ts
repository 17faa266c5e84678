import type { Confirm, ConfirmQuestion } from "../ports/people";
import { type Acting, requirePerson } from "./acting";

/** What an act needs that asks a person before it is done. */
export interface ConfirmingWorld extends Pick<Acting, "insideSession"> {
  readonly confirm: Confirm;
}

/** Asks the person. Throws `needs_person` below a session, whatever it says beforehand, and what `confirm` throws. */
export async function confirmed(world: ConfirmingWorld, question: ConfirmQuestion): Promise<boolean> {
  requirePerson(world);
  return world.confirm(question);
}
