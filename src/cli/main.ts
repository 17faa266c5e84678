import { join } from "node:path";
import { cacheFolder } from "../adapters/machine/cacheFolder";
import { runScript } from "../adapters/machine/compiledScript";
import { commandIn } from "./commandNames";

// All of the program is in the other file; this one only sees to it that it starts quickly.
runScript(join(__dirname, "cliProgram.js"), commandIn(process.argv.slice(2)), cacheFolder(process.env), require);
