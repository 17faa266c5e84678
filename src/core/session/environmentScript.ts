import { keptOutVariables } from "./keptOutVariables";

/** What a session starts with where its server can only add variables. */
export interface EnvironmentStart {
  /** In front of the session's command; names and values stand in the environment alone, where `ps` does not show them. */
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Set by the shell itself, or by the server where the caller has none. */
const alwaysKept = ["PWD", "TERM", "HOME", "USER", "LOGNAME", "SHELL", "PATH"];

/**
 * Takes out of a session what its server has and the caller has not: everything (`whole`), or what is kept out of
 * sessions. For any POSIX shell, with nothing but what is built into it: which programs there are depends on PATH.
 * A line of a value that looks like a name takes out nothing that is kept. Exported functions of bash stay.
 */
export function environmentStart(names: readonly string[], whole: boolean): EnvironmentStart {
  const script = `set -f
WO_I=$IFS IFS='
'
for WO_N in $(export -p); do
WO_N=\${WO_N#export } WO_N=\${WO_N#declare -x } WO_N=\${WO_N%%=*}
case $WO_N in *[!A-Za-z0-9_]*|[0-9]*|''|WO_*) continue ;; esac
case " $WO_KEEP " in *" $WO_N "*) continue ;; esac
case $WO_N in ${whole ? "*" : keptOutPattern()}) command unset "$WO_N" ;; esac
done 2>/dev/null
IFS=$WO_I; set +f
unset WO_CLEAN WO_KEEP WO_N WO_I`;
  return {
    command: 'eval "$WO_CLEAN"; ',
    env: { WO_CLEAN: script, WO_KEEP: [...new Set([...alwaysKept, ...names])].join(" ") },
  };
}

/** Without what is the server's own where it is not kept out everywhere. */
function keptOutPattern(): string {
  const groups = keptOutVariables.filter(({ below }) => below === undefined);
  const words = groups.flatMap(({ names = [], prefixes = [] }) => [...names, ...prefixes.map((each) => `${each}*`)]);
  return words.join("|");
}
