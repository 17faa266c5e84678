import { readFileSync } from "node:fs";
import * as l10n from "@vscode/l10n";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { entryKinds } from "../../../src/core/model/entryKinds";
import { stateKinds } from "../../../src/core/model/stateKinds";
import { sessionStates, taskStates } from "../../../src/core/model/states";
import { activityRows, filterWords } from "../../../src/protocol/activityRows";
import { lasting, past } from "../../../src/protocol/ageText";
import { needRows } from "../../../src/protocol/needRows";
import { namesOf, openQuestions, questionSentence } from "../../../src/protocol/attentionRows";
import { groupRows } from "../../../src/protocol/groupRows";
import { projectRow, type RunnerView } from "../../../src/protocol/projectRows";
import { taskRows } from "../../../src/protocol/taskRows";
import { sessionRows } from "../../../src/protocol/sessionRows";
import { questionText } from "../../../src/protocol/questionText";
import { sessionLook, taskLook } from "../../../src/protocol/stateLook";
import { mirrorStatus } from "../../../src/viewing/mirrorStatus";
import { asked, entry, history, picture, session, start } from "../protocol/rowScene";

/** Names, entry texts and units, which are the same for every reader; a longer one before its parts. */
const sameForAll = [
  "build wants to",
  "It deletes files.",
  "is ready.",
  "rm -rf x",
  "Runs: make",
  "wsh Orchestrator",
  "Away.",
  "process 7",
  "builder::1",
  "builder",
  "alpha",
  "build",
  "Ship it",
  "proj-",
  "make",
  "skip",
  "run",
  "ada",
  "min",
];

/** What is left of English words. */
function english(texts: readonly string[]): string[] {
  return texts.filter((text) => /[a-z]{3}/i.test(sameForAll.reduce((rest, known) => rest.replaceAll(known, ""), text)));
}

/** All strings in it but ids and names of icons and colours. */
function shown(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  const inner = ["id", "key", "kind", "context", "entry", "icon", "color", "state", "acts", "reason"];
  return Object.entries(value).flatMap(([name, each]) => (inner.includes(name) ? [] : shown(each)));
}

describe("a window in another language", () => {
  beforeAll(() => {
    const bundle = JSON.parse(readFileSync("media/l10n/bundle.l10n.json", "utf8")) as Record<string, string>;
    const foreign = Object.keys(bundle).map((text) => [text, text.replace(/[a-z]/gi, "ẋ")]);
    l10n.config({ contents: Object.fromEntries(foreign) as Record<string, string> });
  });
  afterAll(() => l10n.config({ contents: {} }));

  const now = start + 720_000;
  const other: RunnerView = { who: "other", name: "process 7", gone: false };
  const deadline = new Date(now + 60_000).toISOString();
  const question = { ...asked, deadline, default: "skip" };
  const answer = entry(
    { kind: "answer", actor: "human:ada", answer: "run", refs: [{ type: "entry", id: asked.id }], text: "run" },
    6,
  );

  it("has rows, tooltips and spoken labels in it", () => {
    for (const made of [
      picture(history),
      picture([...history, question], other),
      picture([...history, question, answer]),
    ])
      expect(
        english(
          shown([
            projectRow({ ...made, muted: true, folder: "ada" }, now),
            groupRows(made, now),
            taskRows(made, now),
            sessionRows(made, "builder", now),
            needRows([made], now),
          ]),
        ),
      ).toEqual([]);
    expect(english(shown(activityRows([{ picture: picture([]), recent: [answer] }], {}, 1)))).toEqual([]);
  });

  it("has states, kinds of entries, ages and filters in it", () => {
    const ts = new Date(start).toISOString();
    const times = [past(ts), lasting(ts)].flatMap((time) => [time.text(now), time.spoken(now)]);
    const filters = entryKinds.map((kind) => filterWords({ key: "k", session, kind, internal: true }, "alpha"));
    const words = [
      ...sessionStates.flatMap((state) =>
        [undefined, ...(Object.hasOwn(stateKinds, state) ? stateKinds[state as keyof typeof stateKinds] : [])].map(
          (kind) => sessionLook({ state, kind }).word,
        ),
      ),
      ...taskStates.map((state) => taskLook(state).word),
    ];
    expect(english([...times, ...filters, ...words])).toEqual([]);
  });

  it("has questions and mirrors in it", () => {
    const made = picture([...history, question, answer], { who: "nobody" });
    const open = openQuestions([picture([...history, question])]);
    const escalation = made.state.escalations.get(asked.id);
    expect(escalation && english(questionText(made, escalation, now).split("\n"))).toEqual([]);
    expect(english([...open.map((each) => questionSentence(each, now)), namesOf(open)])).toEqual([]);
    const mirror = {
      identity: { session, project_id: "alpha", folder: "" },
      picture: made,
      wasSeen: true,
      trusted: false,
    };
    expect(english(shown(mirrorStatus({ ...mirror, condition: { kind: "gone", sentence: "Away." } }, now)))).toEqual(
      [],
    );
  });
});
