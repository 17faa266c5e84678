/** States of the Program Status Protocol (OSC 7501, rev. 0.4). */
export const statusStates = ["idle", "working", "done", "blocked", "error"] as const;

export type StatusState = (typeof statusStates)[number];

const blockedKinds = ["permission", "question", "auth"] as const;

/** What a program says of itself: one record of its tree. */
export interface ProgramStatus {
  readonly state: StatusState;
  /** As it calls itself, or as the record above it does: `codex`, `claude-code`. */
  readonly app?: string;
  /** Why it is blocked. */
  readonly kind?: (typeof blockedKinds)[number];
  /** Its place in the tree, `a/b/c`; empty for the root. */
  readonly id: string;
  /** 0 to 100, of what works or is blocked. */
  readonly progress?: number;
  /** Decoded. It holds whole commands, paths and addresses: whoever shows or keeps it redacts it first. */
  readonly message?: string;
  /** Decoded, like the message. */
  readonly title?: string;
}

/** Limits of the protocol, in bytes; what goes beyond one is dropped as a whole. */
const sequenceLimit = 4096;
/** `ESC ] 7501 ;` and the longer of both ends. */
const aroundData = 9;
const keyLimit = 16;
const appLimit = 32;
const idLimit = 128;
export const idPartLimit = 32;
const idLevels = 8;
export const messageLimit = 2048;
export const titleLimit = 192;
/** The one that was told longest ago makes room. */
export const mostRecords = 256;

export const idPart = /^[A-Za-z0-9._+-]+$/;
const appName = /^[A-Za-z0-9._+-]+$/;
const controlCharacter = /\p{Cc}/u;
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** A report that was read; `state` says `clear` where it takes records back. */
export type StatusReport = ProgramStatus | { readonly state: "clear"; readonly id: string };

/** Reads what stands behind `7501;`. Undefined for what is no report, or breaks a limit of the protocol. */
export function readStatusReport(data: string): StatusReport | undefined {
  if (byteLength(data) + aroundData > sequenceLimit) return undefined;
  const fields = new Map<string, string>();
  for (const part of data.split(":")) {
    const equals = part.indexOf("=");
    const key = equals < 0 ? part : part.slice(0, equals);
    if (equals >= 0 && byteLength(key) > keyLimit) return undefined;
    if (equals > 0) fields.set(key, part.slice(equals + 1));
  }
  const id = fields.get("id");
  if (id !== undefined && !isId(id)) return undefined;
  const state = fields.get("state");
  if (state === "clear") return { state, id: id ?? "" };
  const known = statusStates.find((name) => name === state);
  if (!known) return undefined;
  const app = fields.get("app");
  if (app !== undefined && byteLength(app) > appLimit) return undefined;
  const message = decoded(fields.get("msg"), messageLimit);
  const title = decoded(fields.get("title"), titleLimit);
  if (message === null || title === null) return undefined;
  const kind = known === "blocked" ? blockedKinds.find((name) => name === fields.get("kind")) : undefined;
  const progress = known === "working" || known === "blocked" ? percent(fields.get("progress")) : undefined;
  return {
    state: known,
    id: id ?? "",
    ...(app !== undefined && appName.test(app) ? { app } : {}),
    ...(kind ? { kind } : {}),
    ...(progress === undefined ? {} : { progress }),
    ...(message === undefined ? {} : { message }),
    ...(title === undefined ? {} : { title }),
  };
}

/** What the programs of one terminal have said of themselves, as the protocol keeps it. */
export class ProgramStatusTree {
  /** The one that was told last is the last. `data`: as it came. */
  readonly #records = new Map<string, { readonly status: ProgramStatus; readonly data: string }>();

  get isEmpty(): boolean {
    return this.#records.size === 0;
  }

  /** Roots before their children; a record without a name of a program has that of the one above it. */
  get records(): ProgramStatus[] {
    return [...this.#records.values()]
      .map(({ status }) => status)
      .sort((one, other) => (one.id < other.id ? -1 : one.id > other.id ? 1 : 0))
      .map((status) => {
        const app = status.app ?? this.#appAbove(status.id);
        return app === undefined ? status : { ...status, app };
      });
  }

  /** The reports that stand, as they came and in that order: what another tree of the same content is made of. */
  get reports(): string[] {
    return [...this.#records.values()].map(({ data }) => data);
  }

  /** Takes what stands behind `7501;`; whether it changed anything. */
  report(data: string): boolean {
    const report = readStatusReport(data);
    if (!report) return false;
    if (report.state === "clear") return this.#clear(report.id);
    this.#records.delete(report.id);
    this.#records.set(report.id, { status: report, data });
    if (this.#records.size > mostRecords) {
      const [oldest] = this.#records.keys();
      if (oldest !== undefined) this.#records.delete(oldest);
    }
    return true;
  }

  /** A shell's prompt begins, or the program ended: only what stays true without it stays. */
  programLeft(): boolean {
    const passing = [...this.#records.values()].filter(
      ({ status: { state } }) => state !== "done" && state !== "error",
    );
    for (const { status } of passing) this.#records.delete(status.id);
    return passing.length > 0;
  }

  /** The terminal was reset. */
  reset(): void {
    this.#records.clear();
  }

  #clear(id: string): boolean {
    const gone = [...this.#records.keys()].filter((one) => id === "" || one === id || one.startsWith(`${id}/`));
    for (const one of gone) this.#records.delete(one);
    return gone.length > 0;
  }

  #appAbove(id: string): string | undefined {
    for (let above = id; above !== "";) {
      above = above.slice(0, Math.max(0, above.lastIndexOf("/")));
      const app = this.#records.get(above)?.status.app;
      if (app !== undefined) return app;
    }
    return undefined;
  }
}

/**
 * What a tree of records says as a whole: somebody is asked in any branch, or the root has failed, or something works in
 * any branch, a task in the background of a turn that is done, too; else what the root says.
 */
export function wholeStatus(records: readonly ProgramStatus[]): ProgramStatus | undefined {
  const root = records.find(({ id }) => id === "");
  const inState = (state: StatusState): ProgramStatus | undefined =>
    root?.state === state ? root : records.find((record) => record.state === state);
  return inState("blocked") ?? (root?.state === "error" ? root : (inState("working") ?? root));
}

function isId(id: string): boolean {
  const parts = id.split("/");
  return (
    id.length <= idLimit &&
    parts.length <= idLevels &&
    parts.every((part) => part.length <= idPartLimit && idPart.test(part))
  );
}

/** Undefined where nothing stands there, null for what is no base64 of UTF-8, too long, or holds control characters. */
function decoded(base64: string | undefined, limit: number): string | null | undefined {
  if (base64 === undefined) return undefined;
  if (base64.length > Math.ceil(limit / 3) * 4) return null;
  try {
    const binary = atob(base64);
    if (binary.length > limit) return null;
    const text = utf8.decode(Uint8Array.from(binary, (character) => character.charCodeAt(0)));
    return controlCharacter.test(text) ? null : text;
  } catch {
    return null;
  }
}

function percent(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,3}$/.test(text) && Number(text) <= 100 ? Number(text) : undefined;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
