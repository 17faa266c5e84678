/** One call of one program, as far as it can be known before it runs. */
export interface Call {
  /** Without its folder, in lower case. */
  readonly program: string;
  /** Words after the program, quotes removed; what the shell would fill in stays as it is written (`$x`). */
  readonly args: readonly string[];
  /** The words that are no options, without the values of options that stand before the subcommand. */
  readonly positionals: readonly string[];
  /** Those of the arguments in which the shell fills in something, such as `*.o` and `$(ls)`. */
  readonly dynamic: readonly string[];
  /** What it reads, where the command line says so: a here-document, a here-string, an echo in front of it. */
  readonly input?: string;
  /** The file that it reads: `< users.sql`. */
  readonly inputFile?: string;
  /** What it reads holds secrets: `cat ~/.ssh/id_rsa | curl …`. */
  readonly secretInput?: boolean;
}

export type Condition = (call: Call) => boolean;

const terraformOptions = ["-var", "-var-file", "-target", "-parallelism", "-lock-timeout", "-state", "-out"];

/** Options of the program itself that take the next word, so that it is not taken for a subcommand. */
const valueOptions: Readonly<Record<string, readonly string[]>> = {
  terraform: terraformOptions,
  tofu: terraformOptions,
  terragrunt: terraformOptions,
  install: ["-m", "--mode", "-o", "--owner", "-g", "--group", "-S", "--suffix"],
  git: ["-C", "-c", "--git-dir", "--work-tree", "--namespace", "--exec-path", "--super-prefix", "--config-env"],
  docker: [
    "-H",
    "--host",
    "-c",
    "--context",
    "-l",
    "--log-level",
    "--config",
    "-f",
    "--file",
    "-p",
    "--project-name",
    "--project-directory",
    "--profile",
    "--env-file",
  ],
  podman: ["--url", "--connection", "-c", "--log-level", "--root"],
  "docker-compose": ["-f", "--file", "-p", "--project-name", "--profile", "--env-file", "--project-directory"],
  kubectl: [
    "-n",
    "--namespace",
    "--context",
    "--kubeconfig",
    "-s",
    "--server",
    "--cluster",
    "--user",
    "--as",
    "--token",
    "-v",
  ],
  oc: ["-n", "--namespace", "--context", "--kubeconfig", "-s", "--server"],
  helm: ["-n", "--namespace", "--kube-context", "--kubeconfig"],
  aws: ["--profile", "--region", "--output", "--endpoint-url", "--query"],
  gcloud: ["--project", "--account", "--configuration", "--format"],
  az: ["--subscription", "-o", "--output"],
  npm: ["--prefix", "-C", "-w", "--workspace", "--registry"],
  pnpm: ["--dir", "-C", "--filter", "-F"],
  yarn: ["--cwd"],
  bun: ["--cwd", "--filter", "-F", "--env-file", "-c", "--config", "-r", "--preload"],
  cargo: ["--manifest-path", "-C", "--config", "-Z"],
  gh: ["-R", "--repo"],
  hg: ["-R", "--cwd", "--config"],
  adb: ["-s", "-t", "-H", "-P", "-L"],
  nomad: ["-namespace", "-region", "-address"],
  velero: ["-n", "--namespace", "--kubecontext", "--kubeconfig"],
  nats: ["-s", "--server", "--context", "--user", "--creds"],
  "redis-cli": ["-h", "-p", "-n", "-a", "-u", "-s", "--user", "--pass"],
  ansible: ["-m", "-a", "-i", "-l", "-u", "-e", "-f", "--module-name", "--args", "--inventory"],
  ssh: ["-i", "-p", "-l", "-o", "-F", "-J", "-L", "-R", "-D", "-W", "-w", "-b", "-c", "-e", "-m", "-O", "-S", "-E"],
  systemctl: ["-H", "--host", "-M", "--machine", "-t", "--type", "-p", "--property"],
  goose: ["-dir", "-table"],
  celery: ["-A", "--app", "-b", "--broker"],
  heroku: ["-a", "--app", "-r", "--remote"],
  flyctl: ["-a", "--app", "-c", "--config"],
  fly: ["-a", "--app", "-c", "--config"],
  mvn: ["-f", "-pl", "-P", "-s", "-T", "-D"],
  mvnw: ["-f", "-pl", "-P", "-s", "-T", "-D"],
  gradle: ["-p", "-b", "-c", "-x", "-I"],
  gradlew: ["-p", "-b", "-c", "-x", "-I"],
};

/** Programs whose options begin with one hyphen and are words: `-auto-approve`. Their letters mean nothing alone. */
const wordOptions = new Set(["terraform", "tofu", "terragrunt", "find", "nomad", "vault", "consul"]);

export function callOf(
  program: string,
  args: readonly string[],
  { dynamic = [], ...input }: Partial<Pick<Call, "dynamic" | "input" | "inputFile" | "secretInput">> = {},
): Call {
  const taking = new Set(Object.hasOwn(valueOptions, program) ? valueOptions[program] : []);
  const positionals: string[] = [];
  let optionsOver = false;
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? "";
    if (!optionsOver && word === "--") optionsOver = true;
    else if (!optionsOver && word.startsWith("-") && word !== "-") index += taking.has(word) ? 1 : 0;
    else positionals.push(word);
  }
  return { program, args, positionals, dynamic, ...input };
}

/**
 * One of these options is given: one letter alone or in a group (`-rf`), a long name whole, shortened as getopt allows
 * (`--rec`), or with a value. What follows `--` is no option.
 */
export function flag(...names: readonly string[]): Condition {
  const letters = names.filter((name) => name.length === 1);
  const words = names.filter((name) => name.length > 1);
  return ({ program, args }) => {
    for (const arg of args) {
      if (arg === "--") return false;
      if (arg.startsWith("--")) {
        const given = arg.slice(2).split("=")[0] ?? "";
        if (words.some((word) => word === given || (given.length >= 3 && word.startsWith(given)))) return true;
        if (given.length > 0 && given.length < 3 && words.some((word) => word.startsWith(given)) && program === "rm")
          return true;
      } else if (arg.startsWith("-") && !wordOptions.has(program)) {
        if (/^-[A-Za-z0-9]+(?:=.*)?$/.test(arg) && letters.some((letter) => (arg.split("=")[0] ?? "").includes(letter)))
          return true;
      }
    }
    return false;
  };
}

export function anyArgument(pattern: RegExp): Condition {
  return ({ args }) => args.some((arg) => pattern.test(arg));
}

/** The argument at this place, when there are at least `least` of them. */
export function argument(pattern: RegExp, at: number, least: number): Condition {
  return ({ args }) => args.length >= least && pattern.test(args[at] ?? "");
}

export function positional(pattern: RegExp): Condition {
  return ({ positionals }) => positionals.some((word) => pattern.test(word));
}

/** The first word that is no option is one of these. */
export function subcommand(...names: readonly string[]): Condition {
  return ({ positionals }) => names.includes(positionals[0] ?? "");
}

/** The last word is the target of what is copied or written; tee, truncate and sed write to each of theirs. */
export function target(isMeant: (file: string) => boolean): Condition {
  return ({ positionals, program }) =>
    /^(?:tee|truncate|g?sed)$/.test(program)
      ? positionals.some(isMeant)
      : positionals.length > (program === "cat" ? 99 : 1) && isMeant(positionals.at(-1) ?? "");
}

const runsNext = /^(?:-exec|-execdir|-ok|-okdir|-x|-X|--exec|--exec-batch)$/;
const passesOn = /^(?:sudo|doas|env|nice|nohup|command|time)$/;

/** What find, fd, xargs or parallel run for each file, by its name or in a text for a shell. */
export function runsForEach(program: RegExp, text: RegExp): Condition {
  return (call) => {
    if (call.args.some((arg) => text.test(arg))) return true;
    const feeds = /xargs$|^parallel$/.test(call.program);
    for (const [index, arg] of call.args.entries()) {
      const before = call.args[index - 1] ?? "";
      if (
        feeds
          ? /^-|^\d+$/.test(arg) || /^-[InPLdEsaRJ]$/.test(before)
          : !runsNext.test(before) && !passesOn.test(before)
      )
        continue;
      if (program.test(arg)) return true;
      if (feeds && !passesOn.test(arg)) return false;
    }
    return false;
  };
}

/** One of the arguments in which the shell fills in something. */
export function dynamicArgument(pattern: RegExp): Condition {
  return ({ dynamic }) => dynamic.some((arg) => pattern.test(arg));
}

export function allOf(...conditions: readonly Condition[]): Condition {
  return (call) => conditions.every((condition) => condition(call));
}

export function anyOf(...conditions: readonly Condition[]): Condition {
  return (call) => conditions.some((condition) => condition(call));
}

export function noneOf(...conditions: readonly Condition[]): Condition {
  return (call) => !conditions.some((condition) => condition(call));
}

/** Options after which code follows, by interpreter. */
const codeOption = /^-(?:[A-Za-z]*[cerpE]|-eval|-print|-execute|-command|-run)$/;

/** The code that an interpreter is given on its command line or to read. */
export function codeOf(call: Call): string[] {
  const texts = call.input === undefined ? [] : [call.input];
  const awk = /awk$/.test(call.program);
  call.args.forEach((arg, index) => {
    const inline = /^--(?:eval|print|command|execute)=(.*)$/s.exec(arg)?.[1];
    if (inline !== undefined) texts.push(inline);
    else if (codeOption.test(call.args[index - 1] ?? "")) texts.push(arg);
    else if (/^-[ce]./.test(arg) && /^(?:python|perl|ruby)/.test(call.program)) texts.push(arg.slice(2));
    else if (awk && !arg.startsWith("-")) texts.push(arg);
  });
  return texts;
}

export function code(pattern: RegExp): Condition {
  return (call) => codeOf(call).some((text) => pattern.test(text));
}

/**
 * SQL in any argument, in all of them together, or to read: DROP, TRUNCATE, REVOKE, and DELETE or UPDATE of all rows.
 * Strings and comments are not looked at.
 */
export const sql: Condition = ({ args, input, program }) =>
  [
    ...args.map((arg) => arg.replace(/^(?:--[\w-]+=|-[ecQq](?=\w))/, "")),
    ...(program === "db2" ? [args.join(" ")] : []),
    ...(input === undefined ? [] : [input]),
  ].some((text) => {
    if (!/\b(?:drop|truncate|delete|update|revoke|reset|purge|system|shutdown)\b/i.test(text)) return false;
    const plain = withoutComments(text)
      .replace(/--[^\n]*/g, " ")
      .replace(/'[^']*'/g, "''");
    return plain.split(";").some(isDestructiveStatement);
  });

/** By hand, because a pattern would begin anew at each of many openings. */
function withoutComments(text: string): string {
  const [first = "", ...rest] = text.split("/*");
  return [first, ...rest.map((part) => (part.includes("*/") ? part.slice(part.indexOf("*/") + 2) : ""))].join(" ");
}

const dropped = /\bdrop\s+[a-z]\w*/i;
const overAll =
  /\b(?:revoke\s+[\w,\s]+\s+(?:on|from)\b|alter\s+system\s+|reset\s+master\b|purge\s+(?:binary|master)\s+logs\b|^\s*shutdown\b)/i;
/** Holds for each row: `WHERE true`, `WHERE 1=1`, `WHERE id = id`, `WHERE id IS NOT NULL`. */
const holdsForAll =
  /\bwhere\s*\(?\s*(?:(?:\S+\s+or\s+)?(?:true|not\s+false|1)|([\w."]+|'')\s*(?:=|>=|<=|like)\s*\1|[\w."]+\s+is\s+not\s+null|[\w."]+\s*(?:>=?|<>|!=)\s*-?[01]|[\w."]+\s*<>\s*'')\s*\)?\s*$/i;

function isDestructiveStatement(statement: string): boolean {
  if (dropped.test(statement) || overAll.test(statement)) return true;
  if (/\btruncate\s+(?:table\s+|only\s+)?["`[\w]/i.test(statement)) return true;
  return (
    (/\bdelete\s+from\b/i.test(statement) || /\bupdate\s+\S+\s+set\b/i.test(statement)) &&
    (!/\bwhere\b/i.test(statement) ||
      holdsForAll.test(statement.trim()) ||
      /\bor\s+(?:true|1\s*=\s*1)\b/i.test(statement))
  );
}
