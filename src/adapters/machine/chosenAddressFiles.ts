import { createHash, createHmac } from "node:crypto";
import { lstat, readFile, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Clock } from "../../core/ports/machine";
import type { AddressAnswer, ChosenAddresses } from "../../core/ports/servers";
import { dataFolder } from "./dataFolder";
import { isOwnFile } from "./ownFile";
import { replaceFile } from "./replaceFile";
import { userKey } from "./userKey";

/** An address with what the user said of it, as it stands in its file. */
interface KeptAddress {
  readonly address: string;
  readonly answer: AddressAnswer;
  readonly answered_at: string;
  /** Of a Unix socket: where its path led. A link that leads elsewhere today is another address. */
  readonly leads_to?: string;
  /** Keyed hashes of the tokens that were given with it. */
  readonly tokens?: readonly string[];
}

export interface ChosenAddressFilesOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Pick<Clock, "now">;
  /** False where nobody may answer for the user, as in one of our own sessions: nothing is kept. */
  readonly mayAnswer: () => Promise<boolean>;
}

/**
 * The servers that a user chose: in their data folder a small file for each address, so that processes that write at
 * the same time leave each other's answers alone.
 */
export class ChosenAddressFiles implements ChosenAddresses {
  /** What could not be kept counts for this process. */
  readonly #here = new Map<string, KeptAddress>();

  constructor(private readonly options: ChosenAddressFilesOptions) {}

  async answerFor(address: string): Promise<AddressAnswer | undefined> {
    return (await this.#find(address))?.answer;
  }

  async wasGiven(address: string, token: string): Promise<boolean> {
    const hash = this.#hash(address, token);
    return hash !== undefined && (await this.#find(address))?.tokens?.includes(hash) === true;
  }

  async keep(address: string, answer: AddressAnswer, token?: string): Promise<boolean> {
    const known = await this.#find(address);
    const hash = token === undefined ? undefined : this.#hash(address, token);
    if (known?.answer === answer && (hash === undefined || known.tokens?.includes(hash) === true)) return true;
    if (!(await this.options.mayAnswer())) return false;
    const leads_to = await targetOf(address);
    const tokens = [...new Set([...(known?.tokens ?? []), ...(hash === undefined ? [] : [hash])])];
    const kept: KeptAddress = {
      address,
      answer,
      answered_at: new Date(this.options.clock.now()).toISOString(),
      ...(leads_to === undefined ? {} : { leads_to }),
      ...(tokens.length === 0 ? {} : { tokens }),
    };
    this.#here.set(address, kept);
    try {
      await replaceFile(this.#pathOf(address), `${JSON.stringify(kept, undefined, 2)}\n`, 0o600);
      return true;
    } catch {
      // What cannot be kept is asked again another time.
      return false;
    }
  }

  /** Links are followed only for addresses that the user named: a stranger's path may lead to another machine. */
  async #find(address: string): Promise<KeptAddress | undefined> {
    const kept = (await this.#read(address)) ?? this.#here.get(address);
    return kept?.leads_to === undefined || kept.leads_to === (await targetOf(address)) ? kept : undefined;
  }

  async #read(address: string): Promise<KeptAddress | undefined> {
    try {
      const path = this.#pathOf(address);
      if (!isOwnFile(await lstat(path))) return undefined;
      const kept: unknown = JSON.parse(await readFile(path, "utf8"));
      return isKept(kept) && kept.address === address ? kept : undefined;
    } catch {
      return undefined;
    }
  }

  /** Addresses may hold anything; the one that is meant stands in the file. Throws where there is no data folder. */
  #pathOf(address: string): string {
    const folder = join(dataFolder(this.options.env), "chosen-servers");
    return join(folder, `${createHash("sha256").update(address).digest("hex").slice(0, 32)}.json`);
  }

  /** The address is part of it, so that a hash that is copied to another one means nothing there. */
  #hash(address: string, token: string): string | undefined {
    const key = userKey(this.options.env, "token-key");
    return key === undefined ? undefined : createHmac("sha256", key).update(`${address}\n${token}`).digest("hex");
  }
}

function isKept(value: unknown): value is KeptAddress {
  if (typeof value !== "object" || value === null) return false;
  const { address, answer, leads_to, tokens } = value as Partial<Record<keyof KeptAddress, unknown>>;
  return (
    typeof address === "string" &&
    (answer === "yes" || answer === "no") &&
    (leads_to === undefined || typeof leads_to === "string") &&
    (tokens === undefined || (Array.isArray(tokens) && tokens.every((each) => typeof each === "string")))
  );
}

/** Where the path of a Unix socket leads today; undefined for other addresses. */
async function targetOf(address: string): Promise<string | undefined> {
  if (!address.startsWith("unix:")) return undefined;
  const path = address.slice("unix:".length);
  const folder = (): Promise<string> => realpath(dirname(path)).then((real) => join(real, basename(path)));
  return realpath(path).catch(() => folder().catch(() => path));
}
