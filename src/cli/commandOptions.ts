import { type Command, InvalidArgumentError } from "commander";
import { durationMs } from "../core/model/duration";
import { columnLimits, columnsWithin } from "../core/session/sessionSize";
import type { Container } from "./container";
import type { ExitCode } from "../protocol/exitCodes";

/** Runs one command with its arguments and options. */
export type Action<O> = (container: Container, args: readonly string[], options: O) => Promise<ExitCode>;

/** Makes a commander action of it: container, errors, closing. */
export type MakeAction = <O = object>(run: Action<O>) => (...parameters: unknown[]) => Promise<void>;

export interface Registration {
  readonly program: Command;
  readonly action: MakeAction;
}

export function collect(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value];
}

/** Milliseconds of `30s`, `10m`, `1h30m`. */
export function duration(text: string): number {
  const ms = durationMs(text);
  if (ms === undefined) throw new InvalidArgumentError("Give a time such as 30s, 10m or 1h30m.");
  return ms;
}

/** `2026-11-23` */
export function calendarDate(text: string): string {
  // Dates that no calendar has are read as the days behind them.
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00Z`).toJSON()?.startsWith(text)) return text;
  throw new InvalidArgumentError("Give a day such as 2026-11-23.");
}

/** The same, or 0. */
export function durationOrNone(text: string): number {
  return text.trim() === "0" ? 0 : duration(text);
}

/** 0 lets the system choose. */
export function portNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError("Give a port number from 0 to 65535; with 0 the system chooses one.");
  return Number(text);
}

/** How wide a session is. */
export function columnCount(text: string): number {
  const given = columnsWithin(Number(text));
  const { least, most } = columnLimits;
  if (given === undefined) throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  return given;
}

export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("must be a whole number, 1 or more");
  return Number(text);
}
