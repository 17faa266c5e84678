import { OrchestratorError } from "../../core/model/errors";
import type { AddressAnswer, ChosenAddresses, PlaceOwners } from "../../core/ports/servers";
import { parseServerAddress } from "./serverAddress";
import { type Environment, isStandardPlace, ownerOfPlace } from "./standardPlaces";

export interface ServerPermissionOptions {
  readonly chosen: ChosenAddresses;
  readonly owners: PlaceOwners;
  /** Says where wsh has its sockets. */
  readonly env: Environment;
  /** Asks the person about an address that only files name; undefined: nobody says anything now. */
  readonly ask: (address: string) => Promise<AddressAnswer | undefined>;
}

/**
 * Whether a server that the files of a project name may be asked anything. Those files may come from anybody: an
 * address counts that the user chose, or at which wsh listens by default on a socket or port of this very user.
 */
export class ServerPermission {
  /** Addresses that are being asked about: whoever meets one meanwhile waits for the same answer. */
  readonly #asking = new Map<string, Promise<AddressAnswer | undefined>>();
  /** A person reads one question at a time. */
  #lastQuestion: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: ServerPermissionOptions) {}

  /**
   * Comes back where the address may be connected to; until then nothing is connected or looked up. Throws
   * `server_not_chosen`, `server_unreachable` where wsh's default place is empty, and `usage` for what is no address.
   */
  async require(recorded: string, mayAsk: boolean): Promise<void> {
    const address = parseServerAddress(recorded);
    const { text } = address;
    const { chosen, owners, env } = this.options;
    const known = await chosen.answerFor(text);
    if (known === "yes") return;
    if (isStandardPlace(address, env)) {
      const owner = await ownerOfPlace(text, owners);
      if (owner === "this_user") return;
      if (owner === "nobody") throw nobodyThere(text);
    }
    if (known === undefined && mayAsk && (await this.#ask(text)) === "yes") return;
    throw notChosen(text);
  }

  #ask(text: string): Promise<AddressAnswer | undefined> {
    const asked = this.#asking.get(text) ?? this.#askNext(text).finally(() => this.#asking.delete(text));
    this.#asking.set(text, asked);
    return asked;
  }

  async #askNext(text: string): Promise<AddressAnswer | undefined> {
    const { ask, chosen } = this.options;
    const question = this.#lastQuestion.then(() => ask(text));
    this.#lastQuestion = question.catch(() => undefined);
    const answer = await question;
    if (answer !== undefined) await chosen.keep(text, answer);
    return answer;
  }
}

function nobodyThere(text: string): OrchestratorError {
  return new OrchestratorError(
    "server_unreachable",
    `The server at ${text} cannot be reached: no server of yours is listening there.`,
    { kind: "reach_server" },
  );
}

function notChosen(text: string): OrchestratorError {
  return new OrchestratorError(
    "server_not_chosen",
    `The server at ${text} was not asked: the project's files name it, but you have never chosen it.`,
    { kind: "choose_address", address: text },
  );
}
