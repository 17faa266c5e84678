import { hash64 } from "../base/hash";
import { OrchestratorError } from "./errors";
import { advice } from "./remedy";

/** Part of a logical name: no dots (they separate the wire form) and no colons. */
export const rolePattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,47}$/;
const idPattern = /^[a-z0-9][a-z0-9-]{0,47}$/;
/** wsh since February 2026 allows 1 to 64 of these (wsh-protocol 3.1). */
const wireLimit = 64;

/** Windows keeps these for devices; a folder of that name cannot be made there. */
const reserved = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])$/;

/** Control characters, and those that hide or reorder text: two names must not look the same. */
const invisible = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

/** The folder-safe id of a project: its name when that already is one, else its slug and 8 hex of its hash. */
export function projectIdOf(name: string): string {
  const normal = name.normalize("NFC").trim();
  if (normal === "" || invisible.test(normal)) {
    throw new OrchestratorError(
      "name_invalid",
      "A project name must not be blank or contain invisible characters.",
      advice("Use a name such as alpha."),
    );
  }
  if (idPattern.test(normal) && !reserved.test(normal)) return normal;
  const slug = normal
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 39)
    .replace(/-+$/, "");
  return `${slug === "" ? "p" : slug}-${hash64(normal).slice(0, 8)}`;
}

export interface SessionName {
  readonly project_id: string;
  readonly role: string;
  /** From 1. */
  readonly index: number;
}

export function isRoleName(role: string): boolean {
  return rolePattern.test(role);
}

/** `proj-{name}::{role}::{idx}`, the form that people see. */
export function logicalName(name: SessionName): string {
  return `proj-${name.project_id}::${name.role}::${name.index}`;
}

/** `proj-{name}::{role}`: all sessions of a role. */
export function roleName(project_id: string, role: string): string {
  return `proj-${project_id}::${role}`;
}

/** `proj-{name}.{role}.{idx}` within 64 characters; what is too long is cut and gets 8 hex of its hash. */
export function wireName(name: SessionName): string {
  const whole = `proj-${name.project_id}.${name.role}.${name.index}`;
  if (whole.length <= wireLimit) return whole;
  const tail = `.${name.index}`;
  const mark = `-${hash64(whole).slice(0, 8)}`;
  return whole.slice(0, wireLimit - tail.length - mark.length).replace(/[.-]+$/, "") + mark + tail;
}

/** Reads the logical form, or undefined when `text` is not one. */
export function parseLogicalName(text: string): SessionName | undefined {
  const match = /^proj-([a-z0-9][a-z0-9-]{0,47})::([A-Za-z0-9][A-Za-z0-9_-]{0,47})::([1-9]\d{0,5})$/.exec(text);
  if (!match?.[1] || !match[2] || !match[3]) return undefined;
  return { project_id: match[1], role: match[2], index: Number(match[3]) };
}

/** `builder::1` of `proj-alpha::builder::1`: what people call it where its project is known. */
export function shortSession(session_name: string): string {
  return parseLogicalName(session_name) ? session_name.slice(session_name.indexOf("::") + 2) : session_name;
}

/** Whether `query` (logical, wire, or a tail of either such as `builder::1`) names this session. */
export function matchesSession(query: string, logical: string, wire: string): boolean {
  if (query === "") return false;
  if ([query, `proj-${query}`].some((whole) => whole === logical || whole === wire)) return true;
  return logical.endsWith(`::${query}`) || wire.endsWith(`.${query}`);
}

/** `proj-alpha::builder::1` of `proj-alpha.builder.1`; other names stay. */
export function peoplesName(wire: string): string {
  const match = /^proj-([^.]+)\.([^.]+)\.([1-9]\d{0,5})$/.exec(wire);
  return match?.[1] && match[2] ? logicalName({ project_id: match[1], role: match[2], index: Number(match[3]) }) : wire;
}

/**
 * Tells a workspace's sessions from those of another one on the same server; no path. `folder` is absolute. Every shell
 * has it from here, so that all of them find the same sessions.
 */
export function workspaceTag(folder: string): string {
  return `ws-${hash64(folder)}`;
}
