import { join } from "node:path";
import { cacheFolder } from "../adapters/machine/cacheFolder";
import { runScript } from "../adapters/machine/compiledScript";
import { commandIn, endsSoon } from "./commandNames";

// All of the program is in the other file; this one only sees to it that it starts quickly.
const use = commandIn(process.argv.slice(2));
const folder = cacheFolder(process.env);
runScript(join(__dirname, "cliProgram.js"), { use, folder, short: endsSoon(use), require });
