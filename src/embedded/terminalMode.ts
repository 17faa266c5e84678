import { execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { WireTerminal } from "../adapters/wsh/wire";

/** Both programs answer within milliseconds; a machine that has no time for them gets no answer. */
const answerMs = 1000;
const outputLimit = 16 * 1024;
/** Where the system's own programs are: what a PATH leads to could be anything. */
const env = { PATH: "/usr/bin:/bin:/usr/sbin:/sbin", LC_ALL: "C" };

/** How a terminal takes what is typed, from what `stty -a` prints of it. Undefined when it prints something else. */
export function parseTerminalMode(text: string): Pick<WireTerminal, "echo" | "canonical"> | undefined {
  const flag = (name: string): boolean | undefined => {
    const found = new RegExp(`(?:^|[\\s;])(-?)${name}(?=[\\s;]|$)`, "m").exec(text);
    return found ? found[1] === "" : undefined;
  };
  const echo = flag("echo");
  const canonical = flag("icanon");
  return echo === undefined || canonical === undefined ? undefined : { echo, canonical };
}

/** How the terminal behind this descriptor takes what is typed; the answer of a process that was given no other file. */
export function terminalMode(fd: number): Promise<Pick<WireTerminal, "echo" | "canonical"> | undefined> {
  return new Promise((resolve) => {
    const child = spawn("stty", ["-a"], { stdio: [fd, "pipe", "ignore"], env, timeout: answerMs });
    let text = "";
    child.stdout?.setEncoding("utf8").on("data", (part: string) => {
      if (text.length < outputLimit) text += part;
    });
    child.once("error", () => resolve(undefined));
    child.once("close", () => resolve(parseTerminalMode(text)));
  });
}

/** The program in the foreground of the terminal whose session this process leads; undefined when unknown. */
export async function foregroundProgram(leader: number): Promise<string | undefined> {
  const linux = process.platform === "linux";
  const group = linux ? linuxForeground(leader) : Number(await ps("tpgid=", leader));
  if (group === undefined || !Number.isInteger(group) || group <= 0) return undefined;
  const name = linux ? told(group, "comm") : await ps("comm=", group);
  // Arguments lie in the memory of the process itself, for which one may have to wait.
  return programName(name, isNodesThread(name) ? await argumentsOf(group) : "");
}

/**
 * What Linux itself keeps of a process, empty where there is none any more. To read it takes some 20 µs; another thread
 * that reads it costs several times as much.
 */
function told(pid: number, file: "stat" | "comm"): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}

function argumentsOf(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
}

/** Node, from version 24 on, calls the thread so by which Linux names a process. */
function isNodesThread(process: string): boolean {
  return process.trim() === "MainThread";
}

/**
 * The name of a program, from what the system calls its process and from its arguments, each with a NUL behind it.
 * Undefined where neither says it.
 */
export function programName(process: string, commandLine: string): string | undefined {
  const name = isNodesThread(process) ? (commandLine.split("\0", 1)[0] ?? "") : process.trim();
  // A program may add what it is: `tmux: client`; a login shell has a dash in front of its name.
  const plain = basename(name).replace(/:.*$/, "").replace(/^-/, "");
  return plain === "" ? undefined : plain;
}

function linuxForeground(leader: number): number | undefined {
  const stat = told(leader, "stat");
  const group = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[5];
  return group === undefined ? undefined : Number(group);
}

function ps(field: string, pid: number): Promise<string> {
  return new Promise((resolve) => {
    execFile("ps", ["-o", field, "-p", String(pid)], { env, timeout: answerMs }, (error, out) =>
      resolve(error ? "" : out),
    );
  });
}
