import { benchCli } from "./cli";
import { benchCommands } from "./commands";
import { benchExtension } from "./extension";
import { benchLedger } from "./ledger";
import { benchMirrors } from "./mirrors";
import { benchPlans } from "./plans";
import { benchReplays } from "./replays";
import { benchSense } from "./sense";
import { benchServer } from "./server";
import { benchTasks } from "./tasks";

/** Each part prints ratios of things measured in this one run; `npm run bench -- commands` runs one part. */
const parts: readonly (readonly [string, (report: (line: string) => void) => Promise<void>])[] = [
  ["cli", benchCli],
  ["commands", benchCommands],
  ["plans", benchPlans],
  ["tasks", benchTasks],
  ["sense", benchSense],
  ["server", benchServer],
  ["ledger", benchLedger],
  ["extension", benchExtension],
  ["mirrors", benchMirrors],
];

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const report = (line: string): void => console.log(line);
  // The one part that takes minutes, and folders.
  if (wanted[0] === "replays") return benchReplays(report, wanted.slice(1));
  report(
    `Node ${process.version}, ${process.platform} ${process.arch}. Compare the ratios; the figures themselves are this machine's.`,
  );
  for (const [name, run] of parts) if (wanted.length === 0 || wanted.includes(name)) await run(report);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
