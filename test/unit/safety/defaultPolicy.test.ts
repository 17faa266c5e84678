import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createDefaultPolicy } from "../../../src/core/safety/defaultPolicy";
import { policyRules } from "../../../src/core/safety/policyRules";
import { destructive } from "./destructiveCommands";
import { ordinary } from "./ordinaryCommands";

const policy = createDefaultPolicy();
const decide = (command: string, shell = "bash"): ReturnType<typeof policy.decide> =>
  policy.decide(command, { shell, cwd: "/site" });

describe.each(policyRules.map((rule) => [rule.id, rule] as const))("the rule %s", (_id, rule) => {
  it("has at least two examples each, and they are right", () => {
    expect(rule.match.length).toBeGreaterThanOrEqual(2);
    expect(rule.not_match.length).toBeGreaterThanOrEqual(2);
    for (const command of rule.match) expect([command, decide(command).rule]).toEqual([command, rule.id]);
    for (const command of rule.not_match) expect([command, decide(command).verdict]).toEqual([command, "allow"]);
  });
});

it.each(policyRules.map((rule) => [rule.id, rule.reason] as const))(
  "the reason of %s follows a command as one short sentence: %s",
  (_id, reason) => {
    expect(`${reason} `).toMatch(/^[a-z]+s,? (?!.*\b(?:it may|everybody|nobody|things)\b)[^.;"]+ $/);
    expect(reason.length).toBeLessThanOrEqual(75);
  },
);

it("no two rules have one id", () => {
  expect(new Set(policyRules.map((rule) => rule.id)).size).toBe(policyRules.length);
});

describe("it asks about", () => {
  it.each(destructive)("%j", (command) => {
    const decision = decide(command);
    expect(decision.verdict).toBe("ask");
    expect(decision.reason).toMatch(/\.$/);
    expect(decision.rule).not.toBe("");
  });

  it("at least 120 spellings, in zsh as well", () => {
    expect(destructive.length).toBeGreaterThanOrEqual(120);
    for (const command of destructive) expect([command, decide(command, "zsh").verdict]).toEqual([command, "ask"]);
  });
});

describe("it allows", () => {
  it.each(ordinary)("%j", (command) => {
    expect(decide(command)).toEqual({ verdict: "allow", reason: "", rule: "" });
  });

  it("at least 120 commands, in zsh and sh as well", () => {
    expect(ordinary.length).toBeGreaterThanOrEqual(120);
    for (const shell of ["zsh", "sh", "/bin/bash", "-zsh", ""]) {
      for (const command of ordinary) expect([command, decide(command, shell).verdict]).toEqual([command, "allow"]);
    }
  });
});

describe("in fish", () => {
  it.each([
    "set x y; and echo z",
    "begin; echo a; end",
    "if test -f x; echo y; end",
    "for f in *.ts; echo $f; end",
    "while true; sleep 1; end",
    "function f; echo hi; end",
    "echo (date)",
    "set -gx PATH $PATH /x",
    "switch $x; case a; echo a; end",
    "npm test; or echo failed",
    "rm file.txt",
    "echo 'rm -rf x'",
    "set files (ls)",
    "string replace a b c",
    "git push",
    "npm ci; and npm test",
    "echo 'it\\'s'",
    "not test -f x",
    "test -f x; and cat x",
    "for i in (seq 3); npm test; end",
  ])("it allows %j", (command) => {
    expect(decide(command, "fish")).toMatchObject({ verdict: "allow" });
  });

  it.each([
    "rm -rf x",
    "begin; rm -rf x; end",
    "if test -f x; rm -rf y; end",
    "for f in *; rm -rf $f; end",
    "while true; git reset --hard; end",
    "function f; rm -rf x; end",
    "echo (rm -rf x)",
    "set y (rm -rf x)",
    "test -f x; and rm -rf x",
    'echo "$(rm -rf x)" (pwd)',
    "echo 'a\\'b'; rm -rf x; echo 'c'",
    "echo 'it\\'s' ; rm -rf x; echo 'y'",
    "switch $x; case a; rm -rf y; end",
    "not rm -rf x",
    "sudo rm -rf x; and echo (date)",
    "if true; bash -c 'rm -rf x'; end",
    "$cmd -rf x",
    "echo (curl x | sh)",
    "if true; 'r'm -rf x; end",
    "if true; r\\m -rf x; end",
  ])("it asks about %j", (command) => {
    expect(decide(command, "fish").verdict).toBe("ask");
  });
});

describe("in zsh", () => {
  it("a hash begins no comment on an interactive line", () => {
    expect(decide("echo a # ; rm -rf x", "zsh").verdict).toBe("ask");
    expect(decide("echo a # ; rm -rf x", "bash").verdict).toBe("allow");
    expect(decide("ls # it's fine", "zsh").verdict).toBe("allow");
  });

  it("patterns that run code, and its own wrappers, are seen", () => {
    for (const command of [
      "echo *(e:'rm -rf x':)",
      "noglob rm -rf *",
      "nocorrect rm -rf x",
      "repeat 3 rm -rf x",
      "=rm -rf x",
    ])
      expect([command, decide(command, "zsh").verdict]).toEqual([command, "ask"]);
  });
});

describe("characters that typing changes", () => {
  it.each([
    ["r\u0085m -rf x", "bash", /U\+0085 at character 2.*what arrives is "rm -rf x"\. "rm -rf x" deletes/],
    ["g\u009bit reset --hard", "unknown", /U\+009B at character 2.*"git reset --hard" discards/],
    ["ls\u0080", "bash", /U\+0080 at character 3, a control character that is left out: what arrives is "ls"\./],
    ["echo a\necho\u009f b", "fish", /U\+009F in line 2 at character 5/],
    ["echo a\rrm -rf x", "zsh", /U\+000D at character 7, which becomes a new line.*"rm -rf x" deletes/],
    ["echo \ud83d", "bash", /U\+D83D at character 6, half a character/],
    ["echo \x1b[201~x", "bash", /U\+001B at character 6/],
    ["l\x7fs", "posix", /U\+007F/],
    ["l\0s", "bash", /U\+0000/],
    ["\ue072m -rf x", "zsh", /U\+E072 at character 1, which zsh turns into another.*"rm -rf x" deletes/],
    ["\ue072m -rf x", "unknown", /U\+E072/],
    ["r\ufdd0m -rf x", "fish", /U\+FDD0 at character 2, which fish leaves out.*"rm -rf x" deletes/],
    ["help\x1b", "program", /U\+001B at character 5, which the terminal takes for a key press\.$/],
    ["help\u0085", "program", /U\+0085 at character 5, which the terminal takes for a key press\.$/],
  ])("are named when %j goes to %s", (command, shell, reason) => {
    expect(decide(command, shell)).toMatchObject({ verdict: "ask", rule: "changed-by-typing" });
    expect(decide(command, shell).reason).toMatch(reason);
  });

  it.each(["echo hi\n", "echo a\r\necho b\r\n", "\techo grün 😀", "echo \u200fשלום", "echo a\u00a0b", "echo \ufeff"])(
    "are none in %j",
    (command) => {
      for (const shell of ["bash", "zsh", "fish", "sh", "unknown", "posix"])
        expect([shell, decide(command, shell).verdict]).toEqual([shell, "allow"]);
    },
  );

  it("no blank but a real one ends a word, so none hides what is behind a hash", () => {
    for (let code = 0x80; code <= 0xffff; code++) {
      const blank = String.fromCharCode(code);
      if (/[\s\p{Z}\p{Cf}]/u.test(blank))
        expect([blank, decide(`true a${blank}#; rm -rf x`).verdict]).toEqual([blank, "ask"]);
    }
  });

  it("fish skips any blank in front of a word", () => {
    for (const blank of ["\u1680", "\u2003", "\u2028", "\u2029", "\u205f", "\u3000"])
      for (const command of [`${blank}rm -rf x`, `true;${blank}rm -rf x`, `true; ${blank} rm -rf x`])
        expect([command, decide(command, "fish").verdict]).toEqual([command, "ask"]);
  });

  it("a reason shows what nobody would see", () => {
    expect(decide("rm -rf a\u202eb\u00a0c\u200d").reason).toContain('"rm -rf a<U+202E>b<U+00A0>c<U+200D>"');
  });
});

it("asks in shells whose text it cannot read", () => {
  for (const shell of ["pwsh", "powershell.exe", "cmd", "nu", "xonsh", "tcsh"])
    expect(decide("ls", shell)).toMatchObject({ verdict: "ask", rule: "unknown-shell" });
});

it("says what would happen, in short", () => {
  expect(decide("sudo rm -rf build").reason).toBe('"rm -rf build" deletes files or whole folders without asking.');
  expect(decide("git push --force").reason).toBe(
    '"git push --force" overwrites or deletes branches or tags on the server.',
  );
  expect(decide("curl x | sh").reason).toBe('"sh" runs its input as a script.');
  expect(decide("$x y").reason).toBe('"$x y" runs a program that cannot be known in advance.');
  expect(decide(`python3 -c 'import os; os.system("rm -rf x")'`).reason).toMatch(
    /^"python3 -c .*" runs another command: "rm -rf x" deletes files or whole folders without asking\.$/,
  );
  expect(decide("echo 'x").reason).toBe("The command has a syntax error, so it cannot be checked.");
  expect(decide(`rm -rf ${"x".repeat(500)}`).reason.length).toBeLessThan(200);
});

describe("hostile text of 100 KB", () => {
  const fill = (unit: string): string => unit.repeat(Math.ceil(100_000 / unit.length));
  it.each([
    ["nested substitutions", fill("$(")],
    ["nested parentheses", fill("(")],
    ["braces", fill("{")],
    ["brace lists", `echo ${fill("{a,b}")}`],
    ["quotes", fill("'\"")],
    ["backquotes", fill("`")],
    ["pipes", fill("a|")],
    ["lists", fill("a;")],
    ["chains", fill("a&&")],
    ["programs", `foo ${fill("rm ")}`],
    ["words", `foo ${fill("bash ")}`],
    ["arithmetic", `((${fill("1+")}1))`],
    ["negations", fill("! ")],
    ["ifs", fill("if a; then ")],
    ["here-documents", fill("cat <<E\n")],
    ["texts in texts", `sh -c ${fill("'sh -c ")}`],
    ["evals", fill("eval eval ")],
    ["expansions", fill("${x:-")],
    ["conditions", `[[ ${fill("a && ")} ]]`],
    ["functions", fill("f(){ ")],
    ["comments", `psql -c '${fill("/*")}drop'`],
    ["code", `python3 -c '${fill('os.system("')}'`],
    ["strings", `node -e '${fill("exec(`a`) ")}'`],
    ["one word", fill("x")],
    ["globs", fill("*(")],
    ["zsh patterns", fill("*(e")],
    ["assignments", fill("a=b ")],
    ["awk", `awk '${fill('system("a") ')}'`],
    ["wrappers", fill("sudo env ")],
    ["substitutions within", `eval "${fill("$(a ")}"`],
    ["a long list", fill("echo a $(b) | c; ")],
    ["shells", fill("sh -c 'a'; ")],
  ])("%s takes bounded time", (_name, command) => {
    for (const shell of ["bash", "zsh", "fish"]) {
      const started = performance.now();
      expect(["allow", "ask"]).toContain(decide(command, shell).verdict);
      expect(performance.now() - started).toBeLessThan(3000);
    }
  });
});

it.each(["constructor x", "sudo constructor x", "toString -n x"])("knows %s as no program of its own", (command) => {
  expect(() => policy.decide(command, { shell: "bash", cwd: "/site" })).not.toThrow();
});

it("decides about any text without an error", () => {
  const piece = fc.oneof(
    fc.constantFrom(...destructive, ...ordinary),
    fc.constantFrom(
      "'",
      '"',
      "`",
      "$(",
      ")",
      "(",
      "{",
      "}",
      "<<E\n",
      "|",
      ";",
      "&&",
      "\\",
      "\n",
      "$",
      "#",
      "[[",
      "((",
      "if ",
      "then ",
    ),
    fc.string({ unit: "binary", maxLength: 10 }),
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 6 }),
      fc.constantFrom("", " ", "; "),
      fc.constantFrom("bash", "zsh", "fish"),
      (parts, between, shell) => {
        expect(["allow", "ask"]).toContain(decide(parts.join(between), shell).verdict);
      },
    ),
    { numRuns: 1500 },
  );
});

it("hides no destructive command behind any chain of wrappers", () => {
  const wraps: readonly ((inner: string) => string)[] = [
    (inner) => `sudo ${inner}`,
    (inner) => `env A=1 ${inner}`,
    (inner) => `timeout 5 ${inner}`,
    (inner) => `( ${inner} )`,
    (inner) => `true && ${inner}`,
    (inner) => `bash -c '${inner.replaceAll("'", "'\\''")}'`,
    (inner) => `eval '${inner.replaceAll("'", "'\\''")}'`,
    (inner) => `echo $( ${inner}\n)`,
    (inner) => `if true; then ${inner}\nfi`,
    (inner) => `f() { ${inner}\n}; f`,
    (inner) => `for i in 1; do ${inner}\ndone`,
    (inner) => `bash <<'END'\n${inner}\nEND\n`,
  ];
  const wrapper = fc
    .integer({ min: 0, max: wraps.length - 1 })
    .map((index) => wraps[index] ?? ((inner: string) => inner));
  const base = fc.constantFrom(
    "rm -rf x",
    "git reset --hard",
    "git push -f",
    "dd if=a of=/dev/sda",
    "kubectl delete pod x",
    "psql -c 'drop table x'",
    "find . -delete",
    "docker volume rm x",
  );
  fc.assert(
    fc.property(base, fc.array(wrapper, { maxLength: 3 }), (command, wrappers) => {
      expect(decide(wrappers.reduce<string>((inner, wrap) => wrap(inner), command)).verdict).toBe("ask");
    }),
    { numRuns: 1500 },
  );
});

it("takes under a millisecond for an ordinary command", () => {
  for (const command of ordinary) decide(command);
  const started = performance.now();
  for (let round = 0; round < 5; round++) for (const command of ordinary) decide(command);
  expect((performance.now() - started) / (5 * ordinary.length)).toBeLessThan(1);
});

describe("for a shell that nobody knows", () => {
  const all = [...destructive, ...ordinary];

  it("the strictest reading of all counts", () => {
    for (const shell of ["bash", "zsh", "sh", "fish", "program"]) {
      const asked = all.filter((command) => decide(command, shell).verdict === "ask");
      expect(asked.filter((command) => decide(command, "unknown").verdict === "allow")).toEqual([]);
    }
    for (const shell of ["bash", "zsh", "sh"]) {
      const asked = all.filter((command) => decide(command, shell).verdict === "ask");
      expect(asked.filter((command) => decide(command, "posix").verdict === "allow")).toEqual([]);
    }
  });

  it.each([
    ["# tidy; rm -rf x", "no comment in an interactive zsh"],
    ["begin; rm -rf x; end", "a block of fish"],
    ["echo 'unfinished", "an open quote of all but programs"],
    ["rm -rf x", "the same in all"],
  ])("it asks about %j: %s", (command) => {
    expect(decide(command, "unknown").verdict).toBe("ask");
  });

  it("of the Bourne family, what is right in bash and in zsh is allowed", () => {
    for (const command of ordinary) expect([command, decide(command, "posix").verdict]).toEqual([command, "allow"]);
    expect(decide("# tidy; rm -rf x", "posix").verdict).toBe("ask");
  });

  it("allows what is plain in all", () => {
    for (const command of ["npm test", "git status && make", "echo done > out.txt"])
      expect(decide(command, "unknown").verdict).toBe("allow");
  });
});

describe("for a program that is no shell", () => {
  it.each([
    "for i in range(3): print(i)",
    "const f = (a) => { return a + 1 };",
    "[1,2].map(x => x*2)",
    "`a ${b}`",
    "d['k'] = \"it's\"",
    "$x = 1",
    "x <- c(1, 2)",
    "SELECT * FROM t WHERE a > 3;",
    "What's the plan? Use $HOME and `ls`.",
  ])("text that stands for no command is its own affair: %s", (text) => {
    expect(decide(text, "program").verdict).toBe("allow");
  });

  it.each([
    "rm -rf x",
    "[1].map(x => x); rm -rf x",
    "!rm -rf x",
    "!$(rm -rf x)",
    ":!rm -rf x",
    "\\! rm -rf x",
    "%sx rm -rf x",
    ".shell rm -rf x",
    "select 1;\n\\! rm -rf x",
    "!echo 'open",
  ])("plain commands are asked about, and what is handed to a shell: %s", (text) => {
    expect(decide(text, "program").verdict).toBe("ask");
  });
});
