import { describe, expect, it } from "vitest";
import { TransportError } from "../../../src/adapters/wsh/httpRequester";
import { parseServerAddress } from "../../../src/adapters/wsh/serverAddress";
import {
  failureOfAnswer,
  failureOfCode,
  failureOfTransport,
  notAnswering,
  sessionNotFound,
} from "../../../src/adapters/wsh/serverErrors";

const address = parseServerAddress("https://host:8443");
const socket = parseServerAddress("unix:/run/wsh.sock");

describe("a server that cannot be reached", () => {
  it.each([
    ["ECONNREFUSED", "nothing is listening there", "reach_server"],
    ["ENOTFOUND", "the host name is unknown", "correct_address"],
    ["EACCES", "permission denied", "advice"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "its certificate is not trusted", "give_certificate"],
    ["EPROTO", "it does not use TLS", "correct_address"],
    ["ECONNRESET", "the connection was lost", "advice"],
  ])("with %s: says why and what to do", (code, reason, kind) => {
    expect(failureOfTransport(new TransportError(code, false, "x"), { address }).error).toMatchObject({
      message: `The server at https://host:8443 cannot be reached: ${reason}.`,
      remedy: { kind },
    });
  });

  it("for lack of its socket", () => {
    expect(failureOfTransport(new TransportError("ENOENT", false, "x"), { address: socket }).error.message).toBe(
      "The server at unix:/run/wsh.sock cannot be reached: the socket does not exist.",
    );
  });

  it.each([
    [0, "1 s"],
    [59_400, "59 s"],
    [59_700, "1 min"],
    [150_000, "2 min 30 s"],
  ])("for %i ms: says for how long", (ms, text) => {
    expect(notAnswering(address, ms, undefined).message).toBe(
      `The server at https://host:8443 could not be reached for ${text}.`,
    );
  });
});

describe("what a server refuses", () => {
  const answer = (status: number, body = ""): Parameters<typeof failureOfAnswer>[0] => ({ status, headers: {}, body });

  it.each([
    [401, "", "The server at https://host:8443 needs a token.", "give_token"],
    [
      403,
      "host not allowed.\n",
      "The server at https://host:8443 refuses the connection: host not allowed.",
      "correct_address",
    ],
    [422, "no", "The server at https://host:8443 rejected the request: no.", "advice"],
    [503, "", "The server at https://host:8443 is busy (503).", "advice"],
    [
      500,
      "Unable To Extract Key!",
      "The server at https://host:8443 runs an old version of wsh that accepts requests only from its own machine.",
      "update_server",
    ],
    [302, "<html>", "The server at https://host:8443 sent an unexpected answer (302).", "correct_address"],
  ])("with %i: says so in one sentence", (status, body, message, kind) => {
    expect(failureOfAnswer(answer(status, body), { address }).error).toMatchObject({ message, remedy: { kind } });
  });

  it("names a session as people know it", () => {
    const context = { address, session: "proj-alpha.builder.1" };
    expect(sessionNotFound(context).message).toBe(
      "There is no session proj-alpha::builder::1 on the server at https://host:8443.",
    );
    expect(failureOfCode({ code: "session_name_conflict", message: "" }, context)?.error.message).toBe(
      "There is already a session proj-alpha::builder::1 on the server at https://host:8443.",
    );
    expect(sessionNotFound({ address }).message).toBe(
      "There is no session of that name on the server at https://host:8443.",
    );
  });
});
