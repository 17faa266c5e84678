import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addToIgnoreFiles, unawareTools } from "../../src/adapters/machine/ignoreFiles";
import { CliWorld } from "../support/cliWorld";
import { temporaryFolder } from "../support/localAddresses";

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  mkdirSync(join(folder, ".orchestrator"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text = ""): void => writeFileSync(join(folder, name), text);
const read = (name: string): string => readFileSync(join(folder, name), "utf8");
const names = async (): Promise<string[]> => (await unawareTools(folder)).map(({ name }) => name);

describe("tools that would read the record", () => {
  it.each([
    [".prettierrc", "Prettier"],
    ["prettier.config.mjs", "Prettier"],
    [".yamllint.yaml", "yamllint"],
    [".markdownlint.json", "markdownlint"],
    [".markdownlint-cli2.jsonc", "markdownlint-cli2"],
    ["biome.json", "Biome"],
    ["dprint.json", "dprint"],
    ["Dockerfile", "Docker"],
    ["compose.yaml", "Docker"],
    ["Chart.yaml", "Helm"],
    [".vscodeignore", "vsce"],
  ])("are known by %s", async (file, name) => {
    write(file);
    expect(await names()).toEqual([name]);
  });

  it("are known by package.json, and not where there is no record or no tool", async () => {
    write("package.json", JSON.stringify({ devDependencies: { prettier: "3" }, dependencies: { eslint: "9" } }));
    expect(await names()).toEqual(["Prettier"]);
    write("package.json", JSON.stringify({ prettier: {} }));
    expect(await names()).toEqual(["Prettier"]);
    write("package.json", "{");
    expect(await names()).toEqual([]);
    write(".prettierrc");
    rmSync(join(folder, ".orchestrator"), { recursive: true });
    expect(await names()).toEqual([]);
  });

  it.each([
    [".prettierignore", "dist\n.orchestrator\n"],
    [".prettierignore", "/.orchestrator/**\r\n"],
    [".gitignore", "**/.orchestrator/\n"],
  ])("know it by a line of %s", async (file, text) => {
    write(".prettierrc");
    write(file, text);
    expect(await names()).toEqual([]);
  });

  it.each(["# .orchestrator\n", "!.orchestrator\n", ".orchestrators\n"])("do not know it by %j", async (text) => {
    write(".prettierignore", text);
    expect(await names()).toEqual(["Prettier"]);
  });

  it("get a line behind what their file has, and nothing else of it changes", async () => {
    write(".prettierrc");
    write("Dockerfile");
    write(".dockerignore", "node_modules\r\n*.log");
    await addToIgnoreFiles(folder, await unawareTools(folder));
    expect(read(".prettierignore")).toBe(".orchestrator/\n");
    expect(read(".dockerignore")).toBe("node_modules\r\n*.log\r\n.orchestrator\r\n");
    expect(await names()).toEqual([]);
  });

  it("are left to a person where a line is not enough, or the file is a link", async () => {
    write(".yamllint.yml", "extends: default\n");
    write("shared", "");
    symlinkSync("shared", join(folder, ".prettierignore"));
    const unaware = await unawareTools(folder);
    expect(unaware.map(({ file, byHand }) => [file, byHand])).toEqual([
      [".prettierignore", true],
      [".yamllint.yml", true],
    ]);
    await addToIgnoreFiles(folder, unaware);
    expect([read("shared"), read(".yamllint.yml")]).toEqual(["", "extends: default\n"]);
  });
});

describe("on the command line", () => {
  let world: CliWorld;
  beforeAll(() => {
    world = new CliWorld();
  });
  afterAll(() => world.close());

  it("doctor offers it, --fix does it, and Prettier then finds nothing to say", async () => {
    const prettier = (): number | null =>
      spawnSync(process.execPath, [resolve("node_modules/prettier/bin/prettier.cjs"), "--check", "."], {
        cwd: world.workspace,
      }).status;
    world.write(".prettierrc", "{}\n");
    world.write(".yamllint", "extends: default\n");
    const first = await world.run(["do", "a", "--run", "true"]);
    expect(first.stderr).toContain("Prettier and yamllint also read .orchestrator. See: wsh-orchestrator doctor");
    expect((await world.run(["do", "b", "--run", "true"])).stderr).not.toContain("Prettier");
    expect(prettier()).toBe(1);
    const found = await world.run(["doctor"]);
    expect(found.code).toBe(0);
    expect(found.stdout).toContain("Add it to .prettierignore with: wsh-orchestrator doctor --fix");
    expect(found.stdout).toContain("Put this into .yamllint: ignore: [.orchestrator/]");
    expect(existsSync(join(world.workspace, ".prettierignore"))).toBe(false);
    expect((await world.run(["doctor", "--fix"])).stdout).toContain(".orchestrator was added to .prettierignore");
    expect(prettier()).toBe(0);
    world.write(".yamllint", "extends: default\nignore: [.orchestrator/]\n");
    expect((await world.run(["doctor"])).stdout).not.toContain("ignore files");
  });
});
