import { describe, expect, it } from "vitest";
import { EventEmitter } from "../../../src/core/base/event";

describe("an event", () => {
  it("reaches all listeners in the order of fire, also when one of them fires again", () => {
    const emitter = new EventEmitter<number>();
    const heard: string[] = [];
    emitter.event((value) => {
      heard.push(`a${value}`);
      if (value === 1) emitter.fire(2);
    });
    emitter.event((value) => heard.push(`b${value}`));
    emitter.fire(1);
    expect(heard).toEqual(["a1", "b1", "a2", "b2"]);
  });

  it("reaches each listener until that is disposed of, also one that is added twice", () => {
    const emitter = new EventEmitter<number>();
    let heard = 0;
    const listener = (): number => heard++;
    const [first] = [emitter.event(listener), emitter.event(listener)];
    first.dispose();
    first.dispose();
    emitter.fire(1);
    expect(heard).toBe(1);
  });
});

describe("a listener that throws", () => {
  const failing = (emitter: EventEmitter<number>, heard: number[]): void => {
    emitter.event((value) => {
      throw new Error(`no ${value}`);
    });
    emitter.event((value) => {
      heard.push(value);
      if (value === 1) emitter.fire(2);
    });
  };

  it("is told to whoever is to know, and takes nothing from the others, now and later", () => {
    const [errors, heard]: [unknown[], number[]] = [[], []];
    const emitter = new EventEmitter<number>((error) => errors.push(error));
    failing(emitter, heard);
    emitter.fire(1);
    emitter.fire(3);
    expect(heard).toEqual([1, 2, 3]);
    expect(errors.map(String)).toEqual(["Error: no 1", "Error: no 2", "Error: no 3"]);
  });

  it("fails who fires where nobody else is to know, after all were told", () => {
    const heard: number[] = [];
    const emitter = new EventEmitter<number>();
    failing(emitter, heard);
    expect(() => emitter.fire(1)).toThrow("no 1");
    expect(heard).toEqual([1, 2]);
    expect(() => emitter.fire(3)).toThrow("no 3");
  });
});
