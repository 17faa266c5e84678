/** Run programs of packages, which they name with a scope, a version or where they come from: `npx prisma@5 …`. */
const packageRunners = new Set("npx bunx pnpx npm pnpm yarn bun deno corepack go uvx uv pipx".split(" "));

/** Those that run a program also without a word for that: `yarn knex …` is `yarn run knex …`. */
const runDirectly = new Set(["pnpm", "yarn", "bun"]);
/** What these words say to them, whatever programs are called so. */
const ownWords = new Set(
  (
    "a add i install in ci remove rm un uninstall unlink link ln up update upgrade outdated dedupe rebuild rb prune import fetch " +
    "env set get config c cache store server root bin why list ls la ll info view show search licenses audit doctor help version " +
    "init create start stop restart test t tst publish pack deploy patch patch-commit patch-remove login logout whoami owner team " +
    "npm plugin constraints stage tag global autoclean policies pm build repl self-update setup cat-file find-hash approve-builds"
  ).split(" "),
);

/** What a word that names a program means to whoever runs packages: `npm:@scope/cli@5` is `scope`. */
export function packagedProgram(runner: string, word: string): string | undefined {
  if (!packageRunners.has(runner)) return undefined;
  const name = word.toLowerCase().replace(/^(?:npm|jsr|pypi):/, "");
  const [, scope, rest = ""] = /^@([^/@]+)\/(.*)$/s.exec(name) ?? [undefined, undefined, name];
  const plain = rest.replace(/(?:@|[=~<>!]=).*$/s, "").replace(/^.*\//s, "");
  return scope !== undefined && plain === "cli" ? scope : plain;
}

/**
 * The word by which a package manager is told to run a program without a word for that; undefined: it runs none.
 * `words`: those that are no options.
 */
export function directProgram(runner: string, words: readonly string[]): string | undefined {
  if (runner === "go") return words[0] === "tool" ? words[1] : undefined;
  if (!runDirectly.has(runner)) return undefined;
  const word = runner === "yarn" && words[0] === "workspace" ? words[2] : words[0];
  return word === undefined || ownWords.has(word) ? undefined : word;
}
