import type { AddressAnswer, ChosenAddresses, PlaceOwner, PlaceOwners } from "../../src/core/ports/servers";

/** What a user chose, in memory. */
export class MemoryAddresses implements ChosenAddresses {
  readonly answers = new Map<string, AddressAnswer>();
  readonly tokens = new Set<string>();

  constructor(...chosen: readonly string[]) {
    for (const address of chosen) this.answers.set(address, "yes");
  }

  answerFor(address: string): Promise<AddressAnswer | undefined> {
    return Promise.resolve(this.answers.get(address));
  }

  keep(address: string, answer: AddressAnswer, token?: string): Promise<boolean> {
    this.answers.set(address, answer);
    if (token !== undefined) this.tokens.add(`${address} ${token}`);
    return Promise.resolve(true);
  }

  wasGiven(address: string, token: string): Promise<boolean> {
    return Promise.resolve(this.tokens.has(`${address} ${token}`));
  }
}

/** A machine on which all places have that owner. */
export function placesOf(owner: PlaceOwner): PlaceOwners {
  return { ofSocket: () => Promise.resolve(owner), ofPort: () => Promise.resolve(owner) };
}
