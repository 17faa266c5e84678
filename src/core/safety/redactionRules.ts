import { isLikelySecretValue, isPlaceholder } from "./secretValues";

/**
 * How one kind of secret is recognised. If the pattern has the groups `before` and `secret`, only the secret goes, and
 * it stands right after `before`; else the whole match does. Every pattern is written so that a scan is linear:
 * unbounded repetitions begin at an edge or exclude what ends them.
 */
export interface RedactionRule {
  /** Lower-case words with hyphens: it is part of the replacement. */
  readonly name: string;
  /** The pattern is tried only on text that contains one of these, compared in lower case. */
  readonly keywords: readonly string[];
  readonly pattern: RegExp;
  /** Says no to look-alikes. */
  readonly accept?: (secret: string, before: string, after: string) => boolean;
}

/** A token of a known form: prefix, alphabet, length. These are public facts of the issuers' documentation. */
function token(name: string, keywords: string | readonly string[], pattern: RegExp): RedactionRule {
  return { name, keywords: typeof keywords === "string" ? [keywords] : keywords, pattern };
}

/** Mixed letters and digits: a real token, not a word that begins alike. */
const mixed = (secret: string): boolean => /\d/.test(secret) && /[a-z]/i.test(secret);

/** Order matters: where two rules find the same text, the first one names it. */
// prettier-ignore
export const tokenRules: readonly RedactionRule[] = [
  token("private-key", "private key", /-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----(?:[^-]{0,16384}(?:-(?!----)[^-]{0,16384}){0,64}-----END [^-\n]{1,60}-----|(?:[\s\\nr"'+>|]{0,8}[A-Za-z0-9+/=]{20,})*(?:\s{1,2}[A-Za-z0-9+/]{1,20}={1,2})?)/g),
  token("putty-key", "private-lines", /Private-Lines: \d{1,4}\r?\n(?:[A-Za-z0-9+/=]{1,80}\r?\n?){1,200}/g),
  token("age-key", "age-secret-key-", /AGE-SECRET-KEY-1[0-9A-Z]{50,64}/gi),
  token("jwt", "eyj", /(?:(?<![A-Za-z0-9_-])|(?<=\\[nrt]))eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+){0,2}/g),

  token("aws-access-token", ["akia", "asia", "abia", "acca", "a3t"], /(?<![A-Za-z0-9+/])(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9+/=])/g),
  { name: "aws-secret-key", keywords: ["secret access key", "secretaccesskey", "secret_access_key", "secret_key", "aws_secret"], pattern: /(?<before>(?:secret[ _-]?(?:access[ _-]?)?key|aws_secret)["']?[^\n:=]{0,24}[:=]>?\s{0,4}["']?)(?<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi },
  token("aws-bedrock-key", "absk", /ABSK[A-Za-z0-9+/]{100,}={0,2}/g),
  { name: "aws-session-token", keywords: ["x-amz-security-token", "x-amz-signature"], pattern: /(?<before>X-Amz-(?:Security-Token|Signature)["']?[=:]\s?["']?)(?<secret>[A-Za-z0-9%/+=_-]{16,})/gi },

  token("github-token", ["ghp_", "gho_", "ghs_", "ghu_", "ghr_"], /gh[posur]_[A-Za-z0-9]{30,255}/g),
  token("github-fine-grained-token", "github_pat_", /github_pat_[A-Za-z0-9_]{22,255}/g),
  token("gitlab-token", ["glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "glimt-", "glagent-", "gloas-", "glsoat-", "glffct-"], /gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|oas|soat|ffct)-[A-Za-z0-9_.=-]{20,300}/g),
  token("gitlab-runner-token", "gr1348941", /GR1348941[A-Za-z0-9_-]{20}/g),
  token("bitbucket-token", "atbb", /ATBB[A-Za-z0-9_=.-]{24,64}/g),
  token("atlassian-token", "atatt3", /ATATT3[A-Za-z0-9_=-]{40,400}/g),

  token("slack-webhook", "hooks.slack.com", /(?<before>hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/)(?<secret>[A-Za-z0-9_/+-]{20,128})/gi),
  token("slack-token", "xox", /xox[a-z](?:\.xox[a-z])?-(?:\d-)?[A-Za-z0-9-]{10,400}/gi),
  token("slack-app-token", "xapp-", /xapp-\d-[A-Za-z0-9-]{20,400}/gi),
  token("discord-webhook", "/api/webhooks/", /(?<before>\/api\/webhooks\/\d{15,22}\/)(?<secret>[A-Za-z0-9_-]{50,100})/g),
  token("teams-webhook", "webhook.office.com", /(?<before>webhook\.office\.com\/webhookb2\/)(?<secret>[A-Za-z0-9@/-]{60,300})/g),
  { name: "discord-token", keywords: ["."], pattern: /(?<![A-Za-z0-9_-])[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,45}(?![A-Za-z0-9_-])/g, accept: mixed },
  token("telegram-token", ":aa", /(?<!\d)\d{8,10}:AA[A-Za-z0-9_-]{32,34}(?![A-Za-z0-9_-])/g),

  token("stripe-key", ["sk_live", "sk_test", "rk_live", "rk_test", "sk_prod", "rk_prod"], /[sr]k_(?:live|test|prod)_[A-Za-z0-9]{10,200}/g),
  token("stripe-webhook-secret", "whsec_", /whsec_[A-Za-z0-9+/=]{24,64}/g),
  token("square-token", ["sq0atp-", "sq0csp-", "sq0idp-"], /sq0(?:atp|csp|idp)-[A-Za-z0-9_-]{22,43}/g),
  token("square-access-token", "eaaa", /(?<![A-Za-z0-9+/])EAAA[A-Za-z0-9_-]{60}(?![A-Za-z0-9_-])/g),
  token("razorpay-key", "rzp_", /rzp_(?:live|test)_[A-Za-z0-9]{14}/g),
  token("shopify-token", "shp", /shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}/g),
  token("braintree-token", "access_token$", /access_token\$production\$[0-9a-z]{16}\$[0-9a-f]{32}/g),

  token("anthropic-key", "sk-ant-", /sk-ant-[A-Za-z0-9]{2,10}-[A-Za-z0-9_-]{20,200}/g),
  token("openrouter-key", "sk-or-", /sk-or-(?:v1-)?[A-Za-z0-9_-]{20,200}/g),
  { name: "openai-key", keywords: ["sk-"], pattern: /(?<![A-Za-z0-9_])sk-(?:(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{20,300}|[A-Za-z0-9]{20,100}(?![A-Za-z0-9-]))/g, accept: mixed },
  token("langsmith-key", "lsv2_", /lsv2_(?:pt|sk)_[A-Za-z0-9]{20,64}_[A-Za-z0-9]{6,20}/g),
  token("groq-key", "gsk_", /gsk_[A-Za-z0-9]{40,64}/g),
  token("xai-key", "xai-", /xai-[A-Za-z0-9]{60,100}/g),
  token("perplexity-key", "pplx-", /pplx-[A-Za-z0-9]{40,64}/g),
  token("replicate-token", "r8_", /(?<![A-Za-z0-9])r8_[A-Za-z0-9]{37}/g),
  token("hugging-face-token", ["hf_", "api_org_"], /(?<![A-Za-z0-9])(?:hf_|api_org_)[A-Za-z0-9]{30,60}/g),
  token("cohere-or-ai21-key", "co_api_", /co_api_[A-Za-z0-9]{30,60}/g),

  token("google-api-key", "aiza", /AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g),
  token("google-oauth-token", "ya29.", /ya29\.[A-Za-z0-9_-]{20,400}/g),
  token("google-client-secret", "gocspx-", /GOCSPX-[A-Za-z0-9_-]{24,32}/g),
  token("google-refresh-token", "1//", /(?<![A-Za-z0-9])1\/\/0[A-Za-z0-9_-]{40,200}/g),
  { name: "azure-client-secret", keywords: ["q~"], pattern: /(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.]{3}\dQ~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~.-])/g },
  token("azure-storage-key", ["accountkey=", "sharedaccesskey="], /(?<before>(?:Account|SharedAccess)Key=)(?<secret>[A-Za-z0-9+/]{20,100}={0,2})/gi),
  token("azure-sas-signature", "sig=", /(?<before>[?&]sig=)(?<secret>[A-Za-z0-9%+/=_-]{20,200})/g),
  token("azure-key", ["jqqj", "azfunct", "+astf", "acdb"], /(?<![A-Za-z0-9+/])(?:[A-Za-z0-9+/]{76}\+AS[tT][A-Za-z0-9+/]{5}==|[A-Za-z0-9]{52}JQQJ99[A-Z0-9]{2}[A-Za-z0-9]{24}|[A-Za-z0-9_-]{44}AzFu[A-Za-z0-9_-]{4}==)/g),
  token("azure-devops-token", "azdo", /[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}/g),
  token("digitalocean-token", ["dop_v1_", "doo_v1_", "dor_v1_"], /do[opr]_v1_[a-f0-9]{64}/g),
  token("alibaba-key", "ltai", /(?<![A-Za-z0-9])LTAI[A-Za-z0-9]{12,20}(?![A-Za-z0-9])/g),
  token("tencent-key", "akid", /(?<![A-Za-z0-9])AKID[A-Za-z0-9]{32}(?![A-Za-z0-9])/g),
  token("cloudflare-key", "v1.0-", /v1\.0-[a-f0-9]{24}-[a-f0-9]{146}/g),
  token("heroku-key", "hrku-", /HRKU-[A-Za-z0-9_-]{36,70}/g),
  token("netlify-token", "nfp_", /nfp_[A-Za-z0-9]{36}/g),
  token("fly-token", ["fo1_", "fm1r_", "fm2_"], /(?:fo1_[A-Za-z0-9_-]{43}|fm(?:1r|2)_[A-Za-z0-9+/=]{60,})/g),
  token("vercel-token", ["vcp_", "vck_", "vci_"], /(?<![A-Za-z0-9])vc[pkic]_[A-Za-z0-9]{24,80}/g),
  token("supabase-key", ["sbp_", "sb_secret_"], /(?:sbp_[a-f0-9]{40}|sb_secret_[A-Za-z0-9_-]{20,60})/g),
  token("planetscale-token", "pscale_", /pscale_(?:tkn|oauth|pw)_[A-Za-z0-9_.=-]{32,64}/g),
  token("databricks-token", "dapi", /(?<![A-Za-z0-9])dapi[a-f0-9]{32}(?:-\d)?/g),
  token("tailscale-key", "tskey-", /tskey-[a-z]{2,12}-[A-Za-z0-9_-]{20,80}/g),

  token("npm-token", "npm_", /npm_[A-Za-z0-9]{36,64}/g),
  token("pypi-token", "pypi-", /pypi-[A-Za-z0-9_-]{50,400}/g),
  token("rubygems-key", "rubygems_", /rubygems_[a-f0-9]{48}/g),
  { name: "crates-io-token", keywords: ["cio"], pattern: /(?<![A-Za-z0-9])cio[A-Za-z0-9]{32}(?![A-Za-z0-9])/g, accept: mixed },
  token("nuget-key", "oy2", /(?<![A-Za-z0-9])oy2[a-z0-9]{43}(?![A-Za-z0-9])/g),
  token("docker-token", ["dckr_pat_", "dckr_oat_"], /dckr_[po]at_[A-Za-z0-9_-]{27,64}/g),
  token("artifactory-token", ["akcp", "cmvmdgtu"], /(?<![A-Za-z0-9])(?:AKCp[A-Za-z0-9]{64,80}|cmVmdGtu[A-Za-z0-9]{50,64})/g),

  token("sendgrid-key", "sg.", /SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}/g),
  token("twilio-key", "sk", /(?<![A-Za-z0-9])SK[0-9a-f]{32}(?![A-Za-z0-9])/g),
  token("mailgun-key", "key-", /(?<![A-Za-z0-9])key-[0-9a-f]{32}(?![A-Za-z0-9])/g),
  token("mailchimp-key", "-us", /(?<![A-Za-z0-9])[0-9a-f]{32}-us\d{1,2}(?![A-Za-z0-9])/g),
  token("brevo-key", ["xkeysib-", "xsmtpsib-"], /x(?:key|smtp)sib-[a-f0-9]{64}-[A-Za-z0-9]{16}/g),
  token("resend-key", "re_", /(?<![A-Za-z0-9_])re_[A-Za-z0-9]{7,12}_[A-Za-z0-9]{20,30}(?![A-Za-z0-9_])/g),
  token("vault-token", ["hvs.", "hvb.", "hvr."], /hv[sbr]\.[A-Za-z0-9_-]{24,400}/g),
  token("terraform-token", ".atlasv1.", /[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70}/g),
  token("pulumi-token", "pul-", /pul-[a-f0-9]{40}/g),
  token("doppler-token", "dp.", /dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9._-]{40,100}/g),
  token("one-password-token", ["ops_ey", "a3-"], /(?:ops_eyJ[A-Za-z0-9+/=_-]{100,}|(?<![A-Za-z0-9])A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5})/g),
  token("grafana-token", ["glc_", "glsa_", "eyjrijoi"], /(?:glc_[A-Za-z0-9+/]{32,400}={0,2}|glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}|eyJrIjoi[A-Za-z0-9]{60,400}={0,2})/g),
  token("new-relic-key", ["nrak-", "nrjs-", "nrii-", "nraa-"], /NR(?:AK|JS|II|AA)-[A-Za-z0-9_-]{19,64}/g),
  token("sentry-token", ["sntrys_", "sntryu_"], /sntry[su]_[A-Za-z0-9+/=_]{40,400}/g),
  token("dynatrace-token", "dt0", /dt0[a-z]\d{2}\.[A-Z0-9]{24}\.[A-Z0-9]{64}/g),
  token("buildkite-token", ["bkua_", "bkaj_", "bkct_"], /bk(?:ua|aj|ct)_[A-Za-z0-9_]{40,64}/g),
  token("circleci-token", "ccipat_", /CCIPAT_[A-Za-z0-9]{22}_[a-f0-9]{40}/gi),
  token("notion-token", ["secret_", "ntn_"], /(?<![A-Za-z0-9_])(?:secret_[A-Za-z0-9]{43}|ntn_[A-Za-z0-9]{40,60})(?![A-Za-z0-9])/g),
  token("linear-key", ["lin_api_", "lin_oauth_"], /lin_(?:api|oauth)_[A-Za-z0-9]{40,64}/g),
  token("figma-token", "fig", /fig[duo][rhp]?_[A-Za-z0-9_-]{40,64}/g),
  token("airtable-token", "pat", /(?<![A-Za-z0-9])pat[A-Za-z0-9]{14}\.[a-f0-9]{64}/g),
  token("postman-key", "pmak-", /PMAK-[a-f0-9]{24}-[a-f0-9]{34}/gi),
  token("contentful-token", "cfpat-", /CFPAT-[A-Za-z0-9_-]{40,64}/g),
  token("typeform-token", "tfp_", /tfp_[A-Za-z0-9_.=-]{40,80}/g),
  token("easypost-key", ["ezak", "eztk"], /EZ[AT]K[A-Za-z0-9]{54,60}/g),
  token("shippo-token", "shippo_", /shippo_(?:live|test)_[a-f0-9]{40}/g),
  token("adafruit-key", "aio_", /aio_[A-Za-z0-9]{28}/g),
  token("okta-token", "ssws", /(?<before>SSWS\s{1,2})(?<secret>[A-Za-z0-9_-]{30,60})/g),
  token("facebook-token", ["eaa", "|"], /(?<![A-Za-z0-9])(?:EAA[MC][A-Za-z0-9]{20,300}|\d{15,16}\|[A-Za-z0-9_-]{27,40})(?![A-Za-z0-9])/g),
];

/** `\d+` alone after "port:" and the like is no password; a path is none either. */
function isUrlPassword(secret: string, before: string, after: string): boolean {
  if (/^\d{0,5}[/?#]/.test(secret) || before.includes("://[") || after.startsWith("@sha256:")) return false;
  return !isPlaceholder(secret);
}

const secretKey =
  "(?:pass[ _.-]?(?:word|wd|phrase|code)|passwrd|(?<![a-z])pwd|mysql_pwd|sshpass|pgpass|[_-]pass|(?<![a-z])pass(?==)|secret[ _.-]?(?:access[ _.-]?)?key(?:[_-]?base)?|secret|api[ _.-]?token|" +
  "token|api[ _.-]?key|apikey|access[ _.-]?key|private[ _.-]?key|auth[ _.-]?key|client[ _.-]?secret|account[ _.-]?key|shared[ _.-]?key|encryption[ _.-]?key|signing[ _.-]?key|master[ _.-]?key|" +
  "service[ _.-]?role[ _.-]?key|license[ _.-]?key|webhook[ _.-]?(?:key|url)|deploy[ _.-]?key|session[ _.-]?key|connection[ _.-]?string|_auth|dsn)";

/**
 * A value in quotes, with anything that belongs to them, or a run without blanks. Never fails once begun, so it cannot
 * backtrack; what is longer, the redactor follows.
 */
const value =
  '(?:"(?:[^"\\\\\\n]|\\\\.){0,4096}"?|\'(?:[^\'\\\\\\n]|\\\\.){0,4096}\'?|`[^`\\n]{0,4096}`?|\\\\"(?:[^"\\\\\\n]|\\\\[^"\\n]){0,4096}(?:\\\\")?|[^\\s"\'`;&|\\\\]{1,4096})';

/**
 * What terminals show: options, headers, URLs, assignments. Their values are judged, because the same forms are full of
 * harmless words.
 */
// prettier-ignore
export const contextRules: readonly RedactionRule[] = [
  { name: "authorization", keywords: ["authorization"], pattern: /(?<before>authorization["']?\s{0,4}[:=]\s{0,4}["']?(?:(?:bearer|basic|token|apikey|api-key|negotiate|ssws|splunk|genie[Kk]ey|key)\s{1,4})?)(?<secret>(?:(?:digest|oauth|hawk|aws4-hmac-sha256)\s[^\r\n'"]{1,4096}(?:"[^"\n]{0,4096}"[^\r\n'"]{0,4096}){0,32}|[^\s"'`,;<>]{1,4096}))/gi, accept: (secret) => secret.length >= 6 && !isPlaceholder(secret) && !/^(?:bearer|basic|token|header|required|failed)$/i.test(secret) },
  { name: "bearer", keywords: ["bearer"], pattern: /(?<before>\bbearer\s{1,4})(?<secret>[A-Za-z0-9._~+/=-]{12,})/gi, accept: (secret) => mixed(secret) && !isPlaceholder(secret) },
  { name: "basic-auth", keywords: ["basic "], pattern: /(?<before>\bbasic\s{1,4})(?<secret>[A-Za-z0-9+/]{12,}={0,2})(?![A-Za-z0-9+/])/gi, accept: (secret) => secret.endsWith("=") || (secret.length % 4 === 0 && mixed(secret) && /[A-Z]/.test(secret)) },
  { name: "cookie", keywords: ["cookie"], pattern: /(?<before>\b(?:set-)?cookie["']?\s{0,4}:\s{0,4}["']?)(?<secret>[A-Za-z0-9_.!#$%&*+^`|~-]{1,200}=[^\r\n"']{3,4096})/gi, accept: (secret) => !isPlaceholder(secret.slice(secret.indexOf("=") + 1)) },
  { name: "cookie", keywords: ["curl", "wget", "http"], pattern: /(?<before>\bcurl\b[^\n]{0,512}?\s(?:-b|--cookie)[ =]?["']?)(?<secret>[A-Za-z0-9_.-]{1,100}=[^\s"']{3,})/gi },
  { name: "url-password", keywords: ["://"], pattern: /(?<before>:\/\/[^\s/:@"'<>`]{0,256}:)(?<secret>[^\s"'<>`]{1,512})(?=@)/g, accept: isUrlPassword },
  { name: "url-token", keywords: ["://"], pattern: /(?<before>:\/\/)(?<secret>[A-Za-z0-9_-]{20,200})(?=@)/g, accept: mixed },

  { name: "command-password", keywords: ["mysql", "mariadb"], pattern: /(?<before>\b(?:mysql|mariadb)[a-z-]{0,10}\b[^\n|;&]{0,512}?\s-p)(?<secret>'[^'\n]+'|"[^"\n]+"|[^\s'"|;&-][^\s'"|;&]*)/g, accept: notPort },
  { name: "command-password", keywords: ["sshpass"], pattern: /(?<before>\bsshpass\s{1,4}(?:-v\s{1,4})?-p\s{0,4})(?<secret>'[^'\n]+'|"[^"\n]+"|[^\s'"]+)/g, accept: notPlaceholder },
  { name: "command-password", keywords: ["mongo", "docker login", "podman login", "helm", "az login", "redis-cli", "sqlcmd", "ldap", "htpasswd", "oc login"], pattern: /(?<before>\b(?:(?:mongo[a-z]{0,8}|(?:docker|podman|az|helm registry|oc)\s+login)\b[^\n|;]{0,512}?\s-p|redis-cli\b[^\n|;]{0,256}?\s-a|sqlcmd\b[^\n|;]{0,256}?\s-P|ldap[a-z]{3,8}\b[^\n|;]{0,512}?\s-w)\s{1,4})(?<secret>'[^'\n]+'|"[^"\n]+"|[^\s'"-][^\s'"]*)/g, accept: notPort },
  { name: "command-password", keywords: ["zip", "7z", "rar"], pattern: /(?<before>\b(?:(?:un)?zip\b[^\n|;]{0,256}?\s-P\s{0,4}|7z[a-z]?\b[^\n|;]{0,256}?\s-p|rar\b[^\n|;]{0,256}?\s-h?p))(?<secret>'[^'\n]+'|"[^"\n]+"|[^\s'"-][^\s'"]*)/g, accept: notPlaceholder },
  { name: "command-password", keywords: ["pass:"], pattern: /(?<before>\b(?:-pass(?:in|out)?|-k|passin|passout)\s{1,4}["']?pass:)(?<secret>[^\s"']+)/g, accept: notPlaceholder },
  { name: "command-password", keywords: ["smbclient", "smb", "cifs", "rpcclient"], pattern: /(?<before>\b(?:smbclient|rpcclient|smbget)\b[^\n|;]{0,256}?\s-U\s{0,4}["']?[^\s%"']{1,128}%)(?<secret>[^\s"']+)/g, accept: notPlaceholder },
  { name: "user-password", keywords: ["curl", "wget", "hurl"], pattern: /(?<before>\b(?:curl|wget|hurl)\b[^\n]{0,400}?\s(?:-u|-U|--user|--proxy-user)(?:\s{1,4}|=)?["']?[^\s:"'/]{0,64}:)(?<secret>[^\s"'/][^\s"']*)/g, accept: notPlaceholder },
  { name: "user-password", keywords: ["http", "xh", "ab "], pattern: /(?<before>(?<![^\s;|&(])(?:https?|xh|ab)\s[^\n]{0,400}?(?<=\s)(?:-a|-A|--auth)(?:\s{1,4}|=)?["']?[^\s:"'/]{0,64}:)(?<secret>[^\s"'/][^\s"']*)/g, accept: notPlaceholder },
  { name: "netrc-password", keywords: ["login"], pattern: /(?<before>\blogin\s{1,8}\S{1,128}\s{1,8}(?:account\s{1,8}\S{1,128}\s{1,8})?password\s{1,8})(?<secret>\S+)/g, accept: notPlaceholder },
  { name: "pgpass-password", keywords: [":5432:", ":*:"], pattern: /(?<before>^[^\s:]{1,128}:(?:5432|\*):[^\s:]{1,128}:[^\s:]{1,128}:)(?<secret>\S+)/gm, accept: notPlaceholder },
  { name: "password-hash", keywords: ["$2", "$6$", "$5$", "$1$", "$y$", "$argon2"], pattern: /(?<![A-Za-z0-9])\$(?:2[abxy]?\$\d{2}\$[./A-Za-z0-9]{53}|[156]\$(?:rounds=\d{1,9}\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{22,86}|y\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{1,86}\$[./A-Za-z0-9]{40,86}|argon2(?:id|i|d)\$v=\d{1,3}\$[a-z0-9=,]{1,60}\$[A-Za-z0-9+/]{11,64}\$[A-Za-z0-9+/]{16,100})/g },
  { name: "secret-option", keywords: ["--", "-storepass", "-keypass", "-pass", "-token", "-secret"], pattern: new RegExp(`(?<before>\\s--?(?:[a-z0-9]{1,20}-){0,4}(?:password|passwd|passphrase|pass|secret|token|api-?key|access-?key|private-?key|client-?secret|auth-?token|secret-?key|storepass|keypass|srcstorepass|deststorepass|pw)(?:=|\\s{1,4}))(?<secret>"[^"\\n]*"?|'[^'\\n]*'?|[^\\s"'-][^\\s"']*)`, "gi"), accept: (secret, before, after) => isLikelySecretValue({ secret, before, spaced: !before.endsWith("="), option: true, after }) },
  { name: "secret-variable", keywords: ["env ", "set ", "setenv", "arg "], pattern: /(?<before>\b(?:ENV|ARG|setenv|set\s{1,4}-[A-Za-z]{1,8})\s{1,4}[A-Za-z0-9_]{0,40}?(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|ACCESS_KEY|PRIVATE_KEY)[A-Za-z0-9_]{0,12}\s{1,4})(?<secret>"[^"\n]{1,4096}"?|'[^'\n]{1,4096}'?|[^\s"'=-][^\s"']{0,4096})/gi, accept: (secret, before, after) => isLikelySecretValue({ secret, before, spaced: true, option: true, after }) },
  { name: "secret-element", keywords: ["</"], pattern: /(?<before><(?:[A-Za-z0-9]{1,20}[_.:-])?(?:password|passwd|passphrase|secret|token|apiKey|api_key|accessKey|secretKey|privateKey|clientSecret)>)(?<secret>[^<\n]{3,})(?=<\/)/gi, accept: notPlaceholder },
  {
    name: "secret-value",
    keywords: ["pass", "pwd", "secret", "token", "key", "_auth", "dsn", "connection", "webhook"],
    pattern: new RegExp(`(?<before>${secretKey}\\d{0,3}(?:_(?:base64|value|file_contents?|prod|dev|test|old|new|\\d))?(?:\\\\?["'])?\\]?(?:\\sis)?\\s{0,4}(?::=|=>|=|:)(?![=:/])[ \\t]{0,8}(?:[ubr](?=["']))?)(?<secret>${value})`, "gi"),
    accept: (secret, before, after) => isLikelySecretValue({ secret, before, after, spaced: /\s$/.test(before), option: false }),
  },
];

function notPlaceholder(secret: string): boolean {
  return !isPlaceholder(secret);
}

/** `-p 27017:27017` publishes a port. */
function notPort(secret: string): boolean {
  return !/^[\d.]+(?::[\d.]+)*(?:\/(?:tcp|udp))?$/.test(secret) && !isPlaceholder(secret);
}
