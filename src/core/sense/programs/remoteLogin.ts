import { hostKeyRule } from "../askedTrust";
import type { ProgramRules } from "../programRules";
import { promptAtEnd } from "./shellPrompts";

/** ssh and its kin ask before they trust a host that they do not know. */
export const remoteLogin: ProgramRules = {
  program: "ssh",
  title: "OpenSSH",
  role: "tool",
  recorded: ["9.2"],
  known: { commands: ["ssh", "scp", "sftp", "ssh-copy-id"] },
  regions: {},
  rules: [
    {
      name: hostKeyRule,
      state: "waiting",
      kind: "trust",
      priority: 80,
      confidence: "high",
      answer: "line",
      when: [
        {
          in: "before_cursor",
          matches: /\(yes\/no(?:\/\[fingerprint\])?\)\? ?\S*$|type 'yes', 'no' or the fingerprint: ?\S*$/u,
        },
      ],
    },
    /** What the shell on the other side has started, and reads a language of its own. */
    {
      name: "remote_repl",
      state: "idle",
      kind: "repl",
      priority: 62,
      confidence: "medium",
      when: [
        {
          in: "before_cursor",
          matches:
            /^(?:>>>|\.\.\.|In \[\d+\]:|\((?:Pdb|gdb)\)|(?:mysql|sqlite|redis|irb|php)\S*>|\w+[-=*!]{1,2}[#>]) /u,
          cursor: "visible",
          alternate: false,
        },
      ],
    },
    /** The shell on the other side: its line editor reads, or its line ends as prompts do. */
    {
      name: "remote_prompt",
      state: "idle",
      kind: "shell",
      priority: 60,
      confidence: "medium",
      when: [{ in: "before_cursor", matches: promptAtEnd, cursor: "visible", alternate: false }],
      unless: [{ in: "before_cursor", matches: /^s?ftp> /u }],
    },
  ],
};
