import { hostKeyRule } from "../askedTrust";
import type { Condition, ProgramRules, StateRule } from "../programRules";
import { instruction } from "./linePrompts";

/** A choice between yes and no, its default or more answers behind it, and an answer that is being typed. */
const yesNo =
  /(?:[[(<]\s*(?:y|yes)\s*[/|,]\s*(?:n|no)(?:\s*[/|,][^\])>]{1,40})?\s*[\])>]|[[(]yn\]|\(y or n\)|\(yes or no\)|\(y or \[n\]\)|\(\[y\] or n\)|\[y\/n\/[^\]]{1,20}\] \([^)]{1,100}\)|\(\[(?:y|yes)\]\/(?:n|no)\)|[[(][A-Z](?:\/[A-Z])+[\])]|\[y\]es, \[n\]o[^:]*|\[y\]es\/\[n\]o[^:]{0,60}|\(y\)es\/\(n\)o[^:]{0,40}|^\W*yes\/no|\(n\)o\/\(y\)es[^:]{0,40}|\? *[[(](?:y|n|yes|no)[\])])\s*[?:>]*\s*(?:[[(][^\])]{0,20}[\])])?\s*[?:>]*\s*\S{0,12}$/iu;
/** The same in words. */
const sure =
  /\bare you sure\?\s*\S{0,3}$|\btype ['"]?yes['"]? (?:to|if|and) .{1,80}:\s*\S{0,3}$|\bpress y\b.{0,12} for yes\b.{0,40}\)\s*:\s*\S{0,3}$/iu;
/** zsh asks for a letter before it corrects a word, or lists many completions. */
const zshAsks = /^zsh: (?:correct .+ \[nyae\]\?|do you wish to see all .+\?) ?$/u;
/** `xargs -p` shows the command and asks whether to run it. */
const runIt = /\S\?\.{3}\S{0,3}$/u;
/** Tools for files ask for a letter that they do not name. */
const fileTool = /^(?:\S+: )?(?:rm|mv|cp|ln|unlink)\s?: .+\? ?\S{0,3}$/u;
/** Any key, or Enter, is waited for. */
export const pressKey =
  /\b(?:press|hit|strike)\s+(?:any key|a key|(?:the )?[[<]?(?:enter|return|space)[\]>]?(?: key| bar)?)(?=\W|$)/iu;
/** Something else may be typed instead. */
const orType = /\bor (?:type|enter|choose|select)\b/iu;
const pressToGoOn =
  /\b(?:press|hit|strike)\s+(?:any key|a key|(?:the )?[[<]?(?:enter|return|space)[\]>]?(?: key| bar)?) (?:when ready |again )?to (?:continue|proceed|exit|quit|close|go on|start|begin|finish|open)\b/iu;
/** The same, with nothing behind it. */
const pressAtEnd =
  /\b(?:press|hit|strike)\s+(?:any key|a key|(?:the )?[[<]?(?:enter|return|space)[\]>]?)[\s.:…]{0,5}$/iu;
/** Answers with the letter that takes each, in columns. */
const lettered = /^[\p{L}\d]\) \S.* {2,}[\p{L}\d]\) \S/u;
/** Several words, each with the letter that takes it in brackets: `(a)bort (c)ontinue (v)ersion`. */
const lettersOfWords = /(?:^|\s)\(\p{L}\)[\p{L}-]{2,}(?:[^()]{0,16}\s\(\p{L}\)[\p{L}-]{2,}){3}/u;
/** A token that is nobody's to read; one alone may be of anything. */
export const tokenAsked = /\b(?:paste|enter|your|access|auth\w*|API|bearer)(?: \w+){0,2} token\b/iu;
const secret = new RegExp(
  String.raw`(?:pass\s?(?:word|phrase|code)|\bsecret|\bPIN|\bOTP|one-time (?:code|password)|verification code|` +
    String.raw`authenticat(?:or|ion) code|\b(?:encryption|unseal|master|recovery|private) key|${tokenAsked.source})` +
    String.raw`\b.{0,160}[:?]\s*\**$|^\W*pass\s?(?:word|phrase)\W{0,3}$`,
  "iu",
);
/** The same word in other languages, as sudo, su and login ask. */
const foreignSecret =
  /(?:passwor[dt]|kennwort|mot de passe|phrase de passe|contraseña|senha|пароль|パスワード|密码|密碼|口令|암호|비밀번호)(?![\p{Ll}]).{0,80}[:：]\s*$/iu;
const name =
  /\b(?:user\s?name|login(?! shell)|e-?mail(?: address)?|user id|access key(?: id)?|client id|API key)\b.{0,160}[:?]\s*\S{0,40}$/iu;
/** A number and a colon are a place in a file, or how far something is. */
const question = /(?:[\p{L}\])'"’”»}][\])'"’”»}]?\s*(?:[[(][^\])]*[\])]\s*)?[:?]|\d\?)\s*(?:[[(][^\])]*[\])]\s*)?$/u;
/** What a program that is busy writes before it knows how it ends, and the head of a line of a log. */
const report =
  /^\W*(?!(?:string|existing|billing|shipping|pricing|missing|setting)\b)\p{L}+ing\b|\d+(?:\.\d+)?\s*%|^\W*\d{1,2}:\d{2}(?::\d{2})?\b|^\W*\d{4}-\d{2}-\d{2}|\b(?:progress|status|done|elapsed|eta|speed|total|error|warning|info|debug|note|step)\b[^:?]{0,24}:\s*$/iu;
/** Programs that only show what others wrote. */
const shows = /^(?:tail|cat|journalctl|docker|kubectl)$/u;
/** What stands on their last line is what is typed there. */
const copies: Condition = { foreground: /^(?:cat|tee)$/u };

const atLine: Condition = { cursor: "visible", alternate: false };

/** A program that copies what is typed asks nothing. */
function unlessCopied(rules: readonly StateRule[]): StateRule[] {
  return rules.map((rule) => ({ ...rule, unless: [...(rule.unless ?? []), copies] }));
}

/** What programs ask on the line of the cursor, and the cursor stands right behind it. */
export const asked: ProgramRules = {
  program: "asked",
  title: "question on the line of the cursor",
  role: "tool",
  recorded: [],
  known: { commands: [] },
  regions: { last: { bottom: 1 }, ending: { bottom: 2 }, list: { bottom: 12 } },
  rules: unlessCopied([
    /** ssh's own words, behind whatever has started it: git, rsync, a script. */
    {
      name: hostKeyRule,
      state: "waiting",
      kind: "trust",
      priority: 81,
      confidence: "high",
      answer: "line",
      when: [
        {
          in: "before_cursor",
          matches:
            /\bcontinue connecting \(yes\/no(?:\/\[fingerprint\])?\)\? ?\S*$|type 'yes', 'no' or the fingerprint: ?\S*$/u,
          ...atLine,
        },
      ],
    },
    {
      name: "yes_no",
      state: "waiting",
      kind: "confirm",
      priority: 80,
      confidence: "high",
      answer: "line",
      when: [{ in: "before_cursor", matches: yesNo, ...atLine }],
    },
    /** Who draws its questions may hide the cursor that stands behind one. */
    {
      name: "yes_no_drawn",
      state: "waiting",
      kind: "confirm",
      priority: 80,
      confidence: "medium",
      when: [
        { in: "before_cursor", matches: yesNo, cursor: "hidden", alternate: false, running: true },
        { in: "last", matches: yesNo },
      ],
    },
    {
      name: "file_tool",
      state: "waiting",
      kind: "confirm",
      priority: 79,
      confidence: "high",
      answer: "line",
      when: [{ in: "before_cursor", matches: fileTool, ...atLine }],
    },
    {
      name: "sure",
      state: "waiting",
      kind: "confirm",
      priority: 79,
      confidence: "medium",
      answer: "line",
      when: [{ in: "before_cursor", matches: sure, ...atLine }],
    },
    {
      name: "zsh",
      state: "waiting",
      kind: "confirm",
      priority: 79,
      confidence: "high",
      answer: "line",
      when: [{ in: "before_cursor", matches: zshAsks, ...atLine }],
    },
    {
      name: "only_yes",
      state: "waiting",
      kind: "confirm",
      priority: 79,
      confidence: "high",
      answer: "line",
      choices: ["yes", "no"],
      when: [
        { in: "list", matches: /\bOnly 'yes' will be accepted to \p{L}+\.$/u },
        { in: "before_cursor", matches: /^\s*Enter a value: ?\S{0,3}$/u, ...atLine },
      ],
    },
    {
      name: "run_it",
      state: "waiting",
      kind: "confirm",
      priority: 79,
      confidence: "medium",
      answer: "line",
      when: [{ in: "before_cursor", matches: runIt, ...atLine }],
    },
    {
      name: "secret",
      state: "waiting",
      kind: "password",
      priority: 78,
      confidence: "high",
      answer: "line",
      secret: true,
      when: [{ in: "before_cursor", matches: secret, ...atLine }],
      unless: [{ in: "before_cursor", matches: report }],
    },
    {
      name: "secret_in_other_words",
      state: "waiting",
      kind: "password",
      priority: 78,
      confidence: "high",
      answer: "line",
      secret: true,
      when: [{ in: "before_cursor", matches: foreignSecret, ...atLine }],
      unless: [{ in: "before_cursor", matches: report }],
    },
    {
      name: "unseen_input",
      state: "waiting",
      kind: "password",
      priority: 77,
      confidence: "high",
      answer: "line",
      secret: true,
      when: [{ in: "before_cursor", matches: /\S\s*$/u, ...atLine, echo: false, canonical: true }],
    },
    {
      name: "press_key",
      state: "waiting",
      kind: "confirm",
      priority: 76,
      confidence: "high",
      answer: "enter",
      when: [{ in: "before_cursor", matches: pressKey, ...atLine }],
      unless: [{ in: "before_cursor", matches: orType }],
    },
    {
      name: "press_key_above",
      state: "waiting",
      kind: "confirm",
      priority: 75,
      confidence: "medium",
      answer: "enter",
      when: [
        { in: "last", matches: pressToGoOn },
        { in: "before_cursor", matches: /^$/u, ...atLine },
      ],
      unless: [{ foreground: shows }],
    },
    {
      name: "press_key_at_end",
      state: "waiting",
      kind: "confirm",
      priority: 75,
      confidence: "medium",
      answer: "enter",
      when: [
        { in: "last", matches: pressAtEnd },
        { in: "before_cursor", matches: /^$/u, running: true, ...atLine },
      ],
      unless: [{ foreground: shows }],
    },
    {
      name: "lettered",
      state: "waiting",
      kind: "question",
      priority: 65,
      confidence: "medium",
      when: [
        { in: "list", matches: lettered },
        { in: "before_cursor", matches: /^[?>:#] {0,2}$/u, cursor: "visible", running: true },
      ],
    },
    /** Words to choose from, each with its letter in brackets, and the cursor stands below. */
    {
      name: "letters_above",
      state: "waiting",
      kind: "question",
      priority: 65,
      confidence: "medium",
      when: [
        { in: "ending", matches: lettersOfWords, joined: true },
        { in: "before_cursor", matches: /^$/u, running: true, ...atLine },
      ],
      unless: [{ foreground: shows }],
    },
    {
      name: "login",
      state: "waiting",
      kind: "login",
      priority: 74,
      confidence: "high",
      answer: "line",
      when: [{ in: "before_cursor", matches: name, ...atLine }],
      unless: [{ in: "before_cursor", matches: report }],
    },
    /** A person has to go on in a browser; the address stands last. */
    {
      name: "browser",
      state: "waiting",
      kind: "login",
      priority: 70,
      confidence: "medium",
      when: [
        { in: "list", matches: /^Opening a link in your default browser: https:/u },
        { in: "before_cursor", matches: /^$/u, running: true, ...atLine },
      ],
    },
    /** The menu of a shell's `select`, where nobody tells that the shell is in front. */
    {
      name: "select",
      state: "waiting",
      kind: "question",
      priority: 64,
      confidence: "high",
      answer: "line",
      when: [
        { in: "before_cursor", matches: /^#\? ?\d{0,3}$/u, ...atLine },
        { in: "list", matches: /^\s*\d{1,3}\) \S/u },
      ],
    },
    {
      name: "own_prompt",
      state: "waiting",
      kind: "question",
      priority: 62,
      confidence: "medium",
      answer: "line",
      when: [
        { in: "before_cursor", matches: /^\p{L}[\p{L} ]{2,100}(?:>{1,2}|[-=]{1,4}>) $/u, running: true, ...atLine },
      ],
    },
    /** `n/s/q> `, and a name below what says that it is to be typed. */
    {
      name: "letters_before_sign",
      state: "waiting",
      kind: "question",
      priority: 62,
      confidence: "medium",
      answer: "line",
      when: [{ in: "before_cursor", matches: /^\p{L}(?:\/\p{L}){1,12}> ?\S{0,3}$/u, running: true, ...atLine }],
    },
    {
      name: "sign_below_instruction",
      state: "waiting",
      kind: "question",
      priority: 61,
      confidence: "medium",
      answer: "line",
      when: [
        { in: "ending", matches: instruction, first: true },
        { in: "before_cursor", matches: /^\p{L}[\p{L}\d_-]{0,20}> {0,2}$/u, running: true, ...atLine },
      ],
    },
    /** A line editor reads below a question. */
    {
      name: "typed_below_question",
      state: "waiting",
      kind: "question",
      priority: 61,
      confidence: "medium",
      when: [
        { in: "last", matches: /\S[?:]$/u },
        { in: "before_cursor", matches: /^\s{0,6}$/u, paste: true, running: true, ...atLine },
      ],
    },
    /** What is asked stands on the line above, and only a sign before the cursor. */
    {
      name: "sign_below_question",
      state: "waiting",
      kind: "question",
      priority: 61,
      confidence: "medium",
      when: [
        { in: "ending", matches: /[\p{L}\])'"}]\s*[?:]$/u, first: true },
        { in: "before_cursor", matches: /^[>›] {0,2}$/u, running: true, ...atLine },
      ],
    },
    {
      name: "question",
      state: "waiting",
      kind: "question",
      priority: 60,
      confidence: "medium",
      answer: "line",
      when: [{ in: "before_cursor", matches: question, ...atLine }],
      unless: [{ in: "before_cursor", matches: report }],
    },
  ]),
};
