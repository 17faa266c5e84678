import { l10n } from "vscode";
import { maxBodyBytes } from "../../adapters/wsh/wire";
import { KeySender } from "../../core/session/keySender";
import { OrchestratorError } from "../../core/model/errors";
import type { ReachedSession } from "../sessions";
import { recordAttachment } from "../terminals/attachmentRecord";

const encoder = new TextEncoder();

/**
 * A person's keys for one session, as long as they hold its keyboard. The record says when they took it and when they
 * gave it back.
 */
export class PersonsKeyboard {
  #held: { readonly reached: ReachedSession; readonly sender: KeySender } | undefined;

  constructor(
    private readonly actor: string,
    /** The session takes no more keys, and nobody types on when some may be missing. */
    private readonly failed: (error: unknown) => void,
  ) {}

  get isTaken(): boolean {
    return this.#held !== undefined;
  }

  async take(reach: () => Promise<ReachedSession>): Promise<void> {
    if (this.#held) return;
    const reached = await reach();
    const { wire, chosen, context, followed } = reached;
    const sender = new KeySender(
      (keys) => chosen.server.sendInput(wire, keys),
      (error) => this.#notTaken(error),
      maxBodyBytes,
    );
    this.#held = { reached, sender };
    await recordAttachment(followed, {
      kind: "session",
      session_name: context.session_name,
      actor: this.actor,
      event: "attached",
      text: `${this.actor} took the keyboard of ${context.session_name} in a mirror.`,
    });
  }

  /** Throws `needs_person` when nobody has taken it. */
  type(text: string): void {
    if (!this.#held) throw new OrchestratorError("needs_person", l10n.t("Take the keyboard first."), "");
    this.#held.sender.push(encoder.encode(text));
  }

  async give(): Promise<void> {
    const held = this.#held;
    if (!held) return;
    this.#held = undefined;
    await held.sender.sent();
    const { followed, context } = held.reached;
    await recordAttachment(followed, {
      kind: "session",
      session_name: context.session_name,
      actor: this.actor,
      event: "detached",
      text: `${this.actor} gave the keyboard of ${context.session_name} back.`,
    });
  }

  #notTaken(error: unknown): void {
    void this.give();
    this.failed(error);
  }
}
