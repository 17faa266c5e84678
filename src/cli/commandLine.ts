import { Interrupts } from "./interrupts";
import { Output } from "./output";
import { runProgram } from "./program";
import { StandardStream } from "./standardStream";

/** Longer than any timer that matters; only its being there counts. */
const foreverMs = 0x7fffffff;
const leaveMs = 2000;

/**
 * A reader that went away (`| head`, EIO of a closed terminal) is no error: what only shows something ends, and work
 * goes on without words.
 */
function unlessReaderLeft(goOn: () => void): (error: NodeJS.ErrnoException) => void {
  return (error) => {
    if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
    goOn();
  };
}

/**
 * Everything is closed by now, so that the process ends by itself; what still hangs after a while is left behind once
 * all output is out.
 */
function leaveSoon(streams: readonly StandardStream[]): void {
  // Nothing is left to do then, not even taking apart what the process has in memory.
  process.once("beforeExit", () => process.exit());
  const timer = setInterval(() => {
    if (streams.every(({ held }) => held === 0)) process.exit();
  }, leaveMs);
  timer.unref();
}

/** Runs the command that the arguments name, and sets the exit code of the process. */
async function main(argv: readonly string[]): Promise<void> {
  const interrupts = new Interrupts();
  interrupts.listen();
  const stdout = new StandardStream(
    "stdout",
    unlessReaderLeft(() => output.readerLeft()),
  );
  const stderr = new StandardStream(
    "stderr",
    unlessReaderLeft(() => undefined),
  );
  const output: Output = new Output({
    // Made when something is read: few commands do.
    get stdin() {
      return process.stdin;
    },
    stdout,
    stderr,
    env: process.env,
    json: wants(argv, "--json"),
    colors: !wants(argv, "--no-color"),
  });
  // The clock's timers and idle sockets keep no process alive; a command that waits for them must.
  const alive = setInterval(() => undefined, foreverMs);
  try {
    process.exitCode = await runProgram(argv, output, interrupts);
  } finally {
    clearInterval(alive);
  }
  leaveSoon([stdout, stderr]);
}

/** Known before the arguments are understood, because errors in them are reported the same way. */
function wants(argv: readonly string[], flag: string): boolean {
  const end = argv.indexOf("--");
  return (end < 0 ? argv : argv.slice(0, end)).includes(flag);
}

void main(process.argv.slice(2));
