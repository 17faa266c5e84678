/** Tells secrets from the words that stand in the same place: placeholders, types, code, prose, paths. */

/** Words that stand where a secret would, in documentation, types, options and messages. */
const plainWords = new Set(
  (
    "nil null none undefined true false yes no on off string number boolean bool object any unknown never void str int integer bytes byte text varchar char uuid array list map function required optional " +
    "missing invalid valid expired incorrect wrong empty blank set unset ok failed denied hidden masked redacted removed omitted filtered enabled disabled default auto automatic prompt stdin file " +
    "password passwd passphrase pass secret token key apikey api_key api-key username user changeme change_me change-me placeholder example sample dummy todo tbd fixme value " +
    "include omit same-origin query header body cookie basic bearer generated random created updated deleted found used unused new old the a an is was are be must should can cannot could not for from " +
    "to of in with and or if when your my this that it has have will mysecret mypassword secretref vault ssm sops encrypted plaintext refresh access verified rotated revoked"
  ).split(" "),
);

/**
 * References and fill-ins: `$VAR`, `${VAR}`, `%VAR%`, `{{ x }}`, `<token>`, `process.env.X`, `***`, what is redacted
 * already.
 */
const reference =
  /^(?:[$%@!]?[({<[]|\$[A-Za-z_@#?!0-9(]|%[A-Za-z_]+%|\\?[*•.x_#-]{3,}|[*•]+|&lt;|!(?:vault|secret|env|Ref|Sub|GetAtt)|(?:process\.env|import\.meta|os\.|env[.([]|ENV[.([]|secrets?\.|vars?\.|config[.([]|settings?\.|self\.|this\.|args\.|options\.|opts\.|req\.|request\.|res\.|response\.|props\.|ctx\.|context\.|data\.|local\.|module\.|aws_|System\.|Deno\.env|Bun\.env|getenv)|\[?redacted|‹redacted)/i;

const fillIn =
  /^(?:your|my|the|some|insert|enter|put|replace|add|change|example|sample|dummy|fake|test|xxx)[-_ .]?(?:[a-z]+(?:[-_ .][a-z]+)*[-_ .]?)?$/i;

export function isPlaceholder(value: string): boolean {
  const bare = unquote(value);
  if (bare.length < 3 || !/[\p{L}\p{N}]/u.test(bare)) return true;
  if (plainWords.has(bare.toLowerCase().replace(/[.,;:!?)\]}]+$/, ""))) return true;
  if (reference.test(bare) || /^(.)\1+$/u.test(bare)) return true;
  if (
    bare.length <= 64 &&
    fillIn.test(bare) &&
    /(?:key|token|secret|pass|here|value|string|user|me|name|id)/i.test(bare)
  )
    return true;
  // NAME_OF_SOMETHING stands for its value.
  return /^[A-Z][A-Z_]{2,40}$/.test(bare) && /PASS|TOKEN|SECRET|KEY|STRING|VALUE|TEXT|NAME/.test(bare);
}

export interface Candidate {
  /** As found, with its quotes. */
  readonly secret: string;
  /** The name and separator in front of it. */
  readonly before: string;
  /** A few characters behind it. */
  readonly after: string;
  /** Blanks stand between the name and the value: `key: value`, `key = value`. */
  readonly spaced: boolean;
  /** It is the value of a command-line option. */
  readonly option: boolean;
}

/**
 * Decides about the value of something with a secret's name. A password may be any word, so the surroundings decide
 * about plain words.
 */
export function isLikelySecretValue(candidate: Candidate): boolean {
  const { secret, before, option } = candidate;
  const quoted = /^\\?["'`]/.test(secret);
  const bare = unquote(secret).replace(quoted ? "" : /[.,)\]}]+$/, "");
  if (isPlaceholder(bare) || bare.length < (quoted || !candidate.spaced ? 3 : 4)) return false;
  if (isPath(bare) || (option && /^(?:id|type|src|env)=/.test(bare))) return false;
  const password = /pass|pwd/i.test(before);
  if (/^[\d.,:%]+$/.test(bare)) return password && bare.length >= 4 && /^\d+$/.test(bare);
  if (
    /^(?:https?:\/\/[^@?]*$|arn:|sha\d{3}[:-]|ssh-(?:rsa|ed25519)|projects\/)/.test(bare) &&
    !/webhook|dsn/i.test(before)
  )
    return false;
  if (quoted) return !isProse(bare) && !isCode(bare);
  if (isCode(secret)) return false;
  if (/[\d!@#%^*+~$/=]/.test(bare)) return !/^[a-z]+-?\d?$/i.test(bare) || password || !candidate.spaced;
  return isLoneWord(bare, candidate, password);
}

/**
 * Letters only: a password when it stands alone (`password: swordfish`, `--password swordfish`), prose or code when it
 * does not.
 */
function isLoneWord(bare: string, { secret, after, spaced, option, before }: Candidate, password: boolean): boolean {
  if (/pass|token|secret|key|auth|cred/i.test(bare) && /^[A-Za-z_.-]+$/.test(bare) && (spaced || bare.length < 8))
    return false;
  if (option) return /^(?:\s*$|\s*[\n;|&)]|\s+["'-])/.test(after) || !spaced;
  if (!spaced) return true;
  if (/[,;)}\]]$/.test(secret) || /^[;)]/.test(after)) return false;
  const endsLine = /^[ \t]*(?:\r?\n|$|#)/.test(after);
  return (
    endsLine &&
    bare.length >= 6 &&
    (password || /[a-z][A-Z]|-/.test(bare)) &&
    !/[:=]\s*$/.test(after) &&
    !before.endsWith(":\n")
  );
}

function unquote(value: string): string {
  return value.replace(/^\\?["'`]|\\?["'`]$/g, "");
}

/** Several words of letters: a sentence, not a secret. Passphrases look alike, so it needs a sentence's marks. */
function isProse(text: string): boolean {
  const words = text.split(/\s+/);
  if (words.length < 2) return false;
  if (
    /^(?:enter|invalid|incorrect|missing|please|the|your|a|an|no|must|wrong|expected|failed|new|confirm|forgot|reset|repeat)\b/i.test(
      text,
    )
  )
    return true;
  return words.length >= 3 && /[.?!:]$/.test(text) && words.every((word) => /^[\p{L}'",.?!:-]+$/u.test(word));
}

/** A call, a member, an index or a type, as source code has them. */
function isCode(text: string): boolean {
  return (
    /^(?:await|new|async|function|return|typeof|const|let|lambda|str|fn|match|not)?\s?[A-Za-z_$][\w$]*(?:\?*\.[A-Za-z_$][\w$]*)*(?:\(|\[["'\w])/.test(
      text,
    ) ||
    /^[A-Za-z_$][A-Za-z_$]*(?:(?:\.|::|->|\?\.)[A-Za-z_$][A-Za-z_$]*)+[,;)\]}]*$/.test(text) ||
    /^(?:Option|Vec|Arc|Box|Promise|Array|Record|Partial|Optional|List|Secret[A-Z]?\w*|String|Token)(?:[<[|?]|$)/.test(
      text,
    ) ||
    /^\{\{|^`?\$\{/.test(text)
  );
}

/** `/etc/ssl/key.pem`, `./token`, `~/.ssh/id`, `C:\keys`; base64 has longer parts. */
function isPath(text: string): boolean {
  if (/^[A-Za-z]:\\/.test(text)) return true;
  if (!/^(?:~|\.{1,2})?\/[\w.@%+:-]+(?:\/[\w.@%+:-]*)*$|^[\w.-]+(?:\/[\w.-]+)+\.[a-z]{2,5}$/.test(text)) return false;
  return text.split("/").every((part) => part.length <= 30);
}
