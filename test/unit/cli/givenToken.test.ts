import { describe, expect, it } from "vitest";
import { GivenToken } from "../../../src/cli/token";
import { MemoryAddresses } from "../../support/chosenAddresses";

const home = "http://home.example:8080";
const other = "http://other.example:8080";

describe("the token that is given with a command", () => {
  it("is for the server that is named with it, in any form of its address", async () => {
    const token = new GivenToken(() => "t1", "HTTP://Home.example:8080/", new MemoryAddresses(other));
    expect([await token.tokenFor(home), await token.isWithheld(home)]).toEqual(["t1", false]);
    expect([await token.tokenFor(other), await token.isWithheld(other)]).toEqual([undefined, true]);
  });

  it.each([undefined, "builtin"])("is for no server that it was not given with (asked: %s)", async (asked) => {
    const chosen = new MemoryAddresses(home, other);
    await chosen.keep(home, "yes", "t1");
    const token = new GivenToken(() => "t1", asked, chosen);
    expect([await token.tokenFor(home), await token.tokenFor(other)]).toEqual(["t1", undefined]);
    // Another token was not given with it.
    const changed = new GivenToken(() => "t2", asked, chosen);
    expect([await changed.tokenFor(home), await changed.isWithheld(home)]).toEqual([undefined, true]);
  });

  it("is withheld from nobody where there is none", async () => {
    const token = new GivenToken(() => undefined, undefined, new MemoryAddresses(home));
    expect([await token.tokenFor(home), await token.isWithheld(home)]).toEqual([undefined, false]);
  });
});
