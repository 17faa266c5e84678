import { expect, test } from "vitest";
import { typeAnswer } from "../../../src/core/command/promptTyping";
import type { EarlierAnswer } from "../../../src/core/command/unsentAnswer";
import type { Screen } from "../../../src/core/ports/sessions";
import { shippedCatalog } from "../../../src/core/sense/programs/catalog";
import { senseOnce } from "../../../src/core/session/sensedTerminal";

const asks = "Go on? [y/n] ";

function screenOf(...lines: string[]): Screen {
  const row = lines.length - 1;
  const cursor = { row, col: lines[row]?.length ?? 0, visible: true };
  return { lines, cursor, rows: 24, cols: 80, total_lines: 24, alternate_active: false };
}

/** A server that does not tell how its terminals read keys: the prompt shows a key for one look, then it is gone. */
async function answered(
  answer: string,
  shown: readonly Screen[],
  { asked = screenOf(asks), earlier = [] }: { asked?: Screen; earlier?: readonly EarlierAnswer[] } = {},
): Promise<{ typing: string; keys: string[] }> {
  const keys: string[] = [];
  const looks = [...shown];
  const place = {
    server: {
      screen: () => Promise.resolve((looks.length > 1 ? looks.shift() : looks[0]) ?? screenOf("")),
      terminalMode: () => Promise.resolve(undefined),
      sendInput: (_wire: string, sent: string) => Promise.resolve(void keys.push(sent)),
    },
    wire: "w",
    clock: {
      now: () => 0,
      after: (_ms: number, then: () => void) => (queueMicrotask(then), { dispose: () => undefined }),
    },
    catalog: shippedCatalog,
  };
  const seen = senseOnce(asked, {}, shippedCatalog);
  const standing = { rule: seen.evidence?.[0]?.rule ?? "", fingerprint: seen.asks ?? "", earlier };
  return { typing: await typeAnswer(place, standing, answer), keys };
}

const before = screenOf(asks);
const withKey = screenOf(`${asks}y`);
const after = screenOf(`${asks}y`, "got=y", "$ ");

test("a key that was read alone while it was looked at is the whole answer, and Enter is not sent", async () => {
  expect(await answered("y", [before, before, withKey, after])).toEqual({ typing: "typed", keys: ["y"] });
});

test("of a longer answer only the beginning was typed then", async () => {
  expect(await answered("yes", [before, before, withKey, after])).toEqual({ typing: "in_part", keys: ["y"] });
});

test("nothing was typed where only Enter was the answer and the prompt was gone", async () => {
  expect(await answered("", [before, after])).toEqual({ typing: "gone", keys: [] });
});

test("what an answer left behind the prompt is the beginning of the next one, or nothing is typed", async () => {
  const clean = senseOnce(before, {}, shippedCatalog).asks ?? "";
  const left = { asked: withKey, earlier: [{ fingerprint: clean, answer: "y" }] };
  expect(await answered("y", [withKey], left)).toEqual({ typing: "typed", keys: ["\r"] });
  expect(await answered("yes", [withKey], left)).toEqual({ typing: "typed", keys: ["es\r"] });
  expect(await answered("n", [withKey], left)).toEqual({ typing: "gone", keys: [] });
});

test("what stands there of no answer that is known is typed behind", async () => {
  const elsewhere = senseOnce(screenOf("Another one", asks), {}, shippedCatalog).asks ?? "";
  const other = { asked: withKey, earlier: [{ fingerprint: elsewhere, answer: "y" }] };
  expect((await answered("n", [withKey], other)).keys[0]).toBe("n");
});

test("a secret goes in one piece", async () => {
  const asked = screenOf("[sudo] password for ann: ");
  expect(await answered("hunter2", [asked], { asked })).toEqual({ typing: "typed", keys: ["hunter2\r"] });
});
