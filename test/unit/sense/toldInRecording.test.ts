import { describe, expect, it } from "vitest";
import { StreamTold, toldInRecording } from "../../../src/core/sense/sample";

const osc = (command: string): string => `\x1b]${command}\x1b\\`;
const streamOf = (text: string): StreamTold => {
  const stream = new StreamTold();
  stream.write(new TextEncoder().encode(text));
  return stream;
};
const bytes = (...commands: string[]): StreamTold => streamOf(commands.map(osc).join(" text "));
const working = "7501;state=working:app=codex";
const done = "7501;state=done:app=codex";

describe("what a recording tells beside its screen", () => {
  it("is what its stream told last", () => {
    expect(toldInRecording({}, bytes(working, done))).toEqual({ statuses: [{ state: "done", app: "codex", id: "" }] });
  });

  it("is what the sample lists, where no stream is kept", () => {
    const facts = { signals_since_prev_sample: { osc_samples: ["0;title", "...", working] } };
    expect(toldInRecording(facts)).toEqual({ statuses: [{ state: "working", app: "codex", id: "" }] });
  });

  it("is what the sample lists, where the middle of its stream is cut out", () => {
    const facts = { signals_total: { osc: { 0: 9, 7501: 2 } }, signals_since_prev_sample: { osc_samples: [done] } };
    expect(toldInRecording(facts, bytes(working))).toEqual({ statuses: [{ state: "done", app: "codex", id: "" }] });
  });

  it("is nothing, where the middle is cut out and nothing is listed", () => {
    expect(toldInRecording({ signals_total: { osc: { 7501: 2 } } }, bytes(working))).toEqual({});
    expect(toldInRecording({ signals_total: { osc: { 9: 2 } } }, bytes("9;4;3;"))).toEqual({});
  });

  it("is what its stream told, where all of it is kept", () => {
    const facts = { signals_total: { osc: { 9: 1, 7501: 1 } }, signals_since_prev_sample: { osc_samples: [done] } };
    expect(toldInRecording(facts, bytes("9;4;3;", working))).toMatchObject({
      statuses: [{ state: "working" }],
      progress: "busy",
    });
  });

  it("is whether a line editor reads, by the last that was told of it", () => {
    expect(toldInRecording({}, streamOf("\x1b[?2004h$ "))).toEqual({ paste: true });
    expect(toldInRecording({}, streamOf("\x1b[?2004h$ \x1b[?2004l\r\n"))).toEqual({ paste: false });
    expect(toldInRecording({ signals_total: { osc: { 9: 1 } } }, streamOf("\x1b[?2004h"))).toEqual({ paste: true });
  });
});
