import * as l10n from "@vscode/l10n";
import { Attached } from "../core/acts/attach";
import { OrchestratorError } from "../core/model/errors";
import type { SessionContext } from "../core/model/session";
import type { Ledger } from "../core/ports/ledger";
import type { Clock, ProcessIdentity } from "../core/ports/machine";
import type { SessionServer } from "../core/ports/sessions";
import { KeySender } from "../core/session/keySender";
import { advice, nothingToDo } from "../core/model/remedy";

/** Whatever has a project's record that can be written. */
export interface Recorded {
  readonly ledger: Pick<Ledger, "append">;
}

/** A session that keys can go to. */
export interface TypableSession {
  readonly followed: Recorded;
  readonly context: Pick<SessionContext, "session_name" | "k">;
  /** Its name on the server. */
  readonly wire: string;
  readonly chosen: { readonly server: Pick<SessionServer, "sendInput"> };
}

export interface PersonsKeyboardOptions {
  readonly actor: string;
  /** Of this process: with it the keyboard is given back. */
  readonly process: () => Promise<ProcessIdentity>;
  readonly clock: Pick<Clock, "after">;
  /** Bytes that a server takes in one request. */
  readonly mostKeyBytes: number;
  /** The session takes no more keys, and typing stops when some may be missing. */
  failed(error: unknown): void;
  /** The record does not have it that the keyboard was taken, or given back. */
  unrecorded(error: unknown): void;
}

const encoder = new TextEncoder();

/**
 * A person's keys for one session, as long as they hold its keyboard. The record says when they took it and when they
 * gave it back.
 */
export class PersonsKeyboard {
  #held: { readonly sender: KeySender; readonly attached: Promise<Attached> } | undefined;
  /** A taking that is under way; giving the keyboard back meanwhile ends its turn. */
  #taking: Promise<void> | undefined;
  #turn = {};

  constructor(private readonly options: PersonsKeyboardOptions) {}

  get isTaken(): boolean {
    return this.#held !== undefined;
  }

  /** Throws `cancelled` when it was given back before the session was reached, and what `reach` throws. */
  take(reach: () => Promise<TypableSession>): Promise<void> {
    if (this.#held) return Promise.resolve();
    this.#taking ??= this.#take(reach, this.#turn);
    return this.#taking;
  }

  /** Throws `needs_person` while it is not taken. */
  type(keys: string | Uint8Array): void {
    if (!this.#held)
      throw new OrchestratorError("needs_person", l10n.t("Nothing was typed. Take the keyboard first."), nothingToDo);
    this.#held.sender.push(typeof keys === "string" ? encoder.encode(keys) : keys);
  }

  async give(): Promise<void> {
    this.#endTurn();
    const held = this.#held;
    if (!held) return;
    this.#held = undefined;
    await held.sender.close();
    await (await held.attached).end({ how: "detached" });
  }

  async #take(reach: () => Promise<TypableSession>, turn: object): Promise<void> {
    try {
      const [session, process] = await Promise.all([reach(), this.options.process()]);
      if (this.#turn !== turn)
        throw new OrchestratorError(
          "cancelled",
          l10n.t("The keyboard was given back before the session was reached."),
          advice(l10n.t("Take the keyboard again.")),
        );
      const { wire, chosen, context, followed } = session;
      const sender = new KeySender(
        (keys) => chosen.server.sendInput(wire, keys),
        (error) => this.#notTaken(error),
        this.options.mostKeyBytes,
      );
      const attached = Attached.begin({
        session: { session_name: context.session_name, k: context.k },
        actor: this.options.actor,
        place: "mirror",
        // Whoever types in a page is a person.
        insideSession: undefined,
        process,
        clock: this.options.clock,
        record: followed.ledger,
        unrecorded: (error) => this.options.unrecorded(error),
      });
      this.#held = { sender, attached };
    } finally {
      if (this.#turn === turn) this.#endTurn();
    }
    await this.#held.attached;
  }

  #endTurn(): void {
    this.#turn = {};
    this.#taking = undefined;
  }

  #notTaken(error: unknown): void {
    void this.give();
    this.options.failed(error);
  }
}
