import { readFileSync } from "node:fs";
import { parseServerAddress } from "../adapters/wsh/serverAddress";
import type { ServerTokens } from "../adapters/wsh/serverChoice";
import { OrchestratorError } from "../core/model/errors";
import { textOfBytes } from "../core/model/textBytes";
import { advice } from "../core/model/remedy";
import type { ChosenAddresses } from "../core/ports/servers";

/** The token of `--token-file`, else of WSH_TOKEN. Throws `usage` for a file that cannot be read. */
export function readToken(
  file: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (file === undefined) return env.WSH_TOKEN === undefined || env.WSH_TOKEN === "" ? undefined : env.WSH_TOKEN;
  const text = textOfBytes(tokenBytes(file));
  if (typeof text === "string") return text.trim();
  throw new OrchestratorError(
    "usage",
    `The token file ${file} is not valid at line ${text.line}, column ${text.column}: ${text.message}.`,
    advice("Give a file that contains the token and nothing else."),
  );
}

function tokenBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new OrchestratorError(
      "usage",
      `The token file ${file} cannot be read.`,
      advice("Give a file that contains the token and nothing else."),
      { cause: error },
    );
  }
}

/**
 * The token that is given with a command. It is for the server that is named with it (`asked`), and for one with which
 * the same token was given before; no other server gets it.
 */
export class GivenToken implements ServerTokens {
  readonly #asked: string | undefined;

  constructor(
    private readonly read: () => string | undefined,
    asked: string | undefined,
    private readonly chosen: ChosenAddresses,
  ) {
    this.#asked = asked === undefined || asked === "builtin" ? undefined : parseServerAddress(asked).text;
  }

  async tokenFor(address: string): Promise<string | undefined> {
    const token = this.read();
    if (token === undefined || address === this.#asked) return token;
    return (await this.chosen.wasGiven(address, token)) ? token : undefined;
  }

  async isWithheld(address: string): Promise<boolean> {
    return this.read() !== undefined && (await this.tokenFor(address)) === undefined;
  }
}
