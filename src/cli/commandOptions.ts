import { type Command, InvalidArgumentError } from "commander";
import { durationMs } from "../core/model/duration";
import type { Container } from "./container";
import type { ExitCode } from "./exitCodes";

/** Runs one command with its arguments and options. */
export type Action<O> = (container: Container, args: readonly string[], options: O) => Promise<ExitCode>;

export function collect(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value];
}

/** Milliseconds of `30s`, `10m`, `1h30m`. */
export function duration(text: string): number {
  const ms = durationMs(text);
  if (ms === undefined) throw new InvalidArgumentError("It must be a time such as 30s, 10m or 1h30m.");
  return ms;
}

export function example(...lines: string[]): string {
  return `\nExample${lines.length > 1 ? "s" : ""}:\n${lines.map((line) => `  $ wsh-orchestrator ${line}`).join("\n")}`;
}

/** 0 lets the system choose. */
export function portNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError("It must be a port from 0 to 65535.");
  return Number(text);
}

export interface Registration {
  readonly program: Command;
  /** Makes a commander action of it: container, errors, closing. */
  readonly action: <O = object>(run: Action<O>) => (...parameters: unknown[]) => Promise<void>;
}

export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("It must be a whole number from 1.");
  return Number(text);
}
