import * as z from "zod/mini";
import type { Disposable } from "../../core/base/lifecycle";
import { hasCode, messageOf } from "../../core/model/errors";
import type { Screen, ScreenFormat, ScreenListener } from "../../core/ports/sessions";
import { AttemptFailure } from "./attemptFailure";
import { type JsonEvent, JsonSocket } from "./jsonSocket";
import { SessionStream, type StreamContext } from "./sessionStream";
import type { WebSocketConnection } from "./webSocketConnection";
import { wireCursorEventSchema, wireLineEventSchema, wireScreenSchema, wireSyncBodySchema } from "./wire";
import { hasFormat, toScreen } from "./wireConversions";

/** At most one picture in this many milliseconds: about two frames, below what people see as delay. */
const pictureMs = 30;
const subscribeResultSchema = z.looseObject({ events: z.array(z.string()) });

/**
 * A session's screen as full pictures. Events only tell that something changed; the picture is then asked for, so lost,
 * late or foreign events cannot make it wrong.
 */
export function openScreenStream(
  context: StreamContext,
  name: string,
  format: ScreenFormat,
  listener: ScreenListener,
): SessionStream {
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
  /** When the listener was told something new last; a picture that confirms an early one is nothing new. */
  #toldAt = -Infinity;
  #untold = true;
  /** The newest picture with the changes that were told since. */
  #likely: Screen | undefined;
  #earlySoon = false;
  /** Rows were told early. Their cursor comes right after them, sometimes in the next packet, and belongs to them. */
  #cursorDue = false;

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
    const json = new JsonSocket(
      (text) => connection.send(text),
      access.clock,
      at,
      (event) => this.#event(event),
    );
    this.#json = json;
    const params = { events: ["lines", "cursor", "mode"], format: this.#format };
    json
      .request(subscribeResultSchema, { method: "subscribe", params })
      .then(undefined, (error: unknown) => this.#failed(json, error));
  }

  #closed(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#json?.close();
    this.#json = undefined;
    this.#asking = false;
    this.#stale = false;
    this.#likely = undefined;
  }

  #event(event: JsonEvent): void {
    if (event.event === "sync") {
      const sync = wireSyncBodySchema.safeParse(event).data;
      if (sync && hasFormat(sync.screen, this.#format) && !this.#asking && this.#isTime()) {
        this.#show(sync.screen);
        return;
      }
    }
    this.#untold = true;
    if (this.#listener.early && this.#format === "styled") this.#guess(event);
    this.#changed();
  }

  /**
   * A key's echo is on its way a whole question and answer earlier when it need not be asked for. What comes together
   * is shown together.
   */
  #guess(event: JsonEvent): void {
    const likely = this.#likely;
    const after = likely && changedScreen(likely, event);
    this.#likely = after;
    const now = this.#context.access.clock.monotonic();
    const isCursor = event.event === "cursor";
    const follows = isCursor && this.#cursorDue;
    if (isCursor) this.#cursorDue = false;
    if (!after || this.#earlySoon || (!follows && now - this.#toldAt < pictureMs)) return;
    this.#earlySoon = true;
    if (!follows) {
      this.#toldAt = now;
      this.#cursorDue = !isCursor;
    }
    setImmediate(() => {
      this.#earlySoon = false;
      if (!this.#likely || this.stream.disposed) return;
      this.#untold = false;
      this.#listener.early?.(this.#likely);
    });
  }

  #changed(): void {
    if (this.#asking) {
      this.#stale = true;
      return;
    }
    if (this.#timer) return;
    const { clock } = this.#context.access;
    // What was told early is confirmed a little later, so that the question does not take the machine's time from the
    // picture on its way.
    const wait = pictureMs - (clock.monotonic() - this.#toldAt);
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
    return !this.#timer && this.#context.access.clock.monotonic() - this.#toldAt >= pictureMs;
  }

  #show(screen: z.infer<typeof wireScreenSchema>): void {
    if (this.#untold) this.#toldAt = this.#context.access.clock.monotonic();
    this.#untold = this.#stale;
    this.#likely = toScreen(screen);
    this.#listener.screen(this.#likely);
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

/** The screen after one row or the cursor has changed; undefined after anything else. */
function changedScreen(screen: Screen, event: JsonEvent): Screen | undefined {
  const line = wireLineEventSchema.safeParse(event).data;
  if (line) {
    if (line.index >= screen.rows) return undefined;
    return {
      ...screen,
      lines: screen.lines.map((each, index) => (index === line.index ? line.line : each)),
      total_lines: line.total_lines,
    };
  }
  const cursor = wireCursorEventSchema.safeParse(event).data;
  return cursor && { ...screen, cursor: { row: cursor.row, col: cursor.col, visible: cursor.visible } };
}
