import { describe, expect, it } from "vitest";
import { parseServerAddress } from "../../../src/adapters/wsh/serverAddress";

describe("server address", () => {
  it.each([
    [
      "unix:/run/user/1/s.sock",
      { text: "unix:/run/user/1/s.sock", socketPath: "/run/user/1/s.sock", base: "", secure: false },
    ],
    [
      "unix:/a path/with:colons?and#marks",
      { text: "unix:/a path/with:colons?and#marks", socketPath: "/a path/with:colons?and#marks" },
    ],
    [
      "http://127.0.0.1:8080",
      { text: "http://127.0.0.1:8080", hostname: "127.0.0.1", port: 8080, base: "", secure: false },
    ],
    ["http://127.0.0.1:8080/", { text: "http://127.0.0.1:8080", base: "" }],
    ["http://host/wsh/", { text: "http://host/wsh", hostname: "host", port: 80, base: "/wsh" }],
    ["https://example.org/a/b", { text: "https://example.org/a/b", port: 443, base: "/a/b", secure: true }],
    ["http://[::1]:9000", { text: "http://[::1]:9000", hostname: "::1", port: 9000 }],
  ])("reads %s", (text, expected) => {
    expect(parseServerAddress(text)).toMatchObject(expected);
  });

  it.each([
    "",
    "unix:",
    "unix:/a\nb",
    "localhost:8080",
    "ws://host",
    "http://user:secret@host",
    "http://host?token=secret",
    "http://host#x",
    "file:///x",
  ])("refuses %j as usage, without repeating secrets", (text) => {
    let caught: unknown;
    try {
      parseServerAddress(text);
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({ code: "usage" });
    expect(String(caught)).not.toContain("secret");
  });
});
