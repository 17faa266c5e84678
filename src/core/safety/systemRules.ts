import { anyOf, code, flag, noneOf, positional, subcommand } from "./policyConditions";
import { help, type PolicyRule } from "./policyRule";

export const systemRules: readonly PolicyRule[] = [
  {
    id: "power",
    programs: ["shutdown", "reboot", "halt", "poweroff"],
    when: noneOf(help, flag("c", "k")),
    reason: "shuts down or restarts the machine",
    match: ["shutdown -h now", "sudo reboot", "poweroff"],
    not_match: ["shutdown -c", "man shutdown", "which reboot"],
  },
  {
    id: "system-stop",
    programs: ["systemctl", "init", "telinit", "loginctl"],
    when: anyOf(
      (call) =>
        call.program === "systemctl" &&
        subcommand("reboot", "poweroff", "halt", "kexec", "rescue", "emergency", "hibernate", "suspend")(call),
      (call) => /init$/.test(call.program) && positional(/^[0156]$/)(call),
      (call) => call.program === "loginctl" && subcommand("terminate-user", "kill-user", "poweroff", "reboot")(call),
    ),
    reason: "shuts down, restarts or suspends the machine, or ends a user's sessions",
    match: ["systemctl reboot", "init 0"],
    not_match: ["systemctl status nginx", "systemctl restart nginx", "npm init"],
  },
  {
    id: "kill-everything",
    programs: ["kill"],
    when: (call) => call.args.slice(1).includes("-1"),
    reason: "ends all processes of the user",
    match: ["kill -9 -1", "kill -s KILL -1", "kill -- -1"],
    not_match: ["kill 1234", "kill -1 1234", "kill -9 %1"],
  },
  {
    id: "kill-by-name",
    programs: ["killall", "killall5", "pkill", "taskkill", "skill"],
    when: noneOf(help, flag("l", "list")),
    reason: "ends every process with a matching name, even outside this project",
    match: ["killall node", "pkill -9 -f vite"],
    not_match: ["pgrep node", "killall -l"],
  },
  {
    id: "crontab-remove",
    programs: ["crontab"],
    when: flag("r"),
    reason: "deletes all scheduled jobs of the user",
    match: ["crontab -r", "crontab -u bob -r"],
    not_match: ["crontab -l", "crontab -e"],
  },
  {
    id: "accounts",
    programs: ["userdel", "deluser", "groupdel", "delgroup"],
    when: noneOf(help),
    reason: "deletes a user account or a group",
    match: ["userdel -r bob", "deluser bob"],
    not_match: ["useradd bob", "userdel --help"],
  },
  {
    id: "firewall",
    programs: ["iptables", "ip6tables", "nft", "ufw"],
    when: anyOf(
      (call) => /^ip6?tables$/.test(call.program) && flag("F", "X", "flush")(call),
      (call) => call.program === "nft" && positional(/^flush$/)(call),
      (call) => call.program === "ufw" && subcommand("reset", "disable")(call),
    ),
    reason: "deletes firewall rules or turns the firewall off",
    match: ["iptables -F", "ufw --force reset"],
    not_match: ["iptables -L", "ufw status"],
  },
  {
    id: "script-deletes",
    programs:
      /^(?:python[\d.]*|pypy3?|node|nodejs|deno|bun|ruby|perl|php|lua|awk|gawk|mawk|nawk|tclsh|osascript|rscript|julia)$/,
    when: code(
      /\bshutil\.(?:rmtree|move)\b|\brmtree\s*\(|\bos\.(?:remove|unlink|rmdir|removedirs|truncate)\b|\.unlink\s*\(|\.rmdir\s*\(|\b(?:rm|rmdir|unlink|truncate)Sync\b|\bfs(?:\.promises)?\.(?:rm|rmdir|unlink|truncate)\b|\brimraf\b|\bremove(?:Sync)?\s*\(['"]|FileUtils\.(?:rm|remove)|\bFile\.(?:delete|unlink)\b|\bDir\.(?:rmdir|delete|unlink)\b|\bunlink\b|\bremove_tree\b|\bDeno\.remove|\bPath\([^)]*\)\.(?:unlink|rmdir)/,
    ),
    reason: "runs code that deletes, moves or empties files",
    match: [
      "python3 -c 'import shutil; shutil.rmtree(\"x\")'",
      "python -c 'import os; os.remove(\"x\")'",
      "node -e 'fs.rmSync(\"x\")'",
      "perl -e 'unlink glob \"*\"'",
      "python3 - <<E\nimport shutil\nshutil.rmtree('x')\nE",
    ],
    not_match: ["python3 -c 'print(1)'", "node -e 'console.log(1)'", "python3 manage.py runserver", "node rmSync.js"],
  },
];
