import { describe, expect, it } from "vitest";
import * as z from "zod";
import { PageHost } from "../../../src/viewing/pageHost";
import { silentLogger } from "../../support/systemClock";

interface Requests {
  readonly add: { readonly params: { readonly number: number }; readonly result: number };
}

function page(): { readonly posted: unknown[]; readonly taken: number[]; send: (message: unknown) => Promise<void> } {
  const [posted, taken]: [unknown[], number[]] = [[], []];
  let receive: (message: unknown) => void = () => undefined;
  const webview = {
    postMessage: (message: unknown) => Promise.resolve(posted.push(message) > 0),
    onDidReceiveMessage: (listener: (message: unknown) => void) => {
      receive = listener;
      return { dispose: () => undefined };
    },
  };
  const add = ({ number }: { number: number }): number => {
    if (number < 0) throw new Error("That is too little.");
    taken.push(number);
    return taken.reduce((sum, each) => sum + each, 0);
  };
  new PageHost<Requests, object>(webview, { add: z.strictObject({ number: z.number() }) }, { add }, silentLogger);
  const send = async (message: unknown): Promise<void> => {
    receive(message);
    await new Promise(setImmediate);
  };
  return { posted, taken, send };
}

describe("the host's end of a page", () => {
  it("answers what was asked, and refuses it with a sentence", async () => {
    const { posted, send } = page();
    await send({ kind: "request", id: 1, name: "add", params: { number: 2 } });
    await send({ kind: "request", id: 2, name: "add", params: { number: -1 } });
    await send({ kind: "request", id: 3, name: "add", params: { number: "2" } });
    expect(posted).toEqual([
      { kind: "answer", id: 1, result: 2 },
      { kind: "refusal", id: 2, sentence: "That is too little." },
      { kind: "refusal", id: 3, sentence: "This page does not work as it should. Close it, then open it again." },
    ]);
  });

  it("does what was only said, in its order, and posts nothing for it", async () => {
    const { posted, taken, send } = page();
    for (const number of [1, 2, -1, 3]) await send({ kind: "request", name: "add", params: { number } });
    await send({ kind: "request", name: "add", params: {} });
    expect(taken).toEqual([1, 2, 3]);
    expect(posted).toEqual([]);
  });

  it("drops what is no request of the contract", async () => {
    const { posted, taken, send } = page();
    for (const message of [
      null,
      "add",
      { kind: "request", id: 1, name: "toString", params: {} },
      { kind: "event", name: "add", params: { number: 1 } },
    ])
      await send(message);
    expect([posted, taken]).toEqual([[], []]);
  });
});
