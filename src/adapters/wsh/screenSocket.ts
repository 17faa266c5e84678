import * as z from "zod";
import type { Disposable } from "../../core/base/lifecycle";
import { hasCode, messageOf } from "../../core/model/errors";
import type { ScreenFormat, ScreenListener } from "../../core/ports";
import { AttemptFailure } from "./attemptFailure";
import { type JsonEvent, JsonSocket } from "./jsonSocket";
import { SessionStream, type StreamContext } from "./sessionStream";
import type { WebSocketConnection } from "./webSocketConnection";
import { wireScreenSchema, wireSyncBodySchema } from "./wire";
import { hasFormat, toScreen } from "./wireConversions";

/** At most one picture in this many milliseconds: about two frames, below what people see as delay. */
const pictureMs = 30;
const subscribeResultSchema = z.looseObject({ events: z.array(z.string()) });

/**
 * A session's screen as full pictures. Events only tell that something changed; the picture is then asked for, so lost, late or foreign
 * events cannot make it wrong.
 */
export function openScreenStream(context: StreamContext, name: string, format: ScreenFormat, listener: ScreenListener): SessionStream {
  return new ScreenSocket(context, name, format, listener).stream;
}

class ScreenSocket {
  readonly stream: SessionStream;
  readonly #context: StreamContext;
  readonly #format: ScreenFormat;
  readonly #listener: ScreenListener;
  #json: JsonSocket | undefined;
  #timer: Disposable | undefined;
  #asking = false;
  /** Something changed after the picture that is being asked for. */
  #stale = false;
  #shownAt = -Infinity;

  constructor(context: StreamContext, name: string, format: ScreenFormat, listener: ScreenListener) {
    this.#context = context;
    this.#format = format;
    this.#listener = listener;
    this.stream = new SessionStream(context, name, "/ws/json", {
      opened: (connection) => this.#opened(connection),
      message: (data, binary) => this.#json?.message(data, binary),
      closed: () => this.#closed(),
      ended: (end) => listener.ended(end),
    });
  }

  #opened(connection: WebSocketConnection): void {
    const { access } = this.#context;
    const at = { address: access.address, session: this.stream.name };
    const json = new JsonSocket((text) => connection.send(text), access.clock, at, (event) => this.#event(event));
    this.#json = json;
    const params = { events: ["lines", "cursor", "mode"], format: this.#format };
    json.request(subscribeResultSchema, { method: "subscribe", params }).then(undefined, (error: unknown) => this.#failed(json, error));
  }

  #closed(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#json?.close();
    this.#json = undefined;
    this.#asking = false;
    this.#stale = false;
  }

  #event(event: JsonEvent): void {
    if (event.event === "sync") {
      const sync = wireSyncBodySchema.safeParse(event).data;
      if (sync && hasFormat(sync.screen, this.#format) && !this.#asking && this.#isTime()) {
        this.#show(sync.screen);
        return;
      }
    }
    this.#changed();
  }

  #changed(): void {
    if (this.#asking) {
      this.#stale = true;
      return;
    }
    if (this.#timer) return;
    const { clock } = this.#context.access;
    const wait = pictureMs - (clock.monotonic() - this.#shownAt);
    if (wait <= 0) {
      this.#ask();
      return;
    }
    this.#timer = clock.after(wait, () => {
      this.#timer = undefined;
      this.#ask();
    });
  }

  #ask(): void {
    const json = this.#json;
    if (!json || this.stream.disposed) return;
    this.#asking = true;
    json.request(wireScreenSchema, { method: "get_screen", params: { format: this.#format } }).then(
      (screen) => {
        if (this.#json !== json || this.stream.disposed) return;
        this.#asking = false;
        this.#show(screen);
        if (!this.#stale) return;
        this.#stale = false;
        this.#changed();
      },
      (error: unknown) => this.#failed(json, error),
    );
  }

  #isTime(): boolean {
    return !this.#timer && this.#context.access.clock.monotonic() - this.#shownAt >= pictureMs;
  }

  #show(screen: z.infer<typeof wireScreenSchema>): void {
    this.#shownAt = this.#context.access.clock.monotonic();
    this.#listener.screen(toScreen(screen));
    this.stream.ready();
  }

  /** A connection that does not answer is made anew, which also finds out whether the session ended. */
  #failed(json: JsonSocket, error: unknown): void {
    if (this.#json !== json || this.stream.disposed) return;
    const reason = error instanceof AttemptFailure ? error.error : error;
    this.#context.logger.debug(`Screen of ${this.stream.name}: ${messageOf(reason)}`);
    if (hasCode(reason, "request_invalid")) this.stream.fail(reason);
    else this.stream.renew();
  }
}
