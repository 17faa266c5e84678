import { mkdirSync } from "node:fs";
import { join } from "node:path";

/**
 * In a new home fish would start a job that reads all manual pages, for a minute. `dataHome`: what XDG_DATA_HOME is
 * there.
 */
export function keepFishQuiet(dataHome: string): void {
  mkdirSync(join(dataHome, "fish/generated_completions"), { recursive: true });
}
