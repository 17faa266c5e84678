import { readdirSync } from "node:fs";
import { join } from "node:path";
import Mocha from "mocha";

/** The tests of this kind of window. */
const suiteFolder = join(__dirname, "suite", process.env.TEST_WINDOW ?? "folder");

/** What the extension host calls; rejects when a test failed. */
export async function run(): Promise<void> {
  const only = process.env.TEST_ONLY;
  const mocha = new Mocha({
    ui: "bdd",
    timeout: 60_000,
    slow: 2000,
    color: false,
    ...(only === undefined ? {} : { grep: only }),
  });
  for (const file of readdirSync(suiteFolder).filter((name) => name.endsWith(".test.js")))
    mocha.addFile(join(suiteFolder, file));
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} of the tests failed.`);
}
