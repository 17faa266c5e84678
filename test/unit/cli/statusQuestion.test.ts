import { PassThrough } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import { knowsStatuses } from "../../../src/cli/statusQuestion";

const known = "\x1b]7501;?\x1b\\";
const attributes = "\x1b[?62;22c";

/** A terminal that answers with `pieces`, each as it comes. */
async function ask(
  pieces: readonly string[],
): Promise<{ knows: boolean; typed: string; raw: boolean[]; raised: number; asked: string }> {
  const raw: boolean[] = [];
  let raised = 0;
  let asked = "";
  const input = new PassThrough();
  const stdin = Object.assign(input, {
    isRaw: false,
    setRawMode: (on: boolean) => raw.push(on),
    unref: () => undefined,
  });
  const stdout = {
    write: (text: string): boolean => {
      asked += text;
      void (async () => {
        for (const piece of pieces) {
          input.write(Buffer.from(piece, "latin1"));
          await new Promise((resolve) => setImmediate(resolve));
        }
      })();
      return true;
    },
  };
  const knows = await knowsStatuses({
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout,
    interrupt: () => raised++,
  });
  await new Promise((resolve) => setImmediate(resolve));
  const typed = (input.read() as Buffer | null)?.toString("latin1") ?? "";
  return { knows, typed, raw, raised, asked };
}

describe("a terminal that is asked", () => {
  it("is asked once, and its modes are as before", async () => {
    const { asked, raw } = await ask([known + attributes]);
    expect([asked, raw]).toEqual([`${known}\x1b[c`, [true, false]]);
  });

  it.each<[string, readonly string[], boolean, string]>([
    ["knows it", [known + attributes], true, ""],
    ["ends its answers with BEL", [`\x1b]7501;?\x07${attributes}`], true, ""],
    ["does not know it", [attributes], false, ""],
    ["answers in pieces", Array.from(known + attributes), true, ""],
    ["says so after its attributes: that is for somebody else", [attributes + known], false, ""],
    ["is typed into meanwhile", ["ls", known, "\x1b[A", attributes], true, "ls\x1b[A"],
    ["is typed into in UTF-8", [`\xc3\xa9${known}${attributes}`], true, "\xc3\xa9"],
  ])("%s", async (_name, pieces, knows, typed) => {
    expect(await ask(pieces)).toMatchObject({ knows, typed });
  });

  it("hears Ctrl-C", async () => {
    expect(await ask(["a\x03", attributes])).toMatchObject({ raised: 1, typed: "a" });
  });

  it("is waited for a second at most, and half an answer is not typed", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    try {
      const asking = ask(["x", "\x1b]7501;?"]);
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
      vi.advanceTimersByTime(1000);
      expect(await asking).toMatchObject({ knows: false, typed: "x", raw: [true, false] });
    } finally {
      vi.useRealTimers();
    }
  });
});
