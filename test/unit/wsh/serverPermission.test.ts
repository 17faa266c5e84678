import { describe, expect, it } from "vitest";
import { ServerPermission } from "../../../src/adapters/wsh/serverPermission";
import { hasCode } from "../../../src/core/model/errors";
import type { AddressAnswer, PlaceOwner } from "../../../src/core/ports/servers";
import { MemoryAddresses, placesOf } from "../../support/chosenAddresses";

const env = { XDG_RUNTIME_DIR: "/run/user/1000" };
const stranger = "http://stranger.example:8080";

class Scene {
  readonly asked: string[] = [];
  readonly permission: ServerPermission;

  constructor(
    readonly chosen = new MemoryAddresses(),
    owner: PlaceOwner = "unknown",
    answer?: AddressAnswer,
  ) {
    this.permission = new ServerPermission({
      chosen,
      owners: placesOf(owner),
      env,
      ask: async (address) => {
        this.asked.push(address);
        await Promise.resolve();
        return answer;
      },
    });
  }

  /** `yes`, or the code of the refusal. */
  may(address: string, mayAsk = true): Promise<string> {
    return this.permission.require(address, mayAsk).then(
      () => "yes",
      (error: unknown) =>
        hasCode(error, "server_not_chosen", "server_unreachable", "usage") ? error.code : String(error),
    );
  }
}

describe("a server that only files name", () => {
  it.each([
    stranger,
    "http://127.0.0.1:8081",
    "http://localhost:8080",
    "http://[::1]:8080",
    "http://127.0.0.1:8080/x",
    "https://127.0.0.1:8080",
    "unix:/tmp/clone/s.sock",
    "unix:/run/user/1000/wsh/../evil.http.sock",
    "unix:/run/user/1000/wsh/sub/x.http.sock",
    "unix:/run/user/1000/wsh/default.sock",
  ])("is not used by itself, whoever owns it: %s", async (address) => {
    expect(await new Scene(undefined, "this_user").may(address)).toBe("server_not_chosen");
  });

  it("is said to be unknown with its address, and with what to do", async () => {
    await expect(new Scene().permission.require(`${stranger}/`, true)).rejects.toMatchObject({
      message: `The server at ${stranger} was not asked: the project's files name it, but you have never chosen it.`,
      remedy: { kind: "choose_address", address: stranger },
    });
  });

  it.each(["http://me:secret@stranger.example", "unix:", "ftp://x", "unix:/a\u202eb"])(
    "is refused where it is no address: %j",
    async (address) => {
      const scene = new Scene();
      expect(await scene.may(address)).toBe("usage");
      expect(scene.asked).toEqual([]);
    },
  );

  it("is used when the user chose it, in whatever form that was, and no other one is", async () => {
    const scene = new Scene(new MemoryAddresses(stranger));
    for (const same of [stranger, "HTTP://Stranger.Example:8080/", `${stranger}/.`])
      expect(await scene.may(same)).toBe("yes");
    for (const other of ["http://stranger.example", "https://stranger.example:8080", "http://stranger.example:8080/b"])
      expect(await scene.may(other)).toBe("server_not_chosen");
  });

  it("is asked about once, also by two who meet it at the same time, and the answer is kept", async () => {
    for (const answer of ["yes", "no"] as const) {
      const scene = new Scene(undefined, "unknown", answer);
      const wanted = answer === "yes" ? "yes" : "server_not_chosen";
      expect(await Promise.all([scene.may(stranger), scene.may(stranger)])).toEqual([wanted, wanted]);
      expect(await scene.may(stranger)).toBe(wanted);
      expect(scene.asked).toEqual([stranger]);
      expect(scene.chosen.answers.get(stranger)).toBe(answer);
    }
  });

  it("is not asked about by who only looks around", async () => {
    const scene = new Scene(undefined, "unknown", "yes");
    expect(await scene.may(stranger, false)).toBe("server_not_chosen");
    expect(scene.asked).toEqual([]);
  });
});

describe("a place where wsh listens by itself", () => {
  const places = ["http://127.0.0.1:8080", "unix:/run/user/1000/wsh/default.http.sock"];

  it.each([
    ["this_user", "yes"],
    ["another_user", "server_not_chosen"],
    ["unknown", "server_not_chosen"],
    ["nobody", "server_unreachable"],
  ] as const)("owned by %s: %s", async (owner, wanted) => {
    for (const place of places) expect(await new Scene(undefined, owner).may(place)).toBe(wanted);
  });

  it("may be another user's where the user chose it", async () => {
    for (const place of places)
      expect(await new Scene(new MemoryAddresses(place), "another_user").may(place)).toBe("yes");
  });
});
