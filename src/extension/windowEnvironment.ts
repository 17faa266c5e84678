import { homedir } from "node:os";
import { basename, sep } from "node:path";
import { Uri, workspace } from "vscode";
import { valueFingerprint } from "../adapters/machine/valueFingerprint";
import { EventEmitter } from "../core/base/event";
import type { SessionEnvironment } from "../core/session/callerEnvironment";
import type { Variables } from "../core/session/keptOutVariables";

const systems: Partial<Record<NodeJS.Platform, string>> = { darwin: "osx", win32: "windows" };

/** What sessions of this window's folders are given, and how those that run already compare with it. */
export class WindowEnvironment {
  readonly #fingerprints = new Map<string, SessionEnvironment["fingerprints"]>();
  readonly #reading = new Set<string>();
  readonly #known = new EventEmitter<undefined>();
  /** Fingerprints are known that were not before. */
  readonly onKnown = this.#known.event;

  /** `here`: of a server that runs on this machine as this user. */
  async of(folder: string, here: boolean): Promise<SessionEnvironment> {
    const { sessionEnvironment } = await import("../core/session/callerEnvironment");
    const { commandFolder } = await import("../embedded/launchPlaces");
    const fingerprint = valueFingerprint(process.env);
    return sessionEnvironment(
      { variables: windowVariables(folder), fingerprint },
      { here, toolFolder: commandFolder() },
    );
  }

  /** Undefined until they are known, which `onKnown` says. */
  fingerprints(folder: string): SessionEnvironment["fingerprints"] | undefined {
    const known = this.#fingerprints.get(folder);
    if (!known && !this.#reading.has(folder)) {
      this.#reading.add(folder);
      void this.of(folder, true)
        .then(
          ({ fingerprints }) => this.#fingerprints.set(folder, fingerprints),
          // Then sessions are not compared; the next look tries again.
          () => undefined,
        )
        .then((set) => {
          this.#reading.delete(folder);
          if (set) this.#known.fire(undefined);
        });
    }
    return known;
  }

  /** The settings of terminals are others now, or the folders are trusted. */
  changed(): void {
    this.#fingerprints.clear();
  }
}

/** The settings that have a say in it. */
export const terminalSection = "terminal.integrated.env";

/**
 * What a terminal of this window would have: the window's environment, which VS Code has from the login shell, and the
 * settings of the integrated terminal. `folder`: the workspace folder of the project.
 */
export function windowVariables(folder: string, env: Variables = process.env): Variables {
  return withSettings(env, terminalSettings(folder), folder);
}

/** A folder that is not trusted has no say in what programs are found; VS Code keeps to that in its terminals too. */
function terminalSettings(folder: string): Readonly<Record<string, unknown>> {
  const name = systems[process.platform] ?? "linux";
  const configuration = workspace.getConfiguration(terminalSection, Uri.file(folder));
  const value = workspace.isTrusted ? configuration.get(name) : configuration.inspect(name)?.globalValue;
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** `null` takes a variable out. Anything else than text is no value, as in a terminal. */
export function withSettings(env: Variables, settings: Readonly<Record<string, unknown>>, folder: string): Variables {
  const variables: Record<string, string | undefined> = { ...env };
  for (const [name, value] of Object.entries(settings)) {
    if (typeof value === "string") variables[name] = resolved(value, env, folder);
    else if (value === null) variables[name] = undefined;
  }
  return variables;
}

/** The variables of settings that mean something without an editor; VS Code leaves others as they stand, too. */
function resolved(value: string, env: Variables, folder: string): string {
  return value.replace(/\$\{(?:env:([^}]+)|(\w+))\}/g, (whole, variable: string | undefined, word: string) => {
    if (variable !== undefined) return env[variable] ?? "";
    switch (word) {
      case "workspaceFolder":
      case "workspaceRoot":
        return folder;
      case "workspaceFolderBasename":
        return basename(folder);
      case "userHome":
        return homedir();
      case "pathSeparator":
        return sep;
      default:
        return whole;
    }
  });
}
