import type { ProgramRules } from "../programRules";

const accountQuestion =
  /^\? (?:What account do you want to log into|Where do you use GitHub|What is your preferred protocol|How would you like to authenticate|Upload your SSH public key)[^?]*\?/u;

/** The command line of GitHub: what it asks while it logs in, the code for the browser included. */
const githubCli: ProgramRules = {
  program: "gh",
  title: "GitHub CLI",
  role: "tool",
  recorded: ["2.23"],
  known: { commands: ["gh"], screen: [{ in: "screen", matches: accountQuestion, alternate: false }] },
  regions: { ending: { from: /^\? \S/u, within: 16 }, foot: { bottom: 3 }, last: { bottom: 1 } },
  rules: [
    {
      name: "account",
      state: "waiting",
      kind: "login",
      priority: 80,
      confidence: "high",
      answer: "list",
      when: [{ in: "ending", first: true, matches: new RegExp(`${accountQuestion.source} {1,2}\\[Use arrows`, "u") }],
    },
    /** The code goes into a page of a browser; until it is there, nothing else is shown. */
    {
      name: "device_code",
      state: "waiting",
      kind: "login",
      priority: 79,
      confidence: "high",
      when: [
        { in: "foot", matches: /^! First copy your one-time code: \S+$/u },
        { in: "last", matches: /^Press Enter to open \S+ in your browser\.\.\.$/u },
      ],
    },
    {
      name: "token",
      state: "waiting",
      kind: "login",
      priority: 78,
      confidence: "high",
      answer: "line",
      secret: true,
      when: [{ in: "before_cursor", matches: /^\? (?:Paste your authentication token|GitHub hostname):? ?\S*$/u }],
    },
  ],
};

/** cargo takes a token on the line below what it asks. */
const cargo: ProgramRules = {
  program: "cargo",
  title: "Cargo",
  role: "tool",
  recorded: ["1.95"],
  known: { commands: ["cargo"] },
  regions: { ending: { bottom: 3 } },
  rules: [
    {
      name: "token",
      state: "waiting",
      kind: "login",
      priority: 80,
      confidence: "high",
      answer: "line",
      secret: true,
      when: [
        { in: "ending", matches: /please paste the (?:API )?token .*\bbelow$/iu, joined: true },
        { in: "before_cursor", matches: /^$|\bbelow$/u, cursor: "visible" },
      ],
    },
  ],
};

/** What programs ask before they let a person in, in words of their own. */
export const logins: readonly ProgramRules[] = [githubCli, cargo];
