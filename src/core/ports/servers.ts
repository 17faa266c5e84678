/** What this user said of a server: `yes`, sessions may be there; `no`, it is not to be asked about again. */
export type AddressAnswer = "yes" | "no";

/**
 * The addresses of session servers that this user has chosen on this machine, whatever the files of a project say.
 * Addresses are in their normal form.
 */
export interface ChosenAddresses {
  /** Undefined: the user was never asked. */
  answerFor(address: string): Promise<AddressAnswer | undefined>;
  /** Also after this process. `token`: was given with it. False where it cannot be kept: then it counts here only. */
  keep(address: string, answer: AddressAnswer, token?: string): Promise<boolean>;
  /** Whether this very token was given with that address before. */
  wasGiven(address: string, token: string): Promise<boolean>;
}

/**
 * Whose the place is where a server may listen. `nobody`: nothing is there; `unknown`: this system does not tell.
 */
export type PlaceOwner = "this_user" | "another_user" | "nobody" | "unknown";

/** Who could have put a server there; looks, and connects to nothing. */
export interface PlaceOwners {
  /** Of a Unix socket: another user could also replace one in a folder that is open to them. */
  ofSocket(path: string): Promise<PlaceOwner>;
  /** Of what listens on that port of 127.0.0.1. */
  ofPort(port: number): Promise<PlaceOwner>;
}
