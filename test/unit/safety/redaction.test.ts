import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRedactor } from "../../../src/core/safety/redaction";
import { contextRules, tokenRules } from "../../../src/core/safety/redactionRules";
import { createSanitizer } from "../../../src/core/safety/sanitize";
import { harmless, made, secrets } from "./secretSamples";

const redactor = createRedactor({ key: "test key" });
const marker = /‹redacted:[a-z0-9-]+:[0-9a-f]{4}›/;

describe("the rules find", () => {
  it.each(secrets)("%s", (line, secret) => {
    const text = redactor.redact(line);
    expect(text).not.toContain(secret);
    expect(text).toMatch(marker);
    expect(redactor.redact(text)).toBe(text);
  });

  it("has at least 150 samples, and names that can stand in a replacement", () => {
    expect(secrets.length).toBeGreaterThanOrEqual(150);
    for (const rule of [...tokenRules, ...contextRules]) {
      expect(rule.name).toMatch(/^[a-z0-9-]{1,40}$/);
      expect(rule.pattern.global).toBe(true);
      for (const keyword of rule.keywords) expect(keyword).toBe(keyword.toLowerCase());
    }
  });
});

describe("the rules leave alone", () => {
  it.each(harmless)("%s", (line) => {
    expect(redactor.redact(line)).toBe(line);
  });
});

describe("a replacement", () => {
  const secret = `ghp_${made(36)}`;

  it("names the rule and lets two sightings be matched", () => {
    const once = redactor.redact(`a ${secret} b`);
    expect(once).toMatch(/^a ‹redacted:github-token:[0-9a-f]{4}› b$/);
    expect(redactor.redact(`x=${secret}`).slice(2)).toBe(once.slice(2, -2));
  });

  it("depends on the key", () => {
    const seen = new Set(["one", "two", "three"].map((key) => createRedactor({ key }).redact(secret)));
    expect(seen.size).toBeGreaterThan(1);
  });

  it("keeps what stands around the secret", () => {
    expect(redactor.redact(`{"password": "hunter2", "user": "bob"}`)).toMatch(
      /^\{"password": "‹redacted:secret-value:....›", "user": "bob"\}$/,
    );
    expect(redactor.redact("psql postgres://app:hunter2pw@db/app")).toMatch(
      /^psql postgres:\/\/app:‹redacted:url-password:....›@db\/app$/,
    );
    expect(redactor.redact("a\nDB_PASSWORD=hunter2\nb")).toMatch(/^a\nDB_PASSWORD=‹redacted:secret-value:....›\nb$/);
  });
});

describe("known values", () => {
  const value = "Zebra/crossing+7 ü";
  const known = createRedactor({ key: "k", knownValues: [value, "short"] });

  it("are masked exactly, in base64, URL-encoded, and in JSON", () => {
    const base64 = Buffer.from(value).toString("base64");
    const forms = [
      value,
      base64,
      base64.replace(/=+$/, ""),
      Buffer.from(value).toString("base64url"),
      encodeURIComponent(value),
      JSON.stringify(value).slice(1, -1),
    ];
    for (const form of forms) {
      expect(known.redact(`before ${form} after`)).toMatch(/^before ‹redacted:known-value:[0-9a-f]{4}›={0,2} after$/);
    }
  });

  it("are found within the base64 of something longer, wherever they begin", () => {
    for (const lead of ["", "a", "ab", "abc", "user:"]) {
      const text = Buffer.from(`${lead}${value}:tail`).toString("base64");
      expect(known.redact(text)).toMatch(marker);
    }
  });

  it("are ignored when short, and may be added under a name", () => {
    expect(known.redact("this is short")).toBe("this is short");
    const later = createRedactor({ key: "k" });
    expect(later.redact("plain-looking-thing")).toBe("plain-looking-thing");
    later.addKnownValue("MY_DB Password", "plain-looking-thing");
    expect(later.redact("a plain-looking-thing b")).toMatch(/^a ‹redacted:my-db-password:[0-9a-f]{4}› b$/);
  });

  it("give the same digits in every form", () => {
    const digits = (text: string): string | undefined => /:([0-9a-f]{4})›/.exec(known.redact(text))?.[1];
    expect(digits(value)).toBe(digits(encodeURIComponent(value)));
  });

  it("are found line by line when they have several", () => {
    const later = createRedactor({ key: "k", knownValues: ["first line of it\nsecond line of it"] });
    expect(later.redact("x second line of it y")).toMatch(/^x ‹redacted:known-value:....› y$/);
  });
});

describe("long text", () => {
  const secret = `ghp_${made(36)}`;

  it("is searched at every place near the borders of its windows", () => {
    for (const filler of ["x".repeat(79) + "\n", "y"]) {
      const long = filler.repeat(Math.ceil(150_000 / filler.length));
      for (let at = 60_000; at < 140_000; at += 997) {
        const text = `${long.slice(0, at)} ${secret} ${long.slice(at)}`;
        const result = redactor.redact(text);
        expect(result).not.toContain(secret);
        expect(result.length).toBe(text.length - secret.length + "‹redacted:github-token:0000›".length);
      }
    }
  });

  it("loses no secret that is longer than a window", () => {
    const long = `password="${made(200_000)}" rest`;
    expect(redactor.redact(long)).toMatch(/^password="‹redacted:secret-value:[0-9a-f]{4}›" rest$/);
    expect(redactor.redact(`${"a ".repeat(30_000)}token=${made(90_000)} rest`)).toMatch(
      /token=‹redacted:secret-value:[0-9a-f]{4}› rest$/,
    );
  });

  it("finds keys that lie across a border", () => {
    const key = `-----BEGIN RSA PRIVATE KEY-----\n${(made(64) + "\n").repeat(50)}-----END RSA PRIVATE KEY-----`;
    for (let at = 61_000; at < 66_000; at += 211) {
      const result = redactor.redact(
        `${"log line\n".repeat(20_000).slice(0, at)}\n${key}\n${"log line\n".repeat(8_000)}`,
      );
      expect(result).not.toContain(made(64));
    }
  });
});

describe("hostile text", () => {
  const units = [
    "eyJ",
    "eyJaaaaaaaa.",
    "://",
    "://a:",
    "://a:b",
    "password=",
    "password: ",
    "token=$",
    "token=${",
    `"password": "`,
    `password="\\`,
    "password='",
    "authorization:$",
    "authorization: bearer ",
    "cookie:a=$",
    "curl -u ",
    "curl -u a",
    " -u",
    "mysql -p",
    "mysql ",
    "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\n",
    "-----BEGIN RSA PRIVATE KEY-----nnnn",
    "A3T",
    "xoxb-",
    "sk-",
    "SG.",
    "$2b$10$",
    "<password>",
    "</",
    "a",
    "a.",
    "A-",
    "your-",
    "\\",
    `"`,
    "secret access key ",
    "login a password ",
    "--token ",
    ' --password "$a',
    "‹redacted:x:0000›",
    "‹redacted:",
    "Private-Lines: 1\na\n",
    "aaaa@",
    "0123456789:AA",
    "pass",
    "_auth=",
    "$6$a$",
    "sig=",
    "a=b;",
    "&sig=",
  ];

  it.each(units)("takes bounded time: %j", (unit) => {
    const text = unit.repeat(Math.ceil((64 * 1024) / unit.length));
    const started = performance.now();
    redactor.redact(text);
    // Generous: it tells a blow-up from a slow machine.
    expect(performance.now() - started).toBeLessThan(4000);
  });
});

describe("for any text", () => {
  const lines = fc.array(
    fc.oneof(
      fc.constantFrom(...secrets.map(([line]) => line), ...harmless),
      fc.constantFrom(
        "password=",
        "token: ",
        "Bearer ",
        "://u:",
        "@",
        "‹",
        "›",
        "‹redacted:x:abcd›",
        '"',
        "'",
        " ",
        "\n",
        ";",
        "&",
        "--token ",
        "Cookie: a=",
        "=",
        ":",
      ),
      fc.string({ maxLength: 12 }),
    ),
    { maxLength: 12 },
  );

  it("redacting twice changes nothing more", () => {
    fc.assert(
      fc.property(lines, fc.constantFrom("", " ", "\n"), (parts, between) => {
        const once = redactor.redact(parts.join(between));
        expect(redactor.redact(once)).toBe(once);
      }),
      { numRuns: 1500 },
    );
  });

  it("finds a token whatever stands before and after it, once control characters are gone", () => {
    const sanitize = createSanitizer(redactor);
    const secret = `ghp_${made(36)}`;
    const noise = fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.constantFrom("\u001b[31m", "\u200b", "\u001b]0;x\u0007", "\r", "\n", '"'),
    );
    fc.assert(
      fc.property(
        noise,
        noise,
        fc.integer({ min: 1, max: 39 }),
        fc.constantFrom("\u001b[0m", "\u200b", "\u202e", ""),
        (before, after, split, inside) => {
          const text = sanitize(`${before} ${secret.slice(0, split)}${inside}${secret.slice(split)} ${after}`);
          expect(text).not.toContain(secret);
          expect(sanitize(text)).toBe(text);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
