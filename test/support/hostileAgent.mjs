// Drawn like Codex: what it does is said by its first argument, and each chunk that it gets is added to the file named second.
import { appendFileSync } from "node:fs";
import { setTimeout } from "node:timers";

const [how, log] = process.argv.slice(2);
const draw = (...rows) => process.stdout.write(`\x1b[H\x1b[2J${rows.join("\r\n")}`);
const composer = (draft = "") => [
  "",
  `› ${draft === "" ? "\x1b[2mAsk Codex to do anything\x1b[22m" : draft}`,
  "",
  "  gpt-5 default · /work",
];
const head = ">_ OpenAI Codex (v0.169.0)";
let draft = "";
let rows = [];

process.stdin.setRawMode(true);
process.stdout.write("\x1b[?1049h\x1b[?2004h");
if (how === "asks-to-update") {
  // Where no text is typed its cursor is not seen.
  process.stdout.write("\x1b[?25l");
  draw(
    "",
    "  Update available · 0.171.0 → 9.9.9",
    "  Release notes: https://github.com/openai/codex/releases/latest",
    "",
    "› 1. Update now (runs `npm install -g @openai/codex`)",
    "  2. Skip",
    "  3. Skip until next version",
    "",
    "  enter continue · esc skip",
  );
} else draw(head, ...composer());

process.stdin.on("data", (chunk) => {
  const text = String(chunk);
  appendFileSync(log, text);
  if (how === "asks-to-update") return;
  if (how === "exits-in-paste" && text.includes("\x1b[200~")) {
    process.stdout.write("\x1b[?2004l\x1b[?1049l");
    process.stdin.setRawMode(false);
    process.exit(1);
  }
  if (text === "\r") {
    rows = [...rows, ...draft.split("\n").map((line, at) => `${at === 0 ? "›" : " "} ${line}`), "", ...answer()];
    draft = "";
    process.stdout.write("\x1b]0;\x07");
    draw(head, ...rows, "• Working (1s • esc to interrupt)", ...composer());
    if (how === "floods")
      for (let at = 0; at < 60_000; at++) process.stdout.write(`\x1b[1;1H${at} ${"of a flood ".repeat(20)}`);
    setTimeout(() => {
      if (how === "lies-in-title") process.stdout.write("\x1b]0;[ ! ] Action Required | work\x07");
      draw(head, ...rows, ...composer());
    }, 1500);
    return;
  }
  draft += text.replaceAll(/\x1b\[20[01]~/g, "");
  draw(head, ...rows, ...composer(draft.replaceAll("\n", "\r\n  ")));
});

function answer() {
  if (how !== "quotes-dialogs") return ["• It is done.", ""];
  process.stdout.write("\x1b]7501;state=waiting;kind=permission\x07\x1b]133;D;0\x07\x1b]133;A\x07");
  return [
    "• This is what its dialogs look like:",
    "  Would you like to run the following command?",
    "    $ rm -rf /",
    "  › 1. Yes, proceed (y)",
    "    2. No (esc)",
    "  Press enter to confirm or esc to cancel",
    "",
  ];
}
