import * as z from "zod/mini";
import {
  boolean,
  int,
  nullableBoolean,
  nullableInt,
  nullableString,
  optionalBoolean,
  optionalNumber,
  optionalString,
  optionalStrings,
  string,
} from "../../core/model/commonShapes";

/**
 * The wire of a wsh server of era B2 (February 2026), as JSON shapes. Objects are loose: a server may add members, and
 * a reader keeps what it does not know. Counters (`seq`, `generation`, `*_ms`) are unsigned 64-bit on the server and
 * stay far below 2^53.
 */

const count = int.check(z.nonnegative());
const byte = int.check(z.gte(0), z.lte(255));
/** Sizes are unsigned 16-bit on the wire; a server clamps them to 1…1000. */
const cells = int.check(z.gte(0), z.lte(65_535));

/* ------------------------------------------------------------------ limits */

/** Bytes of a request body and of one incoming WebSocket message. */
export const maxBodyBytes = 1_048_576;
/** Lines that one scrollback request gives at most, and lines of history that a server keeps above the screen. */
export const maxScrollbackPage = 10_000;
/** Milliseconds: what `timeout_ms` and `max_wait_ms` are clamped to. */
export const maxWaitMs = 300_000;
export const defaultMaxWaitMs = 30_000;

/** Names of sessions and tags that every server of the era accepts: 1 to 64 of these. */
export const namePattern = /^[A-Za-z0-9._-]{1,64}$/;

/* ------------------------------------------------------------------ server */

/** `GET /server/info`. wsh itself says nothing in `implementation`; compatible servers name themselves there. */
export const wireServerInfoSchema = z.looseObject({
  hostname: string,
  version: string,
  server_id: optionalString,
  implementation: optionalString,
  /** Of era C. */
  instance_name: optionalString,
  /** What the built-in server does beyond wsh, see `ServerFeature`. */
  features: optionalStrings,
});

/**
 * `replace_env`: a new session can have an environment of its own. `terminal`: it has `GET /sessions/{name}/terminal`.
 * `answers`: it answers what programs ask of their terminal (cursor, attributes, colours …) unless a raw socket is open
 * that was opened as a terminal, with `?terminal=true`: then that one does, of several the one that was opened last.
 * `recent_output`: it has `GET /sessions/{name}/recent_output`, the last 200 kB that the terminal got.
 */
export type ServerFeature = "replace_env" | "terminal" | "answers" | "recent_output";

/* ---------------------------------------------------------------- sessions */

export const wireSessionInfoSchema = z.looseObject({
  name: string,
  pid: nullableInt,
  command: string,
  rows: cells,
  cols: cells,
  clients: count,
  /** Absent before the middle of February 2026. */
  tags: optionalStrings,
  /** Milliseconds since the last input or output. */
  last_activity_ms: z.optional(count),
  /**
   * Milliseconds since the last output, or since its start, in which the machine was awake. Told by the built-in server
   * only.
   */
  last_output_ms: z.optional(count),
  /** The same since the last output that said something new. Told by the built-in server only. */
  last_news_ms: z.optional(count),
  server: optionalString,
});
export const wireSessionListSchema = z.array(wireSessionInfoSchema);

/** Body of `POST /sessions`. */
export const wireCreateSchema = z.looseObject({
  name: optionalString,
  command: optionalString,
  rows: z.optional(cells),
  cols: z.optional(cells),
  cwd: optionalString,
  env: z.optional(z.record(string, string)),
  /** `env` is the whole environment, see the feature `replace_env` of the built-in server. */
  replace_env: optionalBoolean,
  tags: optionalStrings,
});

/** Body of `PATCH /sessions/{name}`: applied in this order, not atomically. */
export const wirePatchSchema = z.looseObject({
  name: optionalString,
  add_tags: optionalStrings,
  remove_tags: optionalStrings,
});

/**
 * `GET /server/ended/{name}` of the built-in server: how the last session of that name ended. wsh has no such route
 * (404, empty).
 */
export const wireEndedSchema = z.looseObject({
  exit_code: nullableInt,
  last_lines: optionalStrings,
  signal: z.optional(z.nullable(z.union([int, string]))),
});

/**
 * `GET /sessions/{name}/terminal` of the built-in server: how the terminal takes what is typed (ECHO and ICANON of
 * termios(4)), and the program in its foreground. Null where the server cannot tell. Beside these what programs told
 * their terminal, as it stands: the title, progress (OSC 9;4), reports of the Program Status Protocol as they came, what
 * stands behind `7501;`. Absent: nothing was told, or the server is an older one.
 */
export const wireTerminalSchema = z.looseObject({
  echo: nullableBoolean,
  canonical: nullableBoolean,
  foreground: nullableString,
  title: optionalString,
  progress: z.optional(z.enum(["busy", "error", "paused", "none"])),
  /** Counts output and input. */
  generation: z.optional(int),
  /** How often Enter was typed. */
  entered: z.optional(int),
  statuses: optionalStrings,
});

export const wireRecentOutputSchema = z.looseObject({
  text: string,
  /** What came before is not kept. */
  cut: boolean,
});

/* ----------------------------------------------------------------- screens */

/** One of the two: a palette index (0-15 are the ANSI colours) or 24 bits. */
export const wireColorSchema = z.looseObject({
  indexed: z.optional(byte),
  rgb: z.optional(z.looseObject({ r: byte, g: byte, b: byte })),
});

/** False attributes and unset colours are omitted. */
export const wireSpanSchema = z.looseObject({
  text: string,
  fg: z.optional(wireColorSchema),
  bg: z.optional(wireColorSchema),
  bold: optionalBoolean,
  faint: optionalBoolean,
  italic: optionalBoolean,
  underline: optionalBoolean,
  strikethrough: optionalBoolean,
  blink: optionalBoolean,
  inverse: optionalBoolean,
  /** Told by the built-in server only, as `link` is: where a link of the program's (OSC 8) leads. */
  invisible: optionalBoolean,
  link: optionalString,
});

/** Plain lines are strings, styled ones arrays of spans (an empty row is `[]`). */
export const wireLineSchema = z.union([string, z.array(wireSpanSchema)]);

/** `col` may equal `cols`: a full row whose wrap is pending. */
export const wireCursorSchema = z.looseObject({ row: count, col: count, visible: boolean });

export const wireScreenSchema = z.looseObject({
  epoch: optionalNumber,
  /** `total_lines - rows` */
  first_line_index: count,
  total_lines: count,
  lines: z.array(wireLineSchema),
  cursor: wireCursorSchema,
  cols: cells,
  rows: cells,
  alternate_active: boolean,
  /**
   * DEC private modes that are on, of those that change what a terminal sends (66: application keypad). Told by the
   * built-in server only.
   */
  private_modes: z.optional(z.array(count)),
  /** Over HTTP only. */
  last_activity_ms: z.optional(count),
  /**
   * `GET /sessions/{name}/screen?terminal=true` of the built-in server: without how the terminal takes what is typed,
   * which costs a process to know.
   */
  terminal: z.optional(wireTerminalSchema),
});

export const wireScrollbackSchema = z.looseObject({
  epoch: optionalNumber,
  lines: z.array(wireLineSchema),
  total_lines: count,
  offset: count,
});

/** `GET /sessions/{name}/idle`, and `await_idle` (without `last_activity_ms`). */
export const wireIdleSchema = z.looseObject({
  screen: wireScreenSchema,
  scrollback_lines: count,
  generation: count,
  last_activity_ms: z.optional(count),
});

/* ------------------------------------------------------------------ errors */

export const wireErrorBodySchema = z.looseObject({ code: string, message: string });
/** Body of every error that a handler answers; framework errors are plain text. */
export const wireErrorSchema = z.looseObject({ error: wireErrorBodySchema });

/* --------------------------------------------------------------- websocket */

/** Answers come without `id` when the request could not be read. */
export const wireResponseSchema = z.looseObject({
  id: z.optional(z.unknown()),
  method: optionalString,
  result: z.optional(z.unknown()),
  error: z.optional(wireErrorBodySchema),
});

/** Lifecycle, on the server-level socket without subscribing. */
export const wireSessionCreatedSchema = z.looseObject({
  event: z.literal("session_created"),
  params: z.looseObject({ name: string }),
});
export const wireSessionRenamedSchema = z.looseObject({
  event: z.literal("session_renamed"),
  params: z.looseObject({ old_name: string, new_name: string }),
});
/** `exit_code` is told by the built-in server only. */
export const wireSessionDestroyedSchema = z.looseObject({
  event: z.literal("session_destroyed"),
  params: z.looseObject({ name: string, exit_code: z.optional(nullableInt) }),
});
export const wireSessionTagsChangedSchema = z.looseObject({
  event: z.literal("session_tags_changed"),
  params: z.looseObject({
    name: string,
    added: optionalStrings,
    removed: optionalStrings,
    tags: optionalStrings,
  }),
});
export const wireLifecycleSchema = z.discriminatedUnion("event", [
  wireSessionCreatedSchema,
  wireSessionRenamedSchema,
  wireSessionDestroyedSchema,
  wireSessionTagsChangedSchema,
]);

/**
 * The body of a `sync`: on the server-level socket the first has it nested in `params`, later ones flat; a server may
 * send both at once.
 */
export const wireSyncBodySchema = z.looseObject({ seq: count, screen: wireScreenSchema, scrollback_lines: count });

/** A row of the screen is another one; always styled. */
export const wireLineEventSchema = z.looseObject({
  event: z.literal("line"),
  index: count,
  total_lines: count,
  line: z.array(wireSpanSchema),
});
export const wireCursorEventSchema = z.extend(wireCursorSchema, { event: z.literal("cursor") });

export const sessionEventNames = ["lines", "cursor", "mode", "diffs", "chars", "input", "overlay", "activity"] as const;

export type WireServerInfo = z.infer<typeof wireServerInfoSchema>;
export type WireSessionInfo = z.infer<typeof wireSessionInfoSchema>;
export type WireCreate = z.infer<typeof wireCreateSchema>;
export type WirePatch = z.infer<typeof wirePatchSchema>;
export type WireColor = z.infer<typeof wireColorSchema>;
export type WireSpan = z.infer<typeof wireSpanSchema>;
export type WireLine = z.infer<typeof wireLineSchema>;
export type WireCursor = z.infer<typeof wireCursorSchema>;
export type WireScreen = z.infer<typeof wireScreenSchema>;
export type WireEnded = z.infer<typeof wireEndedSchema>;
export type WireTerminal = z.infer<typeof wireTerminalSchema>;
export type WireScrollback = z.infer<typeof wireScrollbackSchema>;
export type WireIdle = z.infer<typeof wireIdleSchema>;
export type WireErrorBody = z.infer<typeof wireErrorBodySchema>;
export type WireResponse = z.infer<typeof wireResponseSchema>;
export type WireLifecycle = z.infer<typeof wireLifecycleSchema>;
