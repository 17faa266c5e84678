import { beforeEach, describe, expect, it } from "vitest";
import {
  nearestLine,
  OutputSearch,
  type PlaceHits,
  type SearchedPlace,
  type SearchedText,
  type UnreadPlace,
} from "../../../src/viewing/outputSearch";
import { FakeClock } from "../../support/fakeClock";

const build: SearchedPlace = { key: "alpha", session_name: "proj-alpha::build::1" };
const serve: SearchedPlace = { key: "alpha", session_name: "proj-alpha::serve::1" };
const log: SearchedPlace = { key: "alpha" };

let texts: Map<SearchedPlace, () => Promise<SearchedText>>;
let reads: SearchedPlace[];
let search: OutputSearch;

beforeEach(() => {
  reads = [];
  texts = new Map([
    [build, () => Promise.resolve({ lines: ["Compiling", "  Error: no such file", "error again"] })],
    [serve, () => Promise.resolve({ lines: ["ready"] })],
    [log, () => Promise.resolve({ lines: ["12:00 build", "12:01 an ERROR"], entryOf: (line) => ["a", "b"][line] })],
  ]);
  search = searching();
});

function searching(): OutputSearch {
  const read = (place: SearchedPlace): Promise<SearchedText> => {
    reads.push(place);
    return texts.get(place)?.() ?? Promise.reject(new Error("There is no such place."));
  };
  return new OutputSearch([...texts.keys()], read, new FakeClock());
}

async function found(wanted: string, signal = new AbortController().signal): Promise<(PlaceHits | UnreadPlace)[]> {
  const all: (PlaceHits | UnreadPlace)[] = [];
  for await (const each of search.find(wanted, signal, String)) all.push(each);
  return all;
}

const hitsOf = (each: PlaceHits | UnreadPlace | undefined): PlaceHits["hits"] =>
  each !== undefined && "hits" in each ? each.hits : [];

describe("a search of what sessions and logs have", () => {
  it("finds lines by a part of them, capitals or not, place by place, the newest first", async () => {
    const all = await found("error");
    expect(all.map(({ place }) => place)).toEqual([build, log]);
    expect(hitsOf(all[0]).map(({ line, text }) => [line, text])).toEqual([
      [2, "error again"],
      [1, "Error: no such file"],
    ]);
    expect(hitsOf(all[1])).toMatchObject([{ entry_id: "b", line: 1 }]);
  });

  it("reads each place once, however much is typed", async () => {
    await found("err");
    await found("erro");
    expect(reads).toEqual([build, serve, log]);
  });

  it("takes the text as it is typed, and an empty one for nothing", async () => {
    expect(await found("a.*n")).toEqual([]);
    expect(await found("(")).toEqual([]);
    for (const mark of "^$\\.*+?()[]{}|/-#&") {
      texts.set(serve, () => Promise.resolve({ lines: [`a${mark}b`] }));
      search = searching();
      expect(hitsOf((await found(`a${mark}b`))[0]).map(({ text }) => text)).toEqual([`a${mark}b`]);
    }
    expect(await found("  ")).toEqual([]);
  });

  it("shows the part of a long line that has the text, and says where it stands there", async () => {
    const line = `${"x".repeat(500)}\u001b[31mNeedle\u001b[0m${"y".repeat(500)}`;
    texts.set(serve, () => Promise.resolve({ lines: [line] }));
    const [hit] = hitsOf((await found("needle"))[0]);
    expect(hit?.whole).toBe(line);
    expect(hit?.text.slice(hit.from, hit.from + hit.length)).toBe("Needle");
    expect(hit?.text).toMatch(/^…x+Needley+$/);
    expect(hit?.text.length).toBeLessThan(220);
  });

  it("says of a place that has very many that there are more", async () => {
    texts.set(serve, () => Promise.resolve({ lines: Array.from({ length: 60 }, (_, at) => `same ${at}`) }));
    const [same] = await found("same");
    expect(same).toMatchObject({ more: true });
    expect(hitsOf(same)).toHaveLength(50);
    expect(hitsOf(same)[0]?.text).toBe("same 59");
  });

  it("says why a place cannot be read, and searches the others", async () => {
    texts.set(build, () => Promise.reject(new Error("Its server is away.")));
    expect(await found("error")).toMatchObject([
      { place: build, problem: "Error: Its server is away." },
      { place: log, hits: [{ entry_id: "b" }] },
    ]);
  });

  it("ends when nobody waits for it any more", async () => {
    const leaving = new AbortController();
    const all: unknown[] = [];
    for await (const each of search.find("error", leaving.signal, String)) {
      all.push(each);
      leaving.abort();
    }
    expect(all).toHaveLength(1);
  });
});

describe("the line of what was found, in a text that is read again", () => {
  it("is the one with that text nearest to where it was, and none where it is gone", () => {
    const lines = ["a", "hit", "b", "c", "hit", "d"];
    expect(nearestLine(lines, "hit", 5)).toBe(4);
    expect(nearestLine(lines, "hit", 0)).toBe(1);
    expect(nearestLine(lines, "gone", 3)).toBe(-1);
  });
});
