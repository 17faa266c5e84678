import { runScript } from "../../src/adapters/machine/compiledScript";

const [script = "", use = "", folder = ""] = process.argv.slice(2);
runScript(script, { use, folder, short: true, require });
