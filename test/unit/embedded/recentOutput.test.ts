import { expect, test } from "vitest";
import { RecentOutput } from "../../../src/embedded/recentOutput";

test("the last bytes are kept, however they came", () => {
  for (const size of [1, 3, 7, 100, 4096, 5000, 10_000, 25_000]) {
    const output = new RecentOutput(10_000);
    let whole = "";
    for (let number = 0; whole.length < 40_000; number++) {
      const piece = String(number % 10).repeat(size);
      whole += piece;
      output.write(Buffer.from(piece));
      if (number % 50 === 0 || size > 1000)
        expect(output.read()).toEqual({ text: whole.slice(-10_000), cut: whole.length > 10_000 });
    }
  }
});

test("what was written is not changed by who wrote it, and nothing is kept of nothing", () => {
  const output = new RecentOutput(10);
  expect(output.read()).toEqual({ text: "", cut: false });
  const bytes = Buffer.from("abc");
  output.write(bytes);
  output.write(Buffer.alloc(0));
  bytes.fill("x");
  expect(output.read()).toEqual({ text: "abc", cut: false });
});
