import { statusQuestion } from "../core/sense/statusReport";

/** Primary device attributes (DA1): every terminal answers them, and answers in order. */
const attributesQuestion = "\x1b[c";
const attributes = /\x1b\[\?[\d;]*c/;
const known = /\x1b\]7501;\?(?:\x07|\x1b\\)/;
/** The beginning of an answer that is not whole yet. */
const begun = /\x1b(?:\[(?:\?[\d;]*)?|\](?:7(?:5(?:0(?:1(?:;(?:\?\x1b?)?)?)?)?)?)?)?$/;
const interrupt = "\x03";
/** A terminal answers within milliseconds, one behind a slow line in some hundred. */
const patienceMs = 1000;

export interface AskedTerminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: Pick<NodeJS.WriteStream, "write">;
  /** Ctrl-C, which is a key like others while the terminal is asked. */
  readonly interrupt: () => void;
}

/**
 * Asks the terminal whether it knows OSC 7501. Its answers are taken out of what is typed meanwhile, which is read by
 * whoever reads next. False where it does not say so, and within a second.
 */
export async function knowsStatuses({ stdin, stdout, interrupt: raise }: AskedTerminal): Promise<boolean> {
  const wasRaw = stdin.isRaw;
  let read = "";
  stdin.setRawMode(true);
  const restore = (): void => void stdin.setRawMode(wasRaw);
  process.once("exit", restore);
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, patienceMs);
    function onData(chunk: Buffer): void {
      read += chunk.toString("latin1");
      if (read.includes(interrupt)) {
        read = read.replaceAll(interrupt, "");
        raise();
      }
      if (attributes.test(read)) done();
    }
    function done(): void {
      clearTimeout(timer);
      stdin.off("data", onData);
      resolve();
    }
    stdin.on("data", onData);
    stdin.resume();
    stdout.write(`${statusQuestion}${attributesQuestion}`);
  });
  process.off("exit", restore);
  stdin.pause();
  const typed = withoutAnswers(read);
  if (typed !== "") stdin.unshift(Buffer.from(typed, "latin1"));
  restore();
  stdin.unref();
  const answer = known.exec(read);
  // An answer behind the attributes is to somebody else's question.
  return answer !== null && answer.index < (attributes.exec(read)?.index ?? Infinity);
}

/** What a person typed of what came from a terminal that was asked. */
export function withoutAnswers(read: string): string {
  return read.replace(known, "").replace(attributes, "").replace(begun, "");
}
