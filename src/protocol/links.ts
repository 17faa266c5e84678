/** Where a link leads. Pages find links and say so; a host checks each again before it opens anything. */
export type LinkTarget =
  | { readonly kind: "address"; readonly address: string }
  | { readonly kind: "file"; readonly path: string; readonly line?: number; readonly column?: number };

export interface ShownLink {
  /** What a person reads. */
  readonly text: string;
  readonly target: LinkTarget;
  /** The program gave the target (OSC 8), so that the text may say anything. */
  readonly given: boolean;
}

/** Links that a page may ask about at once. */
export const mostLinks = 500;
/** UTF-16 units of a target. */
export const longestTarget = 2083;

const schemes: ReadonlySet<string> = new Set(["http:", "https:", "mailto:", "file:"]);

/**
 * The address in the form that is opened, so that a person is shown what a browser will make of it: letters that look
 * like others are written out. Undefined for what is no address, or of a kind that could do something in the editor or
 * a browser, such as `command:`, `vscode:` and `javascript:`.
 */
export function openableAddress(text: string): string | undefined {
  if (text.length > longestTarget || /[\s\u0000-\u001f\u007f-\u009f‹›]/.test(text) || !URL.canParse(text))
    return undefined;
  const { protocol, hostname, href, pathname } = new URL(text);
  if (!schemes.has(protocol) || href.includes(encodeURI("‹redacted"))) return undefined;
  const leadsSomewhere = protocol === "mailto:" || protocol === "file:" ? pathname !== "" : hostname !== "";
  return leadsSomewhere ? href : undefined;
}

/** As people write it: `path`, `path:line`, `path:line:column`. */
export function targetText(target: LinkTarget): string {
  if (target.kind === "address") return target.address;
  return [target.path, target.line, target.line === undefined ? undefined : target.column]
    .filter((part) => part !== undefined)
    .join(":");
}

/** The file that a `file:` address means; `host` is empty where the address names none. Undefined for other addresses. */
export function fileOfAddress(address: string): { host: string; target: LinkTarget & { kind: "file" } } | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, host, pathname, hash } = new URL(address);
  if (protocol !== "file:") return undefined;
  let path: string;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  // Of a Windows drive the path stands behind one more slash.
  path = path.replace(/^\/(?=[A-Za-z]:)/, "");
  const [, line, column] = /^#L?(\d{1,7})(?:[:,C]+(\d{1,7}))?/.exec(hash) ?? [];
  return {
    host,
    target: {
      kind: "file",
      path,
      ...(line !== undefined && { line: Number(line) }),
      ...(column !== undefined && { column: Number(column) }),
    },
  };
}
