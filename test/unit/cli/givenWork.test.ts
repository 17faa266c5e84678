import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { givenWork } from "../../../src/cli/givenWork";
import { temporaryFolder } from "../../support/localAddresses";

it("is commands, or a prompt with its agent, or nothing", async () => {
  expect(await givenWork({})).toBeUndefined();
  expect(await givenWork({ run: ["ls"] })).toEqual({ run: ["ls"] });
  expect(await givenWork({ prompt: "@x" })).toEqual({ prompt: "@x" });
  expect(await givenWork({ prompt: "", agent: "codex", mode: "ask", model: "m" })).toEqual({
    prompt: "",
    agent: { use: "codex", mode: "ask", model: "m" },
  });
});

it("reads a prompt from a file, without the end of its last line", async () => {
  const folder = await temporaryFolder();
  try {
    const promptFile = join(folder, "fix.md");
    await writeFile(promptFile, "\ufeffFix it.\r\n\r\nNow.\r\n");
    expect(await givenWork({ promptFile })).toEqual({ prompt: "Fix it.\n\nNow." });
    await writeFile(promptFile, Buffer.from([0x41, 0x0a, 0xff]));
    await expect(givenWork({ promptFile })).rejects.toThrow(/fix\.md is not valid at line 2, column 1/);
    await expect(givenWork({ promptFile: join(folder, "none") })).rejects.toThrow(/none cannot be read/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

it("refuses settings of an agent that have none, and an agent without a prompt", async () => {
  await expect(givenWork({ prompt: "x", mode: "ask" })).rejects.toThrow("--mode needs --agent.");
  await expect(givenWork({ prompt: "x", model: "m" })).rejects.toThrow("--model needs --agent.");
  await expect(givenWork({ agent: "codex" })).rejects.toThrow("--agent needs a prompt.");
});
