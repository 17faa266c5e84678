import { writeFile } from "node:fs/promises";
import { expect } from "vitest";
import { type Workspace, note, texts } from "./ledgerHarness";

/**
 * Cuts a record off at every `every`-th byte of its last four entries, appends, and looks at what is left; gives the
 * number of cuts.
 */
export async function cutEverywhere(workspace: Workspace, first: number, every: number): Promise<number> {
  const wanted = Array.from({ length: 8 }, (_, index) => `entry ${index}`);
  const ledger = await workspace.ledger();
  const ends: number[] = [];
  for (const text of wanted) {
    await ledger.append(note(text), "written");
    ends.push((await workspace.bytes()).length);
  }
  await ledger.close();
  const whole = await workspace.bytes();
  let cuts = 0;
  for (let length = (ends[3] as number) + first; length < whole.length; length += every, cuts++) {
    await writeFile(workspace.segment(), whole.subarray(0, length));
    // Without its newline a line is whole again as soon as the next append gives it one.
    const complete = ends.filter((end) => end - 1 <= length).length;
    const next = await workspace.ledger();
    await next.append(note("new"), "written");
    const found = await texts(next);
    expect([length, found]).toEqual([length, [...wanted.slice(0, complete), "new"]]);
    expect((await next.last(1000)).map((entry) => entry.text)).toEqual(found);
    await next.close();
  }
  return cuts;
}
