import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";

/** A call of `l10n.t`, where it stands, and what is wrong with it. */
interface TextCall {
  readonly place: string;
  /** As bundles know it; undefined where it is not written out. */
  readonly text: string | undefined;
  readonly args: number;
}

const bundle = "media/l10n/bundle.l10n.json";
const files = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .sort()
  .map((path) => ({ path: join("src", path), contents: readFileSync(join("src", path), "utf8") }))
  .filter(({ contents }) => contents.includes("l10n"));
const calls = files.flatMap(({ path, contents }) => textCalls(path, contents));

function textCalls(path: string, contents: string): TextCall[] {
  const source = ts.createSourceFile(path, contents, ts.ScriptTarget.Latest, true);
  const found: TextCall[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText(source) === "l10n.t") {
      const [first, ...args] = node.arguments;
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      const text = first && ts.isStringLiteral(first) ? first.text : undefined;
      found.push({ place: `${path}:${line + 1}`, text, args: args.length });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** What is wrong with it, for people. */
function faultsOf({ place, text, args }: TextCall): string[] {
  if (text === undefined) return [`${place}: the text is not written out as one string`];
  const used = [...new Set([...text.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name ?? ""))].sort();
  const given = Array.from({ length: args }, (_, index) => String(index));
  return used.join() === given.join()
    ? []
    : [`${place}: "${text}" has {${used.join()}} and is given {${given.join()}}`];
}

/** Calls are found by their name, so `t` is imported under no other. */
function otherImports({ path, contents }: (typeof files)[number]): string[] {
  const imports = [...contents.matchAll(/^import (?!type )[^;]*? from "@vscode\/l10n";/gm)].map(([line]) => line);
  return imports
    .filter((line) => !/^import (\* as l10n|\{ config as \w+ \}) /.test(line))
    .map((line) => `${path}: ${line}`);
}

describe("texts of the window", () => {
  it("are in the bundle, all of them and no other", async () => {
    const texts = [...new Set(calls.flatMap(({ text }) => text ?? []))].sort();
    const contents = `${JSON.stringify(Object.fromEntries(texts.map((text) => [text, text])), null, 2)}\n`;
    await expect(contents).toMatchFileSnapshot(`../../../${bundle}`);
  });

  it("are written out, with a place for each value that is put in", () => {
    expect(calls.flatMap(faultsOf)).toEqual([]);
    expect(files.flatMap(otherImports)).toEqual([]);
  });

  it("are found wrong where a value has no place, a place no value, or the text is put together", () => {
    const source =
      'l10n.t("{0} of {1}", a);\nl10n.t("done", a);\nl10n.t(`a ${b}`);\nl10n.t(c ? "d" : "e");\nl10n.t("{0}", a);';
    expect(textCalls("x.ts", source).flatMap(faultsOf)).toEqual([
      'x.ts:1: "{0} of {1}" has {0,1} and is given {0}',
      'x.ts:2: "done" has {} and is given {0}',
      "x.ts:3: the text is not written out as one string",
      "x.ts:4: the text is not written out as one string",
    ]);
  });
});

describe("texts of the manifest", () => {
  it("are those that the manifest names, all of them and no other", () => {
    const manifest = JSON.parse(readFileSync("package.json", "utf8")) as { readonly l10n: string };
    const named = [...JSON.stringify(manifest).matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key ?? "");
    const texts = JSON.parse(readFileSync("package.nls.json", "utf8")) as Readonly<Record<string, unknown>>;
    expect(Object.keys(texts).sort()).toEqual([...new Set(named)].sort());
    expect(join(manifest.l10n, "bundle.l10n.json")).toBe(bundle);
  });
});
