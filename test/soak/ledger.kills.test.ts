import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { rounds } from "../support/seed";
import { killWriters, sayKills } from "../support/killCampaign";
import { Workspace } from "../support/ledgerHarness";
import { buildLedgerProcess } from "../support/startLedgerProcess";

let programs: string;
let program: string;
beforeAll(async () => {
  programs = await mkdtemp(join(tmpdir(), "ledger-program-"));
  program = await buildLedgerProcess(programs);
});
afterAll(() => rm(programs, { recursive: true, force: true }));

let workspace: Workspace;
beforeEach(async () => {
  workspace = await Workspace.make();
  await workspace.ledger();
});
afterEach(() => workspace.dispose());

it.each([
  ["short entries (R1)", { kills: 1000 }],
  ["short entries, segments of 300", { kills: 300, limits: { bytes: 200_000, entries: 300 } }],
  ["200 KB in a line (R2)", { kills: 200, lineBytes: 200_000, most: 12 }],
  ["lines of nearly 1 MiB, the longest that are taken", { kills: 100, lineBytes: 1_040_000, most: 6 }],
  ["200 KB in a file beside the record", { kills: 200, textBytes: 200_000, most: 12 }],
])("4 writers under SIGKILL, %s", async (title, campaign) => {
  const kills = rounds(campaign.kills);
  const figures = await killWriters(program, workspace, { writers: 4, ...campaign, kills });
  console.log(`${title}: ${sayKills(figures)}`);
  expect(figures).toMatchObject({ kills, lost: [], doubled: 0, disordered: 0, unreadable: 0 });
  expect(figures.acknowledged).toBeGreaterThanOrEqual(kills);
});
