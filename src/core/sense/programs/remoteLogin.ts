import type { ProgramRules } from "../programRules";
import { promptAtEnd } from "./shellPrompts";

/** ssh and its kin ask before they trust a host that they do not know, and then show the shell of that host. */
export const remoteLogin: ProgramRules = {
  program: "ssh",
  title: "OpenSSH",
  role: "tool",
  recorded: ["9.2"],
  known: { commands: ["ssh", "scp", "sftp", "ssh-copy-id"] },
  regions: {},
  rules: [
    {
      name: "host_key",
      state: "waiting",
      kind: "trust",
      priority: 80,
      confidence: "high",
      when: [
        {
          in: "before_cursor",
          matches: /\(yes\/no(?:\/\[fingerprint\])?\)\? ?\S*$|type 'yes', 'no' or the fingerprint: ?\S*$/u,
        },
      ],
    },
    {
      name: "remote_shell",
      state: "idle",
      kind: "shell",
      priority: 60,
      confidence: "medium",
      when: [{ in: "before_cursor", matches: promptAtEnd, cursor: "visible" }],
    },
  ],
};
