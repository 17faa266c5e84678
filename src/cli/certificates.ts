import { readFileSync } from "node:fs";
import { OrchestratorError } from "../core/model/errors";
import { advice } from "../core/model/remedy";

/**
 * The certificates of `--ca-file`, else of the file that WSH_CA_FILE names. Throws `usage` for a file that cannot be
 * read or holds none.
 */
export function readCertificates(
  file: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const from = file ?? env.WSH_CA_FILE;
  if (from === undefined || from === "") return undefined;
  const wrong = (cause?: unknown): OrchestratorError =>
    new OrchestratorError(
      "usage",
      `The certificate file ${from} ${cause === undefined ? "contains no certificate" : "cannot be read"}.`,
      advice("Give a PEM file; it has a line with BEGIN CERTIFICATE."),
      { cause },
    );
  try {
    const text = readFileSync(from, "utf8");
    if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  } catch (error) {
    throw wrong(error);
  }
  throw wrong();
}
