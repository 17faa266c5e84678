import * as l10n from "@vscode/l10n";
import type { Disposable } from "../core/base/lifecycle";
import { stripControlCharacters } from "../core/safety/controlCharacters";
import { messageOf } from "../core/model/errors";
import type { Logger } from "../core/ports/machine";
import type { HostAnswer, HostEvent, RequestHandlers, RequestShape, Tells } from "../protocol/pageMessages";
import { pageRequestSchema, type RequestChecks } from "../protocol/pageChecks";

/** The way to a page; what it says is nothing to be trusted. */
export interface PageChannel {
  /** Dropped where the page is not there. */
  readonly postMessage: (message: HostAnswer | HostEvent) => unknown;
  readonly onDidReceiveMessage: (listener: (message: unknown) => void) => Disposable;
}

/**
 * The host's end of a page: what comes is checked and answered, and events are posted. What is no request of the
 * contract is dropped.
 */
export class PageHost<R extends Record<keyof R, RequestShape>, E> implements Tells<E>, Disposable {
  readonly #listening: Disposable;
  #disposed = false;

  constructor(
    private readonly channel: PageChannel,
    private readonly checks: RequestChecks<R>,
    private readonly handlers: RequestHandlers<R>,
    private readonly logger: Logger,
  ) {
    this.#listening = channel.onDidReceiveMessage((message: unknown) => void this.#receive(message));
  }

  tell<N extends keyof E & string>(name: N, params: E[N]): void {
    this.#post({ kind: "event", name, params });
  }

  dispose(): void {
    this.#disposed = true;
    this.#listening.dispose();
  }

  async #receive(message: unknown): Promise<void> {
    const request = pageRequestSchema.safeParse(message).data;
    if (!request || !Object.hasOwn(this.checks, request.name)) {
      this.logger.warn("A page sent something that is not a request.");
      return;
    }
    const { id } = request;
    const name = request.name as keyof R;
    const params = this.checks[name].safeParse(request.params);
    if (!params.success) {
      this.logger.warn(`A page sent a request that cannot be read: ${request.name}`);
      if (id !== undefined)
        this.#post({
          kind: "refusal",
          id,
          sentence: l10n.t("This page does not work as it should. Close it, then open it again."),
        });
      return;
    }
    try {
      const result = await this.handlers[name](params.data);
      if (id !== undefined) this.#post({ kind: "answer", id, result });
    } catch (error) {
      if (id === undefined) this.logger.warn(messageOf(error));
      else this.#post({ kind: "refusal", id, sentence: stripControlCharacters(messageOf(error)) });
    }
  }

  #post(message: HostAnswer | HostEvent): void {
    if (this.#disposed) return;
    // A page that is not there gets the whole picture when it comes.
    void this.channel.postMessage(message);
  }
}
