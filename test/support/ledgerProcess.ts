import { FileProjectStore } from "../../src/adapters/ledger/fileProjectStore";
import type { FileLedger } from "../../src/adapters/ledger/fileLedger";
import { createIds } from "../../src/adapters/ledger/ids";
import type { SegmentLimits } from "../../src/adapters/ledger/segments";
import { hasCode, messageOf } from "../../src/core/model/errors";
import { systemClock } from "./systemClock";

/** What a process of its own does with the record of project alpha; passed as JSON in the first argument. */
export type LedgerJob =
  | { readonly do: "append"; readonly count: number; readonly inFlight: number }
  /** Appends until it is killed, saying each acknowledged text. */
  | { readonly do: "acknowledge"; readonly inFlight: number }
  | { readonly do: "follow"; readonly until: string }
  /** Appends one at a time until it is refused or `count` are done; says each, then the error's code. */
  | { readonly do: "until-refused"; readonly count: number };

export type LedgerJobSpec = LedgerJob & {
  readonly workspace: string;
  readonly name: string;
  readonly durability: "synced" | "written";
  readonly limits?: SegmentLimits;
  /** Of a text that goes to a file of its own when it is long. */
  readonly textBytes?: number;
  /** Of what stays in the line, however long. */
  readonly lineBytes?: number;
  readonly umask?: number;
};

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function appendMany(
  ledger: FileLedger,
  spec: LedgerJobSpec,
  count: number,
  inFlight: number,
  done?: (text: string) => void,
): Promise<void> {
  let next = 0;
  const output = "x".repeat(spec.textBytes ?? 0);
  const filler = "y".repeat(spec.lineBytes ?? 0);
  const lane = async (): Promise<void> => {
    while (next < count) {
      const text = `${spec.name}:${next++}`;
      const draft = { session_name: null, actor: "engine", kind: "note", text, output, inLine: [filler] };
      await ledger.append(draft, spec.durability);
      done?.(text);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
}

async function run(spec: LedgerJobSpec): Promise<void> {
  const options = { clock: systemClock, ids: createIds(), sanitize: (text: string) => text, limits: spec.limits };
  const ledger = await new FileProjectStore(spec.workspace, options).open("alpha");
  say("ready");
  switch (spec.do) {
    case "append":
      await appendMany(ledger, spec, spec.count, spec.inFlight);
      break;
    case "acknowledge":
      await appendMany(ledger, spec, Infinity, spec.inFlight, say);
      break;
    case "until-refused":
      await appendMany(ledger, spec, spec.count, 1, say);
      break;
    case "follow":
      for await (const { entry } of ledger.follow(undefined, new AbortController().signal)) {
        say(`${entry.text} ${Date.now()}`);
        if (entry.text === spec.until) break;
      }
      break;
  }
  await ledger.close();
  say("done");
}

process.on("unhandledRejection", (error) => {
  say(`unhandled ${messageOf(error)}`);
  process.exitCode = 3;
});

const spec = JSON.parse(process.argv[2] ?? "") as LedgerJobSpec;
if (spec.umask !== undefined) process.umask(spec.umask);
run(spec).catch((error: unknown) => {
  say(
    `refused ${hasCode(error, "disk_full", "ledger_unwritable", "ledger_unsafe", "project_not_found") ? error.code : messageOf(error)}`,
  );
});
