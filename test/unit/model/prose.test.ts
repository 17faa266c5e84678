import { expect, it } from "vitest";
import { looksLikeProse } from "../../../src/core/model/prose";

it.each([
  "Fix the parser and make the tests green",
  "make the tests of the parser green",
  "Write a test for the parser.",
  "Add a README",
  "Please clean up the build",
])("%s is a sentence", (line) => expect(looksLikeProse(line)).toBe(true));

it.each([
  "npm test",
  "make all install",
  "Rscript analyse.R",
  "make the",
  'echo "the cat and the dog"',
  "echo the cat and the dog",
  "git commit -m fix the build and the tests",
  "cargo build --release",
  "grep -rn the and or .",
  "for i in a b; do echo $i; done",
  "cat the/file and/more",
  "docker compose up",
  "python3 -m http.server 8080",
  "go test all",
  "",
])("%s is a command", (line) => expect(looksLikeProse(line)).toBe(false));
