import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { endProcess } from "./builtinServer";
import { type EverydayWait, programPath } from "./everydayWait";
import { freePort } from "./localAddresses";
import { until } from "./until";

const passphrase = "blue moon 7";
const password = "correct-horse-9";
/** `openssl passwd -6` of it. */
const passwordHash =
  "$6$throwaway$kVENrwws.LRmp4TwvnUFbNBASZw6Pqv6D8.f45Y0epWtGjzcllqGlIFd8xvt9upzjLBWRHGzZGcuGKvPCDZhT/";
const uid = 4242;

/** A server of ssh on the loopback interface, whose keys and users are its own. */
async function startSsh(workspace: string): Promise<() => Promise<void>> {
  const folder = join(workspace, "ssh");
  mkdirSync(folder, { mode: 0o700 });
  const key = (name: string, secret: string): string => {
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", secret, "-f", join(folder, name)]);
    return readFileSync(join(folder, `${name}.pub`), "utf8");
  };
  key("host", "");
  writeFileSync(join(folder, "authorized"), key("mine", passphrase));
  const port = await freePort();
  const server = {
    ListenAddress: `127.0.0.1:${port}`,
    HostKey: join(folder, "host"),
    AuthorizedKeysFile: join(folder, "authorized"),
    PidFile: "none",
    UsePAM: "no",
    StrictModes: "no",
    PermitRootLogin: "yes",
    PasswordAuthentication: "no",
    KbdInteractiveAuthentication: "no",
    // No start-up file of the user's has a say.
    SetEnv: `HOME=${folder}`,
  };
  const client = {
    HostName: "127.0.0.1",
    Port: String(port),
    User: userInfo().username,
    IdentityFile: join(folder, "mine"),
    IdentitiesOnly: "yes",
    IdentityAgent: "none",
    UserKnownHostsFile: join(folder, "known"),
    GlobalKnownHostsFile: "/dev/null",
  };
  const lines = (options: Readonly<Record<string, string>>): string =>
    Object.entries(options)
      .map(([name, value]) => `${name} ${value}\n`)
      .join("");
  writeFileSync(join(folder, "server"), lines(server));
  writeFileSync(join(folder, "client"), `Host box\n${lines(client)}`);
  const sshd = [programPath("sshd") ?? "", "-D", "-e", "-f", join(folder, "server")];
  const [program = "", ...args] = lacksFolder() ? ["unshare", "--mount", "sh", "-c", withFolder, ...sshd] : sshd;
  const child = spawn(program, args, { stdio: "ignore" });
  await until("sshd listens", () => {
    if (child.exitCode !== null) throw new Error(`sshd ended with ${child.exitCode}.`);
    return new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
  });
  return () => endProcess(child, "SIGTERM");
}

/** Compiled into sshd: where it drops its rights. */
const emptied = "/run/sshd";
/** Gives it the folder where nobody but it sees one. */
const withFolder = `mount -t tmpfs none /run && mkdir -m 755 ${emptied} && exec "$0" "$@"`;

function lacksFolder(): boolean {
  return process.getuid?.() === 0 && !existsSync(emptied);
}

/** Why sshd cannot be started. */
function lacksForSsh(): string | undefined {
  return lacksFolder() && !hasOwnMounts() ? `there is no ${emptied}` : undefined;
}

function hasOwnMounts(): boolean {
  return spawnSync("unshare", ["--mount", "true"]).status === 0;
}

/** A user of its own, whom nothing but this command sees: sudo asks root for nothing, and nobody's password is known here. */
function addSudoer(workspace: string): Promise<() => Promise<void>> {
  const folder = join(workspace, "sudo");
  mkdirSync(folder, { mode: 0o711 });
  const add = (file: string, line: string, mode: number): void =>
    writeFileSync(join(folder, file), `${readFileSync(join("/etc", file), "utf8")}${line}\n`, { mode });
  add("passwd", `ada:x:${uid}:${uid}::/:/bin/sh`, 0o644);
  add("group", `ada:x:${uid}:`, 0o644);
  add("shadow", `ada:${passwordHash}:20000:0:99999:7:::`, 0o600);
  writeFileSync(join(folder, "sudoers"), "ada ALL=(ALL) ALL\n", { mode: 0o440 });
  writeFileSync(
    join(folder, "as-ada"),
    `for file in passwd group shadow sudoers; do mount --bind "$PWD/sudo/$file" "/etc/$file"; done\n` +
      `exec setpriv --reuid ${uid} --regid ${uid} --clear-groups "$@"\n`,
  );
  return Promise.resolve(() => Promise.resolve());
}

function lacksForSudo(): string | undefined {
  return hasOwnMounts() ? undefined : "only root may give it a user and mounts of its own";
}

/** What asks for the secrets of a person who logs in somewhere. */
export const loginWaits: readonly EverydayWait[] = [
  {
    name: "ssh",
    needs: ["ssh", "sshd", "ssh-keygen"],
    lacks: lacksForSsh,
    setUp: startSsh,
    run: "ssh -F ssh/client box 'echo in=$((6 * 7))'",
    steps: [
      { asks: /continue connecting \(yes\/no/, kind: "trust", options: ["yes", "no"], answer: "yes" },
      { asks: /Enter passphrase for key/, kind: "password", answer: { secret: passphrase } },
    ],
    gives: /in=42/,
  },
  {
    name: "sudo",
    needs: ["sudo", "unshare", "setpriv"],
    lacks: lacksForSudo,
    setUp: addSudoer,
    run: "unshare --mount sh sudo/as-ada sudo -k id -un",
    steps: [{ asks: /\[sudo\] password for ada:/, kind: "password", answer: { secret: password } }],
    gives: /^root$/m,
  },
  {
    // Its way to the world is closed, so that it ends after its last question.
    name: "gh",
    needs: ["gh"],
    asksTerminal: true,
    run: 'GH_CONFIG_DIR="$PWD/gh" HTTPS_PROXY=http://127.0.0.1:9 gh auth login; echo left=$?',
    steps: [
      {
        asks: /What account do you want to log into|Where do you use GitHub/,
        kind: "login",
        answer: "GitHub.com",
        listed: true,
      },
      { asks: /preferred protocol/, kind: "login", options: ["HTTPS", "SSH"], answer: "HTTPS", listed: true },
      { asks: /Authenticate Git with your GitHub credentials\?/, kind: "confirm", answer: "n" },
      {
        asks: /How would you like to authenticate/,
        kind: "login",
        answer: "Paste an authentication token",
        listed: true,
      },
      { asks: /Paste your authentication token/, kind: "login", answer: { secret: "not-a-token-7" } },
    ],
    gives: /left=1/,
  },
];
