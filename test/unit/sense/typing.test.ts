import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  canonicalLineBytes,
  encodeCommand,
  encodeSentinel,
  encodeShellQuestion,
  typedForm,
} from "../../../src/core/sense/typing";

const shells = ["bash", "zsh", "fish"] as const;

describe("typedForm", () => {
  it("leaves a plain line as it is", () => {
    for (const text of [
      "make test",
      "echo 'it''s' \"a b\"",
      "cat <file >out 2>&1",
      "curl http://x/?a=b#top",
      "echo $((1 + 2)) `date`",
      "a\\ b",
      "make test\n",
      "grep 'a\\' b",
    ]) {
      expect(typedForm(text), text).toBe("line");
    }
  });

  it("takes as eval what a shell reads differently when it is typed", () => {
    for (const text of [
      "a\nb",
      "a\tb",
      "echo hi!",
      "[ a != b ]",
      "# note",
      "make # note",
      "cat <<EOF",
      "^old^new",
      "echo \\",
      "echo 'open",
      'echo "open',
      "echo `open",
      "a\r\nb",
    ]) {
      expect(typedForm(text), text).toBe("eval");
    }
  });
});

describe("encodeCommand", () => {
  it("pastes a line after a blank, with Enter behind the paste", () => {
    expect(encodeCommand("make test\n", { shell: "bash", form: "line" })).toBe("\x1b[200~ make test\x1b[201~\r");
    expect(encodeCommand("make test", { shell: "zsh", form: "line" })).toBe("\x1b[5200~ make test\x1b[201~\r");
    expect(encodeCommand("make test", { shell: "fish", form: "line" })).toBe(" \x1b[200~make test\x1b[201~\r");
  });

  it("quotes an eval as each shell reads it", () => {
    const text = "echo 'a\\b'\n\ttwo";
    expect(encodeCommand(text, { shell: "bash", form: "eval" })).toBe(
      "\x1b[200~ eval '{\necho '\\''a\\b'\\''\n\ttwo\n}'\x1b[201~\r",
    );
    expect(encodeCommand(text, { shell: "zsh", form: "eval" })).toBe(
      "\x1b[5200~ eval 'echo '\\''a\\b'\\''\n\ttwo'\x1b[201~\r",
    );
    expect(encodeCommand(text, { shell: "fish", form: "eval" })).toBe(
      " \x1b[200~eval 'echo \\'a\\\\b\\'\n'\\t'two'\x1b[201~\r",
    );
  });

  it("puts the blank behind a paste of fish 4, which would overtake it, and all into one line", () => {
    expect(encodeCommand("make test", { shell: "fish", version: 4, form: "line" })).toBe(
      "\x1b[200~make test\x1b[201~\x1b[H \x1b[F\r",
    );
    expect(encodeCommand("a\n\tb", { shell: "fish", version: 4, form: "eval" })).toBe(
      "\x1b[200~eval 'a'\\n''\\t'b'\x1b[201~\x1b[H \x1b[F\r",
    );
  });

  it("never types more than one line as a line", () => {
    expect(encodeCommand("a\nb", { shell: "zsh", form: "line" })).toContain("eval 'a\nb'");
  });

  it("puts no braces around comments, and none behind a backslash", () => {
    expect(encodeCommand("# one\n\n  # two", { shell: "bash", form: "eval" })).toContain("eval '# one\n\n  # two'");
    expect(encodeCommand("echo \\", { shell: "bash", form: "eval" })).toContain("eval '{\necho \\\n\n}'");
  });

  it("lets nothing out of the paste, whatever the text", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary", maxLength: 8 }),
      fc.constantFrom(
        "\x1b[201~",
        "\x1b[20\x1b[201~1~",
        "\x1b",
        "\x03",
        "\r",
        "\n",
        "\t",
        "\0",
        "'",
        "\\",
        "\x9b201~",
        "[201~",
      ),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }),
        fc.constantFrom(...shells),
        fc.constantFrom("line", "eval"),
        (pieces, shell, form) => {
          const typed = encodeCommand(`x${pieces.join("")}`, { shell, form });
          const inside = typed.replace(/^ ?\x1b\[5?200~/, "").replace(/\x1b\[201~\r$/, "");
          expect(inside.length).toBeLessThan(typed.length - 12);
          expect(inside).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
        },
      ),
      { numRuns: 1000, seed: 20261123 },
    );
  });

  it("refuses a text without content", () => {
    for (const text of ["", " \n\t", "\x1b[201~", "\0\x03"]) {
      expect(() => encodeCommand(text, { shell: "bash", form: "line" }), JSON.stringify(text)).toThrow(
        expect.objectContaining({ code: "request_invalid" }),
      );
      expect(() => encodeSentinel(text, { shell: "posix", id: "a1" })).toThrow(
        expect.objectContaining({ code: "request_invalid" }),
      );
    }
  });
});

describe("encodeSentinel", () => {
  it("is one line whose echo holds no mark", () => {
    for (const shell of ["posix", "fish"] as const) {
      const typed = encodeSentinel("a 'b'\n\tc! \\d\r\n", { shell, id: "f00d" });
      expect(typed).toMatch(/^ [^\u0000-\u001f]*\r$/);
      expect(typed.split("f00d")).toHaveLength(3);
    }
  });

  it("writes a plain line as plain eval", () => {
    expect(encodeSentinel("make 'a b'", { shell: "posix", id: "f00d" })).toBe(
      ` printf '\\033]133;C;id=%s\\007' f00d; eval 'make '\\''a b'\\'''; __wo_s=$? __wo_i=f00d; printf '\\033]133;D;%s;id=%s\\007' "$__wo_s" "$__wo_i"\r`,
    );
  });

  it("has no line that a terminal would cut off, whatever the text, and joins them all", () => {
    const piece = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 300 }),
      fc.constantFrom("'", "\\", "\n", "\t", "!", "ž", "'".repeat(500), "x".repeat(2000), "\\".repeat(700)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.constantFrom("posix", "fish"), (pieces, shell) => {
        const lines = encodeSentinel(`x${pieces.join("")}`, { shell, id: "f00d" }).split("\r");
        expect(lines.pop()).toBe("");
        for (const line of lines) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(canonicalLineBytes);
        for (const line of lines.slice(0, -1)) expect(line.endsWith("'\\")).toBe(true);
      }),
      { numRuns: 300, seed: 20261124 },
    );
  });

  it("asks which shell it is in words that mean the same in all", () => {
    expect(encodeShellQuestion("f00d")).toBe(` printf '\\033]133;D;0;id=%s;f=%s\\007' f00d "$FISH_VERSION"\r`);
  });

  it("refuses an id that a shell could read", () => {
    expect(() => encodeShellQuestion("a b")).toThrow(expect.objectContaining({ code: "request_invalid" }));
    expect(() => encodeSentinel("make", { shell: "posix", id: "a;b" })).toThrow(
      expect.objectContaining({ code: "request_invalid" }),
    );
  });
});
