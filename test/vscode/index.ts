import { readdirSync } from "node:fs";
import { join } from "node:path";
import Mocha from "mocha";

const suiteFolder = join(__dirname, "suite");

/** What the extension host calls; rejects when a test failed. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: "bdd", timeout: 60_000, color: false, ...(process.env.TEST_ONLY === undefined ? {} : { grep: process.env.TEST_ONLY }) });
  for (const file of readdirSync(suiteFolder).filter((name) => name.endsWith(".test.js"))) mocha.addFile(join(suiteFolder, file));
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} of the tests failed.`);
}
