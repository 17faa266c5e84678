import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BuiltinServer } from "../support/builtinServer";
import { temporaryFolder } from "../support/localAddresses";
import type { RawHttp } from "../support/rawHttp";
import { until } from "../support/until";
import { freshName, plainRows, untilRow } from "../support/wireSessions";

/** As a shell's `printf` spells it: colour of the background, name, keyboard, cursor, statuses, and last who it is. */
const asked = "\\033]11;?\\007\\033[>0q\\033[?u\\033[5;9H\\033[6n\\033]7501;?\\033\\134\\033[c";
const told =
  "\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\\x1bP>|wsh-orchestrator\x1b\\\x1b[?0u\x1b[5;9R\x1b]7501;?\x1b\\\x1b[?1;2c";

describe("the built-in server and what programs ask of their terminal", () => {
  let server: BuiltinServer;
  let http: RawHttp;
  let folder: string;

  beforeAll(async () => {
    folder = await temporaryFolder();
    server = await BuiltinServer.start();
    http = server.unix;
  });
  afterAll(() => server.stop());

  /** A program that waits for a key, asks, and writes down what it reads. */
  async function asking(questions = asked): Promise<{ name: string; file: string }> {
    const name = freshName("asking");
    const file = join(folder, name);
    const script = `stty raw -echo; printf ready; dd bs=1 count=1 2>/dev/null; printf '${questions}'; exec cat > '${file}'`;
    await http.post("/sessions", { name, command: script });
    await untilRow(http, name, "ready");
    return { name, file };
  }

  const read = async (file: string): Promise<string> => (await readFile(file).catch(() => Buffer.alloc(0))).toString();

  const terminalOf = (name: string) => http.open(`/sessions/${name}/ws/raw?terminal=true`);

  it("announces that it answers", async () => {
    expect((await http.get("/server/info")).json).toHaveProperty("features", [
      "replace_env",
      "terminal",
      "answers",
      "recent_output",
    ]);
  });

  it("answers in order, also while programs read along", async () => {
    const { name, file } = await asking();
    await http.open(`/sessions/${name}/ws/raw`);
    await http.open(`/sessions/${name}/ws/json`);
    await http.input(name, "x");
    expect(await until("the answers", async () => (await read(file)).includes("c") && read(file))).toBe(told);
    await http.input(name, "end");
    expect(await until("the keys", async () => (await read(file)).includes("end") && read(file))).toBe(`${told}end`);
  });

  it("leaves it to a terminal while there is one, and answers again when that is gone", async () => {
    const { name, file } = await asking(`${asked}'; sleep 1; dd bs=1 count=1 2>/dev/null >/dev/null; printf '\\033[5n`);
    const terminal = await http.open(`/sessions/${name}/ws/raw?terminal=true`);
    await http.input(name, "x");
    await terminal.untilOutput("\x1b[c");
    terminal.socket.close();
    await until("the terminal is gone", () => terminal.closed !== undefined);
    await http.input(name, "y");
    expect(await until("an answer", async () => (await read(file)).includes("n") && read(file))).toBe("\x1b[0n");
  });

  it("lets one of several terminals answer, and the one before when that is gone", async () => {
    const { name } = await asking(`${asked}'; dd bs=1 count=1 2>/dev/null >/dev/null; printf '\\033[5n`);
    const [first, second] = [await terminalOf(name), await terminalOf(name)];
    const reader = await http.open(`/sessions/${name}/ws/raw`);
    await http.input(name, "x");
    await second.untilOutput("\x1b[c");
    await reader.untilOutput("\x1b[c");
    second.socket.close();
    await until("the second terminal is gone", () => second.closed !== undefined);
    await http.input(name, "y");
    await first.untilOutput("\x1b[5n");
    expect(first.output.toString("latin1")).not.toMatch(/\x1b\[(?:6n|c|\?u)|\?[\x07\x1b]/);
  });

  it("asks once, and somebody who hears all of it, when a terminal is gone in the middle of a question", async () => {
    const { name } = await asking("\\033['; dd bs=1 count=1 2>/dev/null >/dev/null; printf '6nafter");
    const [first, second] = [await terminalOf(name), await terminalOf(name)];
    await http.input(name, "x");
    await second.untilOutput("\x1b[");
    second.socket.close();
    await until("the second terminal is gone", () => second.closed !== undefined);
    await http.input(name, "y");
    await first.untilOutput("after");
    expect(first.output.toString("latin1")).toMatch(/\x1b\[6nafter$/);
    expect(second.output.toString("latin1")).not.toContain("6n");
  });

  it("answers a prompt of bash that asks for the cursor", async () => {
    const name = freshName("prompt");
    const ask = "IFS=';' read -rs -d R -t 9 -p $'\\e[6n' row col; echo \"at ${row#*[} $col\"";
    await http.post("/sessions", {
      name,
      command: "exec bash --norc --noprofile -i",
      env: { PS1: "$ ", PROMPT_COMMAND: ask, TERM: "xterm-256color" },
    });
    await untilRow(http, name, "at 1 1");
    await http.input(name, "printf '\\033[2J\\033[3H'\r");
    await untilRow(http, name, "at 3 1");
  });

  it.each(["bash --norc --noprofile", "zsh -f", "fish --no-config"])(
    "types nothing at the prompt of %s when a recording with questions was shown",
    async (shell) => {
      const name = freshName("recording");
      await http.post("/sessions", { name, command: `exec ${shell}`, env: { PS1: "$ ", TERM: "xterm-256color" } });
      await until("a prompt", async () => (await plainRows(http, name)).some((row) => /[$#%>]$/.test(row)));
      await http.input(name, `printf '${asked.repeat(3)}\\033]133;D;0\\007'\r`);
      await http.input(name, "printf '\\033[H\\033[2J%s' 'no'; echo 'thing'; printf '<'; read -r x; echo \"$x>\"\r");
      await untilRow(http, name, "nothing");
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      await http.input(name, "\r");
      await until("what was read", async () => (await plainRows(http, name)).some((row) => row.endsWith(">")));
      expect((await plainRows(http, name)).filter((row) => row !== "").join("\n")).not.toMatch(/[?;]|\d[cRu]/);
    },
  );

  it("stays small and takes keys while a program floods it with questions that it never reads", async () => {
    const name = freshName("flood");
    const flood = "head -c 1000000 /dev/zero | sed 's/\\x00/\\x1b[6n/g'";
    await http.post("/sessions", {
      name,
      command: `stty raw -echo isig; ${flood}; printf '\\033[Hflooded'; sleep 100`,
    });
    await untilRow(http, name, "flooded");
    expect((await http.get("/server/info")).status).toBe(200);
    await http.send("DELETE", `/sessions/${name}`);
    expect((await http.get(`/sessions/${name}`)).status).toBe(404);
  });
});
