/** Imported late, and by this module: a package of CommonJS has no names of its own in a bundle that is cut in parts. */
export { Terminal } from "@xterm/headless";
