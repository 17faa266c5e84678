import { readFileSync } from "node:fs";
import { OrchestratorError } from "../core/model/errors";
import { textOfBytes } from "../core/model/textBytes";
import { advice } from "../core/model/remedy";

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
