import { connect } from "node:net";
import type { LocalPorts } from "../../core/ports/machine";

/** A program that listens on loopback is connected to at once; what filters packets away answers nothing at all. */
const answerMs = 1000;
const loopback = ["127.0.0.1", "::1"];

/** Looks by connecting, and hangs up at once: no other way sees the ports of all users on every system. */
export function createLocalPorts(): LocalPorts {
  return {
    isOpen: async (port) => (await Promise.all(loopback.map((host) => accepts(host, port)))).includes(true),
  };
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const say = (open: boolean): void => {
      resolve(open);
      socket.destroy();
    };
    socket.setTimeout(answerMs, () => say(false));
    socket.once("connect", () => say(true));
    socket.once("error", () => say(false));
  });
}
