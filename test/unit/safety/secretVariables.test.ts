import { describe, expect, it } from "vitest";
import { secretVariables } from "../../../src/core/safety/secretVariables";

const names = (variables: Record<string, string>): string[] => secretVariables(variables).map(([name]) => name);

describe("variables that hold secrets, by their names", () => {
  it.each([
    "GITHUB_TOKEN",
    "DB_PASSWORD_PROD",
    "STRIPE_API_KEY",
    "PGPASSWORD",
    "SSHPASS",
    "MYSQL_PWD",
    "clientSecret",
    "APIKEY",
    "AWS_SECRET_ACCESS_KEY",
    "GOOGLE_CREDENTIALS",
  ])("%s does", (name) => {
    expect(names({ [name]: "hunter2-Xq" })).toEqual([name]);
  });

  it.each(["TOKEN_FILE", "SECRET_NAME", "TOKENIZER", "SSH_AUTH_SOCK", "MONKEY", "PASSENGER", "AUTHOR"])(
    "%s does not",
    (name) => {
      expect(names({ [name]: "hunter2-Xq" })).toEqual([]);
    },
  );

  it("holds none for the folder that a shell is in, whatever characters it has", () => {
    expect(names({ PWD: '/site/it\'s a "ü" folder', OLDPWD: '/site/it\'s a "ü" folder' })).toEqual([]);
  });

  it("holds none where the value is a number, a switch, a path or nothing", () => {
    expect(
      names({ MAX_TOKENS: "4096", USE_TOKEN: "true", PWD: "/home/ada/work", API_KEY: "", A_KEY: "$OTHER" }),
    ).toEqual([]);
  });
});
