import { describe, expect, it } from "vitest";
import { maxBodyBytes } from "../../../src/adapters/wsh/wire";
import { KeySender } from "../../../src/core/session/keySender";
import { type Deferred, deferred } from "../../../src/core/base/async";

interface Request {
  readonly keys: string;
  readonly answer: Deferred<undefined>;
}

function sender(): { keys: KeySender; requests: Request[]; failures: unknown[] } {
  const requests: Request[] = [];
  const failures: unknown[] = [];
  const send = (keys: Uint8Array): Promise<void> => {
    const answer = deferred<undefined>();
    requests.push({ keys: Buffer.from(keys).toString("latin1"), answer });
    return answer.promise.then(() => undefined);
  };
  return { keys: new KeySender(send, (error) => failures.push(error), maxBodyBytes), requests, failures };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const bytes = (text: string): Uint8Array => Buffer.from(text, "latin1");

describe("keys on their way", () => {
  it("go one request at a time, and what is typed meanwhile goes together", async () => {
    const { keys, requests } = sender();
    for (const key of "abc") keys.push(bytes(key));
    expect(requests.map((each) => each.keys)).toEqual(["a"]);
    requests[0]?.answer.resolve(undefined);
    await settled();
    expect(requests.map((each) => each.keys)).toEqual(["a", "bc"]);
    keys.push(bytes("d"));
    requests[1]?.answer.resolve(undefined);
    await settled();
    requests[2]?.answer.resolve(undefined);
    await settled();
    expect(requests.map((each) => each.keys).join("")).toBe("abcd");
    keys.push(bytes("e"));
    expect(requests.at(-1)?.keys).toBe("e");
  });

  it("are cut where one request takes no more", async () => {
    const { keys, requests } = sender();
    const text = "0123456789".repeat(250_000);
    keys.push(bytes(text));
    for (let index = 0; index < 3; index++) {
      requests[index]?.answer.resolve(undefined);
      await settled();
    }
    expect(requests.map((each) => each.keys.length)).toEqual([1_048_576, 1_048_576, text.length - 2 * 1_048_576]);
    expect(requests.map((each) => each.keys).join("")).toBe(text);
  });

  it("are never sent again, nor any behind lost ones", async () => {
    const { keys, requests, failures } = sender();
    keys.push(bytes("rm -rf /tmp/"));
    keys.push(bytes("old\r"));
    const error = new Error("lost");
    requests[0]?.answer.reject(error);
    await settled();
    keys.push(bytes("more"));
    await settled();
    expect(requests).toHaveLength(1);
    expect(failures).toEqual([error]);
  });

  it("are all sent when it is closed, and none is taken after that", async () => {
    const { keys, requests } = sender();
    keys.push(bytes("a"));
    keys.push(bytes("b"));
    let closed = false;
    void keys.close().then(() => (closed = true));
    keys.push(bytes("c"));
    requests[0]?.answer.resolve(undefined);
    await settled();
    expect(closed).toBe(false);
    requests[1]?.answer.resolve(undefined);
    await settled();
    expect([closed, requests.map((each) => each.keys)]).toEqual([true, ["a", "b"]]);
    keys.push(bytes("d"));
    await settled();
    expect(requests).toHaveLength(2);
  });
});
