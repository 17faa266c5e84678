import { describe, expect, it } from "vitest";
import { AwakeTime } from "../../../src/embedded/awakeTime";

const hourMs = 3_600_000;

describe("the time that a process was awake", () => {
  it("leaves out a sleep of the machine, also where its clock went on meanwhile", () => {
    let clock = 5;
    const time = new AwakeTime(() => clock);
    const look = (times: number): void => {
      for (let each = 0; each < times; each++) {
        clock += 10_000;
        time.now();
      }
    };
    look(6);
    expect(time.now()).toBe(60_000);
    clock += 8 * hourMs;
    expect(time.now()).toBe(60_000);
    look(6);
    expect(time.now()).toBe(120_000);
  });

  it("counts a look that is late on a busy machine", () => {
    let clock = 0;
    const time = new AwakeTime(() => clock);
    clock = 45_000;
    expect(time.now()).toBe(45_000);
  });
});
