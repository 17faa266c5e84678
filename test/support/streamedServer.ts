import { afterAll, beforeAll } from "vitest";
import type { WshServer } from "../../src/adapters/wsh/wshServer";
import { FaultProxy } from "./faultProxy";
import type { clientServerKinds, RunningServer } from "./servers";
import { untilRow } from "./sessionProbe";

/** A server for one group of tests, its client, the same through a proxy that can break connections, and programs. */
export class StreamedServer {
  running!: RunningServer;
  server!: WshServer;
  proxy!: FaultProxy;
  /** The same server through the proxy. */
  proxied!: WshServer;
  #count = 0;

  /** Made in a `describe`: it runs from before its first test to behind its last one. */
  constructor({ missing, start }: (typeof clientServerKinds)[number]) {
    beforeAll(async () => {
      if (missing !== undefined) return;
      this.running = await start();
      this.server = this.running.client();
      this.proxy = await FaultProxy.start(this.running.address);
      this.proxied = this.running.client(this.proxy.address);
    });
    afterAll(async () => {
      if (missing !== undefined) return;
      await this.running.stop();
      await this.proxy.stop();
    });
  }

  async program(command: string): Promise<string> {
    const name = `r${++this.#count}`;
    await this.server.create({ name, command });
    return name;
  }

  /** A program that prints READY when its terminal is set up and it reads. */
  async readyProgram(command: string): Promise<string> {
    const name = await this.program(command);
    await untilRow(this.server, name, "READY");
    return name;
  }

  /** `cat` echoes each line twice: the terminal's echo and its own. */
  cat(): Promise<string> {
    return this.program("cat");
  }
}
