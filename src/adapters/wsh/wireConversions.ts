import type {
  Screen,
  ScreenFormat,
  SessionEnd,
  SessionInfo,
  TerminalMode,
  TerminalSigns,
} from "../../core/ports/sessions";
import type { WireEnded, WireScreen, WireSessionInfo, WireTerminal } from "./wire";

const controlCharacters = /\p{Cc}/gu;
/** Characters of a title, reports, and characters of one: the built-in server tells no more of them. */
const titleLimit = 500;
const mostStatuses = 256;
const statusLimit = 4096;

/** What the core sees of the wire: known members only, with a value for each that an older server leaves out. */
export function toSessionInfo(wire: WireSessionInfo): SessionInfo {
  return {
    name: wire.name,
    pid: wire.pid,
    command: wire.command,
    rows: wire.rows,
    cols: wire.cols,
    clients: wire.clients,
    tags: wire.tags ?? [],
    last_activity_ms: wire.last_activity_ms ?? null,
    ...(wire.last_output_ms === undefined ? {} : { last_output_ms: wire.last_output_ms }),
    ...(wire.last_news_ms === undefined ? {} : { last_news_ms: wire.last_news_ms }),
    server: wire.server ?? null,
  };
}

export function toScreen(wire: WireScreen): Screen {
  return {
    lines: wire.lines,
    cursor: { row: wire.cursor.row, col: wire.cursor.col, visible: wire.cursor.visible },
    rows: wire.rows,
    cols: wire.cols,
    total_lines: wire.total_lines,
    alternate_active: wire.alternate_active,
    ...(wire.private_modes === undefined ? {} : { private_modes: wire.private_modes }),
    ...(wire.last_activity_ms === undefined ? {} : { last_activity_ms: wire.last_activity_ms }),
  };
}

/** Undefined where the server could not tell how it takes what is typed. */
export function toTerminalMode(wire: WireTerminal): TerminalMode | undefined {
  const { echo, canonical } = wire;
  return echo === null || canonical === null ? undefined : { echo, canonical, ...toTerminalSigns(wire) };
}

export function toTerminalSigns({
  foreground,
  title,
  progress,
  statuses,
  generation,
  entered,
}: WireTerminal): TerminalSigns {
  return {
    foreground: foreground ?? undefined,
    ...(title === undefined ? {} : { title: title.slice(0, titleLimit).replace(controlCharacters, "") }),
    ...(progress === undefined ? {} : { progress }),
    ...(generation === undefined ? {} : { generation }),
    ...(entered === undefined ? {} : { entered }),
    ...(statuses === undefined
      ? {}
      : {
          statuses: statuses
            .slice(-mostStatuses)
            .filter(({ length }) => length <= statusLimit)
            .map((report) => report.replace(controlCharacters, "")),
        }),
  };
}

export function toSessionEnd({ exit_code, last_lines }: WireEnded): SessionEnd {
  return { exit_code, ...(last_lines === undefined ? {} : { last_lines }) };
}

/** After a loss wsh sends styled screens also to those who asked for plain ones. */
export function hasFormat(wire: WireScreen, format: ScreenFormat): boolean {
  return wire.lines.every((line) => (typeof line === "string") === (format === "plain"));
}
