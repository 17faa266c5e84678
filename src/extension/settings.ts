import { columnsWithin, defaultColumns } from "../core/session/sessionSize";

export type NotificationLevel = "off" | "needed" | "all";
/** Where the progress of a run is shown beside its rows. */
export type ProgressPlace = "view" | "notification" | "off";

export interface Settings {
  /** `builtin`, or an address; undefined: found as on the command line. */
  readonly server: string | undefined;
  readonly defaultShell: string | undefined;
  /** Undefined: the plan's. */
  readonly maxSessions: number | undefined;
  readonly heartbeatMs: number;
  /** 0: no session is called quiet. */
  readonly quietAfterMs: number;
  /** A task's command that is quiet for so long is asked about. */
  readonly asksWhenQuiet: boolean;
  /** How wide new sessions are. */
  readonly sessionColumns: number;
  readonly notifications: NotificationLevel;
  readonly progress: ProgressPlace;
  readonly handOverOnClose: boolean;
}

interface Reader {
  get(name: string): unknown;
  /** Where a value comes from; absent: nobody set one. */
  inspect(name: string): { readonly globalValue?: unknown; readonly defaultValue?: unknown } | undefined;
}

const defaultHeartbeatSeconds = 30;
const defaultQuietAfterMinutes = 10;

/** What the user set; a value that means nothing counts as not set. */
export function readSettings(reader: Reader): Settings {
  const heartbeat = positive(reader.get("heartbeat")) ?? defaultHeartbeatSeconds;
  const notifications = reader.get("notifications");
  const progress = reader.get("progress");
  return {
    server: text(usersOwn(reader, "server")),
    defaultShell: text(reader.get("defaultShell")),
    maxSessions: positive(reader.get("maxSessions")),
    heartbeatMs: heartbeat * 1000,
    quietAfterMs: quietAfterMs(reader.get("quietAfter")),
    asksWhenQuiet: reader.get("askWhenQuiet") === true,
    sessionColumns: columnsWithin(reader.get("sessionColumns")) ?? defaultColumns,
    notifications: notifications === "off" || notifications === "all" ? notifications : "needed",
    progress: progress === "off" || progress === "notification" ? progress : "view",
    handOverOnClose: reader.get("handOverOnClose") !== false,
  };
}

/** What the user set, on this machine; never what the files of a workspace or of one of its folders say. */
function usersOwn(reader: Reader, name: string): unknown {
  const { globalValue, defaultValue } = reader.inspect(name) ?? {};
  return globalValue ?? defaultValue;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

/** Of a number of minutes. */
function quietAfterMs(minutes: unknown): number {
  return minutes === 0 ? 0 : (positive(minutes) ?? defaultQuietAfterMinutes) * 60_000;
}

function positive(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? Math.floor(value) : undefined;
}
