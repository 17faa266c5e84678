/** What kinds of programs there are, for the review of command lines. */

/** Run code given as an argument, a file, or what they read. */
export const interpreters = /^(?:python[\d.]*|pypy3?|node|nodejs|ruby|perl|php|lua|tclsh|osascript|rscript|julia)$/;

/** Options of wrappers that take the next word; the first word behind all options is the program. */
export const wrappers: Readonly<Record<string, readonly string[]>> = {
  sudo: [
    "-u",
    "-g",
    "-h",
    "-p",
    "-C",
    "-r",
    "-t",
    "-T",
    "-U",
    "-D",
    "-R",
    "--user",
    "--group",
    "--host",
    "--prompt",
    "--chdir",
  ],
  doas: ["-u", "-C"],
  env: ["-u", "-C", "--unset", "--chdir"],
  nice: ["-n", "--adjustment"],
  nohup: [],
  command: [],
  builtin: [],
  exec: ["-a"],
  time: ["-f", "-o", "--format", "--output"],
  timeout: ["-s", "-k", "--signal", "--kill-after"],
  gtimeout: ["-s", "-k", "--signal", "--kill-after"],
  setsid: [],
  stdbuf: ["-i", "-o", "-e"],
  ionice: ["-c", "-n", "-p"],
  xargs: ["-I", "-n", "-P", "-L", "-d", "-E", "-s", "-a", "-R", "-J"],
  noglob: [],
  nocorrect: [],
};

/** Take a command line as one word (or as several that are joined). */
export const textRunners = new Set([
  "eval",
  "trap",
  "watch",
  "parallel",
  "concurrently",
  "hyperfine",
  "entr",
  "nodemon",
  "ssh",
  "mosh",
  "pdsh",
  "pssh",
  "parallel-ssh",
  "clush",
  "dsh",
  "ansible",
  "salt",
  "salt-ssh",
  "heroku",
  "su",
  "runuser",
  "sg",
  "script",
  "tmux",
  "screen",
  "zellij",
  "flock",
  "nix-shell",
  "nix",
  "at",
  "batch",
  "chronic",
  "xvfb-run",
  "env",
  "adb",
  "docker",
  "podman",
  "kubectl",
  "wsl",
  "find",
  "fd",
  "vim",
  "vi",
  "nvim",
  "ex",
  "expect",
  "make",
  "gdb",
  "npx",
  "bunx",
  "distrobox",
  "toolbox",
  "machinectl",
  "cargo-watch",
  "watchexec",
  "onchange",
  "chokidar",
  "wsh",
  "alias",
]);

/** Options and commands of programs, whose value a shell runs: the first group, or else the word behind. */
export const runOptions: readonly { readonly programs: RegExp; readonly option: RegExp }[] = [
  { programs: /^(?:gtar|bsdtar|tar)$/, option: /^--(?:checkpoint-action=exec|to-command|use-compress-program)=(.*)$/s },
  { programs: /^(?:gtar|bsdtar|tar)$/, option: /^(?:--to-command|--use-compress-program|-I)$/ },
  { programs: /^(?:ssh|scp|sftp)$/, option: /^(?:-o)?(?:Proxy|Local|Remote|KnownHosts)Command[= ](.*)$/is },
  { programs: /^rsync$/, option: /^(?:--rsh|--rsync-path)=(.*)$/s },
  { programs: /^rsync$/, option: /^(?:-[a-zA-Z]*e|--rsh|--rsync-path)$/ },
  { programs: /^aws$/, option: /^--command$/ },
  { programs: /^(?:psql|mysql|mariadb)$/, option: /^(?:-[ce])?\s*\\!(.*)$/s },
  { programs: /^(?:mysql|mariadb)$/, option: /^(?:-e)?\s*system\s(.*)$/is },
  { programs: /^sqlite3?$/, option: /^\s*\.(?:shell|system)\s(.*)$/s },
];

/** They run what they read at a later time, as a shell does. */
export const laterShells = new Set(["at", "batch"]);

/** Their arguments are text, names or files: a word such as `rm` among them is not run. */
export const closedPrograms = new Set(
  (
    "echo printf print grep egrep fgrep zgrep rg ag ack man info help tldr apropos whatis which whereis type hash where : true false test [ [[ export set unset local declare typeset readonly read let cat bat less more head tail ls ll la " +
    "exa eza tree cd pushd popd dirs pwd touch mkdir rmdir cp mv ln stat file wc sort uniq cut tr paste join comm diff cmp patch sed jq yq tee date cal basename dirname realpath readlink seq sleep wait jobs fg bg disown history fc " +
    "git hg svn npm pnpm yarn bun pip pip3 pipx poetry cargo rustup rustc go gofmt gcc g++ cc c++ clang cmake ninja meson mvn gradle gradlew ant dotnet javac java kotlinc swift swiftc tsc eslint prettier vitest jest mocha pytest tox ruff " +
    "vagrant apt apt-get aptitude apt-cache dpkg dnf yum rpm zypper pacman yay apk brew port snap flatpak gem bundle conda mamba nvm asdf systemctl journalctl service launchctl ps top htop pgrep lsof df du free uname whoami id groups hostname uptime " +
    "curl wget http https scp sftp rsync tar zip unzip gzip gunzip xz 7z vi vim nvim nano emacs code subl open xdg-open pbcopy pbpaste xclip notify-send say logger gh glab vercel terraform tofu aws gcloud az kill killall pkill umask ulimit " +
    "alias unalias complete compgen bind source . make just task rake rails helm heroku fly psql mysql sqlite3 redis-cli mongosh createdb pg_dump pg_restore crontab chmod chown rm shred dd truncate shutdown reboot fish_add_path string abbr"
  ).split(" "),
);

/** Programs of the set above that run a command all the same when one of these words is among their arguments. */
export const opens = /^(?:exec|run|debug|dlx|x|foreach|--exec|-x|shell|enter|ssh|bisect)$/;

/** Their output is made by others, or hides what it is. */
export const untrustedSources =
  /^(?:curl|wget|fetch|aria2c|http|https|xh|nc|ncat|socat|base64|base32|xxd|openssl|gpg|tr|rev|gunzip|zcat|uudecode|cat|echo|printf|python[\d.]*|perl|ruby|node|sed|awk|cut|head|tail|ssh)$/;

/**
 * Programs that print settings for the shell that is to take them: `eval "$(ssh-agent -s)"`, `source <(kubectl
 * completion bash)`.
 */
export const settingsWords =
  /^(?:env|shellenv|init|hook|activate|completions?|docker-env|-s|-c|export|shell|shell-init|virtualenv-init|generate-shell-completion|gen-completions|--init|--completion|-|bash|zsh|fish)$/;
export const settingsPrograms = new Set([
  "ssh-agent",
  "dircolors",
  "gdircolors",
  "register-python-argcomplete",
  "thefuck",
  "starship",
  "zoxide",
  "direnv",
  "mise",
  "fnm",
  "keychain",
  "lesspipe",
  "resize",
]);

/** Variables whose value other programs run. */
export const runVariables = /(?:COMMAND|PAGER|EDITOR|VISUAL|BROWSER|SHELL|ASKPASS)$/;
