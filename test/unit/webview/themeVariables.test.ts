import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sessionStates } from "../../../src/core/model/states";
import { projectLook, sessionLook, taskLook } from "../../../src/protocol/stateLook";
import { readThemeVariables, type ThemeKind, themeKinds } from "../../support/themeVariables";
import { terminalColors } from "../../../webview-ui/shared/theme";

const defined = readThemeVariables();

/** VS Code knows them and gives them no value: only themes and users do. */
const valueless = ["--vscode-terminal-background", "--vscode-terminalCursor-foreground"];

function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
}

function contentsOf(text: string, open: number): string {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === "(") depth++;
    if (text[at] === ")" && --depth === 0) return text.slice(open + 1, at);
  }
  throw new Error(`A bracket is not closed: ${text}`);
}

/** A value with all variables of the theme put in; undefined where one has neither a value nor a fallback. */
function resolved(value: string, kind: ThemeKind): string | undefined {
  const at = value.indexOf("var(--vscode-");
  if (at < 0) return value;
  const inner = contentsOf(value, at + "var".length);
  const comma = inner.indexOf(",");
  const name = (comma < 0 ? inner : inner.slice(0, comma)).trim();
  const put =
    defined.get(name)?.has(kind) === true
      ? "a-color"
      : comma < 0
        ? undefined
        : resolved(inner.slice(comma + 1).trim(), kind);
  if (put === undefined) return undefined;
  return resolved(value.slice(0, at) + put + value.slice(at + "var(".length + inner.length + ")".length), kind);
}

interface Declaration {
  readonly file: string;
  readonly property: string;
  readonly value: string;
}

function declarationsIn(file: string, text: string): Declaration[] {
  return [...text.matchAll(/([\w-]+)\s*:\s*([^;{}]*var\(--vscode-[^;{}]*)/g)].map(([, property = "", value = ""]) => ({
    file,
    property,
    value: value.replace(/\s+/g, " "),
  }));
}

/** Those that say nothing in some kind of theme, with that kind. */
function voidOnes(declarations: readonly Declaration[]): string[] {
  return declarations.flatMap(({ file, property, value }) =>
    themeKinds
      .filter((kind) => {
        const put = resolved(value, kind);
        // What cannot be seen is no mark of where the keyboard is.
        return put === undefined || (property.startsWith("outline") && /\b(transparent|none)\b/.test(put));
      })
      .map((kind) => `${file}: ${property}: ${value} (${kind})`),
  );
}

describe("colours of the pages", () => {
  const declarations = filesBelow("webview-ui", ".css").flatMap((file) =>
    declarationsIn(file, readFileSync(file, "utf8")),
  );

  it("are ones that every kind of theme has, or fall back to one", () => {
    expect(declarations.length).toBeGreaterThan(20);
    expect(voidOnes(declarations)).toEqual([]);
  });

  it("are looked for where they hide: in an outline, behind a fallback, in a part of a value", () => {
    const css = `
      .a { outline: 2px solid var(--vscode-list-inactiveSelectionBackground); }
      .b { outline-color: var(--vscode-list-inactiveSelectionBackground, transparent); }
      .c { color: var(--vscode-no-such, var(--vscode-contrastBorder)); }
      .d { border: 1px solid var(--vscode-contrastBorder, var(--vscode-focusBorder)); }`;
    const found = voidOnes(declarationsIn("x", css));
    expect(found.map((each) => each.replace(/:.*\(/, " ("))).toEqual([
      "x (hc-black)",
      "x (hc-black)",
      "x (vs)",
      "x (vs-dark)",
    ]);
  });

  it("have names that VS Code knows, in scripts as well", () => {
    const scripts = filesBelow("webview-ui", ".ts").map((file) => readFileSync(file, "utf8"));
    const named = [...scripts, ...declarations.map(({ value }) => value)].flatMap((text) =>
      [...text.matchAll(/--vscode-[\w-]+(?![\w$-]|\$\{)/g)].map(([name]) => name).filter((name) => !name.endsWith("-")),
    );
    const known = new Set([...defined.keys(), ...valueless, "--vscode-terminal-ansi"]);
    expect([...new Set(named)].filter((name) => !known.has(name))).toEqual([]);
    expect(valueless.filter((name) => defined.has(name))).toEqual([]);
  });

  it("of scripts are those of every kind of theme, or have a fallback beside them", () => {
    expect(terminalColors.length).toBe(16);
    expect(terminalColors.filter((name) => defined.get(name)?.size !== themeKinds.length)).toEqual([]);
    const scripts = filesBelow("webview-ui", ".ts").map((file) => readFileSync(file, "utf8"));
    const bare = scripts.flatMap((text) => [...text.matchAll(/var\(--vscode-(?!.*,)[^)]*\)/g)].map(([use]) => use));
    expect(bare).toEqual([]);
  });

  it("of states are ones that VS Code knows", () => {
    const looks = [(state: string) => sessionLook({ state }), taskLook, projectLook].flatMap((look) =>
      [...sessionStates, "running", "succeeded", "blocked", "skipped", "stopped", "planned", "done"].map(look),
    );
    const ids = [...new Set(looks.flatMap(({ color }) => color ?? []))];
    expect(ids.length).toBeGreaterThan(3);
    const unknown = ids.filter((id) => !defined.has(`--vscode-${id.replaceAll(".", "-")}`));
    expect(unknown).toEqual([]);
  });
});
