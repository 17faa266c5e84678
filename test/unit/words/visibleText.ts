import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import type { Sentence } from "./forbiddenWords.js";

/** Folders of code whose sentences people read, and documents that they read. */
const codeFolders = ["src", "webview-ui"];
const planFolder = "media";
const documents = ["README.md", "CHANGELOG.md"];
const documentFolders = ["media/walkthrough"];
const manifestTexts = "package.nls.json";

/** Commands that a rule of the policy is tried with are no sentences of ours. */
const dataProperties = new Set(["match", "not_match"]);

/** Every sentence that a person can read: of the code under `root`, of its manifest and of its documents. */
export function visibleText(root: string): Sentence[] {
  const read = (file: string): string => readFileSync(join(root, file), "utf8");
  const code = codeFolders.flatMap((folder) => filesIn(root, folder, ".ts"));
  const pages = [...documents, ...documentFolders.flatMap((folder) => filesIn(root, folder, ".md"))];
  return [
    ...code.flatMap((file) => sentencesOfCode(file, read(file))),
    ...pages.flatMap((file) => sentencesOfMarkdown(file, read(file))),
    ...filesIn(root, planFolder, ".yaml").flatMap((file) => sentencesOfPlan(file, read(file))),
    ...sentencesOfManifest(manifestTexts, read(manifestTexts)),
  ];
}

function filesIn(root: string, folder: string, extension: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(extension))
    .map((file) => `${folder}/${file}`)
    .sort();
}

/**
 * Strings and templates of at least two words. Left out: paths of imports, types, patterns, and what a rule of the
 * policy is tried with. Nothing tells an internal string of two words from one that is shown: both follow the glossary.
 */
export function sentencesOfCode(file: string, source: string): Sentence[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.ES2022, true);
  const found: Sentence[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node)) return;
    if (ts.isPropertyAssignment(node) && dataProperties.has(node.name.getText())) return;
    const text = textOf(node);
    if (text !== undefined && hasTwoWords(text)) {
      found.push({ file, line: tree.getLineAndCharacterOfPosition(node.getStart()).line + 1, text });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map((span) => `…${span.literal.text}`).join("");
}

function hasTwoWords(text: string): boolean {
  return /[a-z…][,;:]? [a-z…]/i.test(text) && /[a-z]{2}/i.test(text);
}

/** Paragraphs, rows and titles without their code, and what stands for a picture to those who do not see it. */
export function sentencesOfMarkdown(file: string, source: string): Sentence[] {
  const blank = (code: string): string => code.replace(/[^\n]/g, " ");
  const prose = source
    .replace(/^```[\s\S]*?^```/gm, blank)
    .replace(/`[^`\n]*`/g, blank)
    .replace(/\]\([^)\n]*\)/g, blank);
  const found: Sentence[] = [];
  for (const block of prose.matchAll(/(?:^.*\S.*\n?)+/gm)) {
    found.push({ file, line: prose.slice(0, block.index).split("\n").length, text: block[0] });
  }
  return found;
}

/** Lines of a plan that we hand out: its comments, its goal, its handoffs, and the commands between them. */
export function sentencesOfPlan(file: string, source: string): Sentence[] {
  return source
    .split("\n")
    .map((text, index) => ({ file, line: index + 1, text }))
    .filter(({ text }) => hasTwoWords(text));
}

/** The texts of the manifest that VS Code shows, keyed by name: commands, settings, views, the walkthrough. */
export function sentencesOfManifest(file: string, source: string): Sentence[] {
  const lines = source.split("\n");
  return Object.entries(JSON.parse(source) as Record<string, string>).map(([key, text]) => ({
    file,
    line: lines.findIndex((line) => line.trimStart().startsWith(`${JSON.stringify(key)}:`)) + 1,
    text,
  }));
}
