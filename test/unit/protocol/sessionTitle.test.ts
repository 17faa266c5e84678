import { describe, expect, it } from "vitest";
import { sessionPath, sessionTitle } from "../../../src/protocol/sessionTitle";
import { asked, history, picture, session } from "./rowScene";

const own = picture(history);

describe("what a tab says of its session", () => {
  it("is its short name and its state, as its row has it", () => {
    expect(sessionTitle([own], own.key, session)).toMatchObject({
      text: "builder::1 · working",
      look: { icon: "play-circle" },
    });
    const waiting = picture([...history, asked]);
    expect(sessionTitle([waiting], own.key, session).text).toBe("builder::1 · needs your answer");
  });

  it("is its name alone while nothing is known of it", () => {
    expect(sessionTitle([], own.key, session)).toEqual({ text: "builder::1", look: undefined });
    expect(sessionTitle([own], own.key, "someone").text).toBe("someone");
  });

  it("names the project, and its folder, where another one has a session of that name", () => {
    const project = { ...own.project, name: "beta" };
    expect(sessionTitle([own, { ...own, key: "b", project }], own.key, session).text).toBe(
      "builder::1 · alpha · working",
    );
    const elsewhere = { ...own, key: "c", folder: "south" };
    expect(sessionTitle([{ ...own, folder: "north" }, elsewhere], own.key, session).text).toBe(
      "builder::1 · alpha, north · working",
    );
  });

  it("is the same name in the path of a page", () => {
    expect(sessionPath(session)).toEqual(["alpha", "builder::1"]);
    expect(sessionPath("someone")).toEqual(["session", "someone"]);
  });
});
