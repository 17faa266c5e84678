import type { Terminal } from "@xterm/headless";
import type { WireTerminal } from "../adapters/wsh/wire";
import { TerminalSignals } from "../core/sense/terminalSignals";

const controlCharacters = /\p{Cc}/gu;

/** Reads along what programs tell their terminal beside what they draw, as far as the screen does not show it. */
export function followSignals(terminal: Terminal): TerminalSignals {
  const signals = new TerminalSignals();
  const { parser } = terminal;
  terminal.onTitleChange((text) => signals.title(text));
  for (const code of [9, 133, 633, 7501])
    parser.registerOscHandler(code, (data) => {
      signals.osc(code, data);
      return false;
    });
  parser.registerEscHandler({ final: "c" }, () => {
    signals.reset();
    return false;
  });
  return signals;
}

/** What of it stands, for whoever only looks. Its limits are those of the signals. */
export function toldSignals(signals: TerminalSignals): Pick<WireTerminal, "title" | "progress" | "statuses"> {
  const { title, progress } = signals.facts;
  const { reports } = signals;
  return {
    ...(title === undefined ? {} : { title: title.replace(controlCharacters, "") }),
    ...(progress === undefined ? {} : { progress }),
    ...(reports.length === 0 ? {} : { statuses: reports.map((report) => report.replace(controlCharacters, "")) }),
  };
}
