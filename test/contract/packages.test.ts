import { readFile, stat } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { packageFor, readmeOfPage, targets } from "../../package.mjs";
import { bundleSizes } from "../bench/bundleSizes";
import { temporaryFolder } from "../support/localAddresses";
import { zipListing } from "../support/zipListing";

const kibibytes = 1024;
/** Goals of the packages, in KiB. What reads plans is in there twice, for a thread of its own cannot share it. */
const most = (target: string): number => (target.startsWith("win32") ? 4096 : 2176);

/** Names of chunks change with what is in them, and compiled libraries are the platform's. */
const steady = (path: string): string =>
  path
    .replace(/^extension\//, "")
    .replace(/^dist\/extension\/[\w-]+\.js$/, "dist/extension/*.js")
    .replace(/^(dist\/node_modules\/@lydell\/node-pty[\w-]*)\/.*/, "$1/**")
    .replace(/^(media\/(?:pictures|tour|templates|walkthrough))\/.*/, "$1/**");

/** Goal of what every window loads, in KiB, as `npm run bench -- extension` has it. */
const mostAtOnce = 450;

describe("the packed extension", () => {
  it("loads little in a window that needs nothing of it yet", () => {
    const { atOnce } = bundleSizes("dist/metafiles.json", "dist/extension.js");
    expect(atOnce / kibibytes).toBeGreaterThan(0);
    expect(atOnce / kibibytes).toBeLessThan(mostAtOnce);
  });

  for (const target of targets) {
    it(`for ${target} has what it needs and nothing else, and is small`, async () => {
      const path = await packageFor(target, await temporaryFolder());
      const entries = await zipListing(path);
      const library =
        target === "universal"
          ? []
          : ["dist/node_modules/@lydell/node-pty/**", `dist/node_modules/@lydell/node-pty-${target}/**`];
      expect([...new Set(entries.map((entry) => steady(entry.path)))].sort()).toEqual(
        [
          "LICENSE.txt",
          "THIRD_PARTY_NOTICES.txt",
          "[Content_Types].xml",
          "changelog.md",
          "dist/cli.js",
          "dist/cliProgram.js",
          "dist/extension.js",
          "dist/extension/*.js",
          "dist/textThread.js",
          "dist/server.js",
          ...["mirror-styles.css", "mirror.js", "overview-styles.css", "overview.js"].map(
            (page) => `dist/webview/${page}`,
          ),
          "extension.vsixmanifest",
          "media/agent-profile.schema.json",
          "media/icon.png",
          "media/l10n/bundle.l10n.json",
          "media/orchestrator.svg",
          "media/pictures/**",
          "media/plan.schema.json",
          "media/program-rules.schema.json",
          "media/project.schema.json",
          "media/sessions.schema.json",
          "media/snapshot.schema.json",
          "media/templates/**",
          "media/tour/**",
          "media/walkthrough/**",
          "package.json",
          "package.nls.json",
          "readme.md",
          ...library,
        ].sort(),
      );
      expect((await stat(path)).size / kibibytes).toBeLessThan(most(target));
      const helpers = entries.filter((entry) => entry.path.endsWith("/spawn-helper"));
      expect(helpers.map(({ mode }) => mode & 0o111)).toEqual(target.startsWith("darwin") ? [0o111] : []);
      expect(entries.filter((entry) => entry.path.endsWith(".node")).length > 0).toBe(target !== "universal");
    });
  }

  it("has the pictures of its page at the address that is given, and none that could not be drawn", async () => {
    const pictures = (text: string): string[] =>
      [...text.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map((match) => match[1] ?? "");
    const [own, there, none] = [
      await readFile("README.md", "utf8"),
      await readmeOfPage("https://files.example/main/"),
      await readmeOfPage(),
    ];
    expect(pictures(own).length).toBeGreaterThan(2);
    expect(pictures(there)).toEqual(pictures(own).map((path) => `https://files.example/main/${path}`));
    expect([pictures(none), none.includes("\n\n\n")]).toEqual([[], false]);
    expect(none.split("\n").filter((line) => !own.includes(line))).toEqual([]);
  });
});
