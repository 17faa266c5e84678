import type { Reporter, TestCase, TestModule } from "vitest/node";

type Outcome = "pass" | "FAIL" | "-";

/** Rows of the checklist that are about eras whose programs cannot be had. */
const onlyInLaterEras = [5, 15];
const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
const rows = [...range(1, 106), ...range(201, 207)];

/**
 * Ends a run of the wire suite with a table: a line for each row of the checklist, a column for each server. Titles
 * carry the numbers of their rows in brackets. `-`: the row does not hold for this server. A row that no test carries
 * fails the run.
 */
export default class WireTableReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const servers = new Map<string, Map<number, Outcome>>();
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const server = /wire: ([^>]+?) > /.exec(test.fullName)?.[1];
        if (server === undefined) continue;
        const outcomes = servers.get(server) ?? new Map<number, Outcome>();
        servers.set(server, outcomes);
        for (const row of rowsOf(test)) outcomes.set(row, worse(outcomes.get(row), outcomeOf(test)));
      }
    }
    if (servers.size > 0) print(servers);
  }
}

function rowsOf(test: TestCase): number[] {
  const numbers = /^\[([\d, ]+)\]/.exec(test.name)?.[1];
  return numbers === undefined ? [] : numbers.split(",").map(Number);
}

function outcomeOf(test: TestCase): Outcome {
  const { state } = test.result();
  if (state === "passed") return "pass";
  return state === "skipped" && /\[not run: .+\]/.test(test.name) ? "-" : "FAIL";
}

/** A row of several tests fails with any of them, and passes with the others that apply. */
function worse(one: Outcome | undefined, other: Outcome): Outcome {
  if (one === "FAIL" || other === "FAIL") return "FAIL";
  return one === "pass" ? one : other;
}

function print(servers: ReadonlyMap<string, ReadonlyMap<number, Outcome>>): void {
  const names = [...servers.keys()];
  console.log(["row".padEnd(5), ...names].join("  "));
  const untested: number[] = [];
  for (const row of rows) {
    const cells = names.map(
      (name) => servers.get(name)?.get(row) ?? (onlyInLaterEras.includes(row) ? "-" : "untested"),
    );
    if (cells.includes("untested")) untested.push(row);
    console.log(
      [String(row).padEnd(5), ...cells.map((cell, column) => cell.padEnd(names[column]?.length ?? 0))].join("  "),
    );
  }
  for (const name of names) {
    const outcomes = [...(servers.get(name)?.values() ?? [])];
    const count = (wanted: Outcome): number => outcomes.filter((outcome) => outcome === wanted).length;
    console.log(
      `${name}: ${count("pass")} pass, ${count("FAIL")} fail, ${rows.length - count("pass") - count("FAIL")} do not apply`,
    );
  }
  if (untested.length === 0) return;
  console.log(`No test carries these rows: ${untested.join(", ")}`);
  process.exitCode = 1;
}
