import { spawnSync } from "node:child_process";
import { describe, expect } from "vitest";
import { encodeSentinel } from "../../src/core/sense/typing";
import { type PtyShell, visible } from "../support/ptyShell";
import { shellTest } from "../support/shellTest";

function programPath(name: string): string {
  return spawnSync("/bin/sh", ["-c", `command -v ${name}`])
    .stdout.toString()
    .trim();
}

describe("people's own files", () => {
  const bashrc = [
    "PS1='$(echo \"[st=$?]\") user> '",
    "PROMPT_COMMAND='last=$?; sleep 0.03; echo \"hook $last\"'",
    "alias printf='echo aliased' rm='echo aliased'",
    "HISTCONTROL=ignoredups",
    "export MINE=kept",
    "",
  ].join("\n");

  shellTest(
    "bash",
    "bash: prompt, hook and status stay",
    async (pty) => {
      await pty.ready(1);
      expect(await pty.run("sh -c 'exit 3'")).toEqual({ n: 1, status: 3, text: "" });
      await pty.ready(2);
      expect(pty.visible).toContain("hook 3\n[st=3] user> ");
      expect((await pty.run("echo $MINE $HISTCONTROL")).text).toBe("kept ignoredups:ignorespace");
      await pty.run("PROMPT_COMMAND='echo other $?'");
      await pty.ready(4);
      await pty.run("sh -c 'exit 5'");
      await pty.ready(5);
      expect(pty.visible).toContain("other 5\n");
    },
    { home: { ".bashrc": bashrc } },
  );

  const zshrc = [
    "setopt prompt_subst ksh_arrays sh_word_split no_unset interactive_comments",
    "precmd() { last=$?; sleep 0.03; PS1='user> '; print hook $last }",
    "RPROMPT='[right]'",
    "alias printf='echo aliased'",
    "export MINE=kept$FROM_ENV",
    "",
  ].join("\n");

  shellTest(
    "zsh",
    "zsh: prompt, right prompt, hook, status and options stay",
    async (pty) => {
      await pty.ready(1);
      expect(await pty.run("sh -c 'exit 3'")).toEqual({ n: 1, status: 3, text: "" });
      await pty.ready(2);
      expect(pty.visible).toContain("hook 3\nuser> ");
      await pty.until("the right prompt", () => pty.visible.split("[right]").length > 2);
      await pty.promptAfter(() => pty.resize());
      expect(pty.marks.clean).toBe(true);
      expect((await pty.run("echo $MINE ${ZDOTDIR-none}; [[ -o ksh_arrays ]]")).text).toBe("kept-env none");
    },
    { home: { ".zshenv": "FROM_ENV=-env\n", ".zshrc": zshrc } },
  );

  const widgets = (...lines: readonly string[]): readonly string[] => [
    "bindkey -v",
    `function zle-line-init zle-keymap-select { ${lines.join("; ")} }`,
    "zle -N zle-line-init",
    "zle -N zle-keymap-select",
  ];

  // RPS1 and RPROMPT are one value for zsh; zsh shows what a widget sets where there was one before (RPS1=).
  for (const [what, lines, right] of [
    ["RPS1", ["RPS1='[right]'"], "[right]"],
    ["RPROMPT", ["RPROMPT='[right]'"], "[right]"],
    ["RPROMPT, then RPS1", ["RPROMPT='[wrong]'", "RPS1='[right]'"], "[right]"],
    ["RPS1, then RPROMPT", ["RPS1='[wrong]'", "RPROMPT='[right]'"], "[right]"],
    ["RPS1 without RPROMPT", ["unset RPROMPT", "RPS1='[right]'"], "[right]"],
    ["RPROMPT without RPS1", ["unset RPS1", "RPROMPT='[right]'"], "[right]"],
    ["RPS1 in a hook", ["precmd() { RPS1='[right]' }"], "[right]"],
    ["RPS1 of a vi mode", ["RPS1=", ...widgets("RPS1='[right]'", "zle reset-prompt")], "[right]"],
    ["RPROMPT of a vi mode", ["RPROMPT=", ...widgets("RPROMPT='[right]'", "zle reset-prompt")], "[right]"],
    ["RPS1 of a vi mode, by zsh's own widget", ["RPS1=", ...widgets("RPS1='[right]'", "zle .reset-prompt")], "[right]"],
    [
      "RPS1 of a vi mode, drawn twice",
      ["RPS1=", ...widgets("RPS1='[right]'", "zle reset-prompt", "zle -R")],
      "[right]",
    ],
    ["RPS1 and PS1 of a vi mode", ["RPS1=", ...widgets("RPS1='[right]' PS1='vi> '", "zle reset-prompt")], "[right]"],
    ["PS1 of a vi mode", widgets("PS1='[right] > '", "zle reset-prompt"), "[right]"],
    [
      "PS1 of a vi mode and a reset-prompt of one's own",
      [
        "own-reset() { zle .reset-prompt }",
        "zle -N reset-prompt own-reset",
        ...widgets("PS1='[right] > '", "zle reset-prompt"),
      ],
      "[right]",
    ],
    [
      "PS1 of a vi mode in two lines, expanded by its options",
      ["setopt prompt_subst ksh_arrays no_unset", ...widgets("PS1=$'top\\n$((6*7))[right] > '", "zle reset-prompt")],
      "42[right]",
    ],
    ["PS1 of a vi mode, by zsh's own widget", widgets("PS1='[right] > '", "zle .reset-prompt"), "[right]"],
    [
      "PS1 by zsh's own widget, once something has come in a file",
      [
        "exec {news}< <(sleep 0.2; echo news)",
        "came() { zle -F $1; PS1='[right] > '; zle && zle .reset-prompt }",
        "zle -F $news came",
        "sched +0 true",
      ],
      "[right]",
    ],
    [
      "a clock by zsh's own widget",
      ["setopt no_unset", "TMOUT=1", "TRAPALRM() { PS1='[right] clock> '; zle && zle .reset-prompt }"],
      "[right]",
    ],
    [
      "a clock",
      ["RPS1=", "TMOUT=1", "TRAPALRM() { RPS1='[right]'; PS1='clock> '; zle && zle reset-prompt }"],
      "[right]",
    ],
    ["up to the last column", ["ZLE_RPROMPT_INDENT=0", "RPS1='[right]'"], "[right]"],
    ["TRANSIENT_RPROMPT", ["setopt transient_rprompt", "RPS1='[right]'"], "[right]"],
    ["beside two lines", ["PS1=$'top\\n'", "RPS1='%F{red}[right]%f'", "ZLE_RPROMPT_INDENT=0"], "[right]"],
    ["beside a prompt of the whole width", ['PS1="${(l:80::x:)}"', "RPS1='[right]'"], "[right]"],
    ["a few columns away", ['PS1="${(l:64::x:)}"', "RPS1='[right]'"], "[right]"],
    ["in the row above", ["PS1=$'top\\n> '", "RPS1='%{'$'\\e[1A''%}[right]%{'$'\\e[1B''%}'"], "[right]"],
    ["an empty RPS1", ["RPS1="], undefined],
    ["neither", ["unset RPS1 RPROMPT", "setopt no_unset"], undefined],
  ] as const)
    shellTest(
      "zsh",
      `zsh: the right prompt is nobody's text: ${what}`,
      async (pty) => {
        for (let n = 1; n <= 3; n++) {
          await pty.ready(n);
          if (right !== undefined) await pty.until("the right prompt", () => pty.visible.split(right).length >= n);
          await pty.promptAfter(() => pty.resize());
          await pty.until("a clean prompt", () => pty.marks.clean);
          expect(await pty.run(`sh -c 'exit ${n}'`)).toEqual({ n, status: n, text: "" });
        }
        expect(pty.visible).not.toContain("[wrong]");
        await pty.ready(4);
        await pty.until("a clean prompt", () => pty.marks.clean);
        pty.write("draft");
        await pty.until("the draft", () => pty.visible.includes("draft"));
        expect(pty.marks.clean).toBe(false);
        await pty.promptAfter(() => pty.resize());
        await pty.until("unsent text", () => !pty.marks.clean);
      },
      { home: { ".zshrc": `PS1='> '\n${lines.join("\n")}\n` } },
    );

  shellTest(
    "zsh",
    "zsh: a theme that sets the prompt in its hook, and files in ZDOTDIR",
    async (pty) => {
      await pty.ready(1);
      expect(pty.visible).toContain("theme 0> ");
      await pty.run("false");
      await pty.ready(2);
      expect(pty.visible).toContain("theme 1> ");
      expect((await pty.run('echo "$ZDOTDIR"')).text).toBe(`${pty.home}/conf`);
    },
    {
      home: {
        ".zshenv": "export ZDOTDIR=$HOME/conf\n",
        "conf/.zshrc": 'autoload -Uz add-zsh-hook; theme() { PROMPT="theme $?> " }; add-zsh-hook precmd theme\n',
      },
    },
  );

  shellTest(
    "zsh",
    "zsh: a plug-in that rewrites what is pasted does not touch commands",
    async (pty) => {
      expect(await pty.run("echo 'http://x/?a=b&c'")).toMatchObject({ status: 0, text: "http://x/?a=b&c" });
      expect((await pty.run("echo http://x/a=b")).text).toBe("http://x/a=b");
    },
    {
      home: {
        ".zshrc": "my-paste() { zle .bracketed-paste; LBUFFER=${LBUFFER:u} }; zle -N bracketed-paste my-paste\n",
      },
    },
  );

  shellTest(
    "fish",
    "fish: prompt, right prompt and statuses stay",
    async (pty) => {
      await pty.ready(1);
      expect(await pty.run("false | true")).toMatchObject({ n: 1, status: 0 });
      await pty.ready(2);
      expect(pty.visible).toContain("user 0/1,0> ");
      expect(pty.marks.clean).toBe(true);
      await pty.until("the right prompt", () => pty.visible.split("[right]").length > 2);
      await pty.promptAfter(() => pty.resize());
      expect(pty.marks.clean).toBe(true);
      expect((await pty.run("echo $MINE")).text).toBe("kept");
    },
    {
      home: {
        ".config/fish/config.fish": [
          "set -gx MINE kept",
          'function fish_prompt; set -l s $status; set -l p $pipestatus; printf "user %s/%s> " $s (string join , $p); end',
          "function fish_right_prompt; echo '[right]'; end",
          "",
        ].join("\n"),
      },
    },
  );
});

describe.each(["bash", "zsh", "fish"])("%s as the machine's own shell", (shell) => {
  shellTest(
    shell,
    "is started by SHELL",
    async (pty) => {
      await pty.ready(1);
      expect(pty.marks.shell).toBe(shell);
      expect(await pty.run("echo one")).toEqual({ n: 1, status: 0, text: "one" });
    },
    { env: { SHELL: programPath(shell) } },
  );
});

describe("settings that could be in the way", () => {
  shellTest(
    "bash",
    "bash: pasting switched off in inputrc",
    async (pty) => {
      expect(await pty.run("echo one\necho 'two!'")).toEqual({ n: 1, status: 0, text: "one\ntwo!" });
    },
    { home: { ".inputrc": "set enable-bracketed-paste off\n" } },
  );

  shellTest(
    "bash",
    "bash: a hook list, and hooks added later",
    async (pty) => {
      await pty.run("PROMPT_COMMAND+=('echo third $?')");
      await pty.run("sh -c 'exit 6'");
      await pty.ready(3);
      expect(pty.visible).toContain("first 6\nsecond 6\nthird 6\n");
      expect(await pty.run("echo still")).toEqual({ n: 3, status: 0, text: "still" });
    },
    { home: { ".bashrc": "PROMPT_COMMAND=('echo first $?' 'echo second $?')\n" } },
  );

  shellTest(
    "zsh",
    "zsh: pasting switched off, vi keys, prompt expansion and hooks that come later",
    async (pty) => {
      await pty.run("sh -c 'exit 3'");
      await pty.ready(2);
      expect(pty.visible).toContain("st=3 vi> ");
      await pty.run("later() { PS1='later> ' }; precmd_functions+=(later)");
      await pty.run("true");
      await pty.run("true");
      await pty.ready(5);
      expect(pty.visible).toContain("later> ");
      expect(await pty.run("echo one\necho 'two!'")).toEqual({ n: 5, status: 0, text: "one\ntwo!" });
    },
    {
      home: { ".zshrc": "unset zle_bracketed_paste; bindkey -v; setopt prompt_subst prompt_bang; PS1='st=%? vi> '\n" },
    },
  );
});

describe("shells without the integration", () => {
  shellTest(
    "bash",
    "run plain and without our variables",
    async (pty) => {
      pty.write("env | grep -c WO_; printf 'done-%s\\n' $$\r");
      await pty.until("the answer", () => /(?:\n|# )0\n[^]*done-\d+\n/.test(pty.visible));
      expect(pty.rawMarks).toEqual([]);
    },
    { env: { WO_SHELL: "/bin/sh" } },
  );

  const sentinelCases = [
    { program: "sh", flavor: "posix" },
    { program: "bash", flavor: "posix" },
    { program: "zsh", flavor: "posix" },
    { program: "fish", flavor: "fish" },
  ] as const;
  for (const { program, flavor } of sentinelCases) {
    const text = "printf '%s|' \"it's\" 'a\tb!' 'back\\slash'\nsh -c 'exit 8'";
    const name = `tell the end of a command by its sentinel: ${program}`;
    const body = async (pty: PtyShell): Promise<void> => {
      await pty.until("a prompt", () => /[$#>%] ?$/.test(pty.visible.trimEnd()) && pty.visible !== "");
      for (const id of ["a1b2c3", "d4e5f6"]) {
        pty.printed = "";
        pty.write(encodeSentinel(text, { shell: flavor, id }));
        const mark = await pty.until("the end mark", () =>
          pty.rawMarks.find((found) => found.letter === "D" && found.fields["id"] === id),
        );
        expect(mark.status).toBe(8);
        expect(pty.rawMarks.filter((found) => found.fields["id"] === id).map((found) => found.letter)).toEqual([
          "C",
          "D",
        ]);
        const between = pty.printed.slice(pty.printed.indexOf(`\x1b]133;C;id=${id}`)).split("\x1b]133;D")[0] ?? "";
        expect(visible(between)).toBe("it's|a\tb!|back\\slash|");
      }
    };
    const options = {
      command: `exec ${program} -i`,
      home: { ".zshrc": "", ".config/fish/config.fish": "function fish_greeting; end\n" },
    };
    shellTest(program, name, body, options);
  }
});
