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

/** Where a server listens on this machine. */
export type ServerPlace = { readonly socket: string } | { readonly port: number };

/** The process of a server, so that it can be known again; `host`: the machine that it runs on. */
export interface ServerProcess {
  readonly pid: number;
  readonly started_at: string;
  readonly host: string;
}

export interface ServerProcesses {
  /** The wsh that listens there; undefined where another program does, or this system does not tell. */
  listening(place: ServerPlace): Promise<ServerProcess | undefined>;
  /** It is known to be gone, with all that it ran. */
  hasEnded(process: ServerProcess): Promise<boolean>;
}

/** Who could have put a server there; looks, and connects to nothing. */
export interface PlaceOwners {
  /** Of a Unix socket: another user could also replace one in a folder that is open to them. */
  ofSocket(path: string): Promise<PlaceOwner>;
  /** Of what listens on that port of 127.0.0.1. */
  ofPort(port: number): Promise<PlaceOwner>;
}
