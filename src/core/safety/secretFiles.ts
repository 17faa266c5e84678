import type { ShellWord } from "./shellWords";

const secretPath =
  /(?:^|[/@=\s("'`<;:])(?:\.(?:ssh|aws|gnupg|azure|password-store)(?:[/\s"'`)]|$)|\.kube\/config|\.docker\/config\.json|\.config\/(?:gcloud|gh|op|rclone)\b|\.(?:netrc|npmrc|pypirc|pgpass|my\.cnf|git-credentials|vault-token|(?:bash|zsh|psql|mysql)_history)\b|\.env(?:\.\w+)?(?:[\s"'`)]|$)|id_(?:rsa|dsa|ecdsa|ed25519)(?:[\s"'`)]|$)|credentials(?:\.json)?(?:[\s"'`)]|$)|secrets?\.(?:ya?ml|json|env|txt)\b|[\w.-]+\.(?:pem|p12|pfx|kdbx|jks|ppk|keychain(?:-db)?)(?:[\s"'`)]|$)|etc\/(?:shadow|gshadow|sudoers)\b)/;
const noSecret = /\.pub\b|known_hosts|\.env\.(?:example|sample|template|dist|test)\b|^https?:\/\//;
const tellsSecrets = /\$\(\s*(?:sudo\s+)?(?:env|printenv)\s*(?:\||\))/;

/** A path, or a text with one, under which keys and passwords are kept. */
export function namesSecrets(text: string): boolean {
  return (secretPath.test(text) && !noSecret.test(text)) || tellsSecrets.test(text);
}

/** Whether what the command prints holds secrets: `cat ~/.ssh/id_rsa`, `env`, `pass show x`. */
export function printsSecrets(words: readonly ShellWord[]): boolean {
  const [program, ...args] = words.filter(({ text }) => !/^(?:sudo|doas|command)$/.test(text));
  if (args.some(({ text }) => !/^--?exclude/.test(text) && namesSecrets(text))) return true;
  const told = args.map(({ text }) => text).join(" ");
  switch (program?.program) {
    case "env":
    case "printenv":
    case "history":
      return args.length === 0;
    case "set":
      return args.length === 0;
    case "export":
    case "declare":
      return /^-\w*[px]/.test(told);
    case "gpg":
      return /--export-secret/.test(told);
    case "security":
      return /^(?:find-\w+-password|export|dump-keychain)/.test(told);
    case "pass":
    case "op":
      return /^(?:show|read|item get)\b/.test(told);
    default:
      return false;
  }
}
