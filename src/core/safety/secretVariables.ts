import type { Redactor } from "./redaction";
import { isLikelySecretValue } from "./secretValues";

type Variables = Readonly<Record<string, string | undefined>>;

const secretWords =
  /(?:SECRETS?|TOKENS?|PASSWORDS?|PASSWD|PASSPHRASE|API_?KEYS?|PRIVATE_?KEY|CREDENTIALS?)(?:_|$)|(?:^|_)(?:PASS|SSHPASS|PWD|[A-Z]+_KEY|AUTH)(?:_|$)/i;
/** What such a name is about is then something else: where the secret is, or how it is treated. */
const aboutSecrets =
  /_(?:FILE|PATH|DIR|FOLDER|URL|URI|HOST|PORT|SOCK|NAME|ID|USER|STORE|TYPE|TTL|EXPIRES?(?:_AT)?|COMMAND|CMD|HELPER|PROVIDER|BACKEND|METHOD|MODE|REGION|LENGTH|SIZE|COUNT|LIMIT|ENABLED?|DISABLED?)$/i;

/** The folder that a shell is in; `DB_PWD` is a password. */
const workingFolder = "PWD";

/** A variable that holds a secret, going by its name: `GITHUB_TOKEN`, `PGPASSWORD`, `STRIPE_API_KEY`. */
function isSecretName(name: string): boolean {
  return name !== workingFolder && secretWords.test(name) && !aboutSecrets.test(name);
}

/** Variables whose names say that they hold a secret, and whose values may be one: no path, switch or number. */
export function secretVariables(variables: Variables): [name: string, value: string][] {
  return Object.entries(variables).flatMap(([name, value]) =>
    value !== undefined &&
    isSecretName(name) &&
    isLikelySecretValue({ secret: value, before: `${name}=`, after: "", spaced: false, option: false })
      ? [[name, value]]
      : [],
  );
}

/** Has their values hidden from now on, wherever they are printed. */
export function hideSecretValues(redactor: Pick<Redactor, "addKnownValue">, variables: Variables): void {
  for (const [name, value] of secretVariables(variables)) redactor.addKnownValue(name, value);
}
