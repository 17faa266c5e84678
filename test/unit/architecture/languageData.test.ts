import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../src/", import.meta.url));
const folders = ["core", "cli", "adapters", "protocol"];
/** What loads the data of a language: 6 to 12 ms, in each process. */
const loads = /\.toLocale\w+\(|\.localeCompare\(|\bIntl\.\w+\(/;

describe("the data of a language", () => {
  it("is loaded by no command, but for names in the order of people, characters that join others and zones that a screen names", () => {
    const files = folders.flatMap((folder) =>
      readdirSync(`${root}${folder}`, { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`),
    );
    const loading = files.filter((name) => name.endsWith(".ts") && loads.test(readFileSync(root + name, "utf8")));
    expect(loading.sort()).toEqual(["core/base/textWidth.ts", "core/sense/limitEnd.ts", "protocol/tiles.ts"]);
  });
});
