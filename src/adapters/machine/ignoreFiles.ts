import { appendFile, lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const recordFolder = ".orchestrator";

/** A tool that reads the files of a folder unless it is told not to. */
interface Tool {
  readonly name: string;
  /** Files of its own in the folder; one of them is enough. */
  readonly files: RegExp;
  /** Names under which package.json has it: as a dependency, or as a field. */
  readonly packages?: readonly string[];
  /** The file that gets a line, or the one whose settings a person has to change. */
  readonly file: string;
  readonly line: string;
  /** Only a person can put the line into the file: it is no list of lines. */
  readonly byHand?: true;
  /** Other files that it reads lines of this kind from. */
  readonly also?: readonly string[];
}

/**
 * Tools that would look at JSON, Markdown and YAML of a record, or take it along. Those that leave out folders with a
 * dot (ripgrep, cspell), or look at other kinds of files only (ESLint, stylelint), are not among them.
 */
const tools: readonly Tool[] = [
  {
    name: "Prettier",
    files: /^(\.prettierrc(\..+)?|prettier\.config\..+|\.prettierignore)$/,
    packages: ["prettier"],
    file: ".prettierignore",
    line: ".orchestrator/",
    // Since Prettier 3.0; it does not read those of folders.
    also: [".gitignore"],
  },
  {
    name: "yamllint",
    files: /^\.yamllint(\.ya?ml)?$/,
    file: ".yamllint",
    line: "ignore: [.orchestrator/]",
    byHand: true,
  },
  {
    name: "markdownlint",
    files: /^(\.markdownlint\.(jsonc?|ya?ml|cjs)|\.markdownlintrc|\.markdownlintignore)$/,
    packages: ["markdownlint-cli"],
    file: ".markdownlintignore",
    line: ".orchestrator/",
  },
  {
    name: "markdownlint-cli2",
    files: /^\.markdownlint-cli2\.(jsonc|yaml|cjs|mjs)$/,
    packages: ["markdownlint-cli2"],
    file: ".markdownlint-cli2.jsonc",
    line: '"ignores": [".orchestrator/**"]',
    byHand: true,
  },
  {
    name: "Biome",
    files: /^\.?biome\.jsonc?$/,
    packages: ["@biomejs/biome"],
    file: "biome.json",
    line: '"files": { "includes": ["**", "!**/.orchestrator"] }',
    byHand: true,
  },
  {
    name: "dprint",
    files: /^\.?dprint\.jsonc?$/,
    packages: ["dprint"],
    file: "dprint.json",
    line: '"excludes": [".orchestrator"]',
    byHand: true,
  },
  {
    name: "Docker",
    files: /^(Dockerfile(\..+)?|Containerfile|\.dockerignore|(docker-)?compose\.ya?ml)$/,
    file: ".dockerignore",
    line: ".orchestrator",
  },
  { name: "Helm", files: /^(Chart\.yaml|\.helmignore)$/, file: ".helmignore", line: ".orchestrator/" },
  {
    name: "vsce",
    files: /^\.vscodeignore$/,
    packages: ["@vscode/vsce"],
    file: ".vscodeignore",
    line: ".orchestrator/**",
  },
];

/** A tool that is used in a folder and does not know yet that the record is not for it. */
export interface UnawareTool {
  readonly name: string;
  /** In the folder. It need not exist, unless only a person can change it. */
  readonly file: string;
  readonly line: string;
  readonly byHand: boolean;
}

/** The tools that are used in the folder and would read the record in it; none where there is no record. */
export async function unawareTools(folder: string): Promise<UnawareTool[]> {
  const names = await readdir(folder).catch((): string[] => []);
  if (!names.includes(recordFolder)) return [];
  const manifest = await manifestOf(folder);
  const found: UnawareTool[] = [];
  for (const { name, files, packages = [], file, line, byHand = false, also = [] } of tools) {
    const own = names.filter((each) => files.test(each));
    if (own.length === 0 && !packages.some((each) => manifest.has(each))) continue;
    const texts = await Promise.all([file, ...own, ...also].map((each) => textOf(join(folder, each))));
    if (texts.some(namesRecord)) continue;
    found.push({ name, file: byHand ? (own[0] ?? file) : file, line, byHand: byHand || (await isLink(folder, file)) });
  }
  return found;
}

/** Adds the line of each to its ignore file, which is made where there is none; those that a person must change stay. */
export async function addToIgnoreFiles(folder: string, unaware: readonly UnawareTool[]): Promise<void> {
  for (const { file, line, byHand } of unaware) {
    if (byHand) continue;
    const path = join(folder, file);
    const text = await textOf(path);
    const end = text.includes("\r\n") ? "\r\n" : "\n";
    await appendFile(path, `${text === "" || text.endsWith("\n") ? "" : end}${line}${end}`);
  }
}

/** A line, or a setting, that is about the record; one that is commented out is not. */
function namesRecord(text: string): boolean {
  return text.split("\n").some((line) => /^(?!\s*(#|\/\/)).*\.orchestrator\b/.test(line) && !line.startsWith("!"));
}

async function manifestOf(folder: string): Promise<ReadonlySet<string>> {
  try {
    const manifest = JSON.parse(await textOf(join(folder, "package.json"))) as Record<string, unknown>;
    const dependencies = [manifest.dependencies, manifest.devDependencies].flatMap((each) => Object.keys(each ?? {}));
    return new Set([...Object.keys(manifest), ...dependencies]);
  } catch {
    return new Set();
  }
}

async function isLink(folder: string, file: string): Promise<boolean> {
  return (await lstat(join(folder, file)).catch(() => undefined))?.isSymbolicLink() === true;
}

/** Empty for one that is not there. */
async function textOf(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}
