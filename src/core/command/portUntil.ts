import type { Clock, LocalPorts } from "../ports/machine";
import { pause } from "../session/pause";
import type { ShellSession } from "../session/shellSession";
import type { UntilCondition } from "./typingRequest";

/**
 * No system tells when a port is opened. It is looked at soon after the command has printed something, as servers do once
 * they listen, and ever more seldom while it is silent.
 */
const firstMs = 100;
const seldomMs = 2000;
const growth = 1.5;
/** A command that prints all the time is no reason to look more often. */
const leastMs = 250;
/** A command may leave a program behind that opens the port once it is gone, as `docker compose up -d` does. */
const behindMs = 5000;

/** Follows a command until a port of this machine accepts connections. */
export class PortUntil implements UntilCondition {
  constructor(
    private readonly session: Pick<ShellSession, "until">,
    private readonly wanted: { readonly port: number; readonly ports: LocalPorts },
    private readonly clock: Pick<Clock, "after" | "monotonic">,
  ) {}

  async holds(stop: AbortSignal): Promise<void> {
    for (let ms = firstMs; !(await this.#isOpen());) {
      const looked = this.clock.monotonic();
      ms = (await this.#printed(ms, stop)) ? firstMs : Math.min(ms * growth, seldomMs);
      await pause(this.clock, Math.max(0, leastMs - (this.clock.monotonic() - looked)), stop);
    }
  }

  async heldAtEnd(): Promise<boolean> {
    const deadline = this.clock.monotonic() + behindMs;
    for (let ms = firstMs; ; ms = Math.min(ms * growth, seldomMs)) {
      if (await this.#isOpen()) return true;
      if (this.clock.monotonic() + ms > deadline) return false;
      await pause(this.clock, ms);
    }
  }

  #isOpen(): Promise<boolean> {
    return this.wanted.ports.isOpen(this.wanted.port);
  }

  /** Whether something came within that time. */
  async #printed(ms: number, stop: AbortSignal): Promise<boolean> {
    let asked = false;
    const came = await this.session.until(
      () => {
        const again = asked;
        asked = true;
        return again ? true : undefined;
      },
      ms,
      stop,
    );
    return came === true;
  }
}
