import {
  type EnvironmentContext,
  isHarmlessCommand,
  isHarmlessPrompt,
  isOneOf,
  isOptionsOf,
  isOwnPathOrOutside,
  isPathOutside,
  isPrograms,
} from "./environmentValues";

/**
 * Variables that make a program run something, or read its settings from elsewhere. The examples are part of the rule: a
 * test runs them all. What no rule names is no more than data to those who read it.
 */
export interface EnvironmentRule {
  readonly id: string;
  /** Whole names in capitals or not, as programs read them; a pattern for families. */
  readonly names: readonly string[] | RegExp;
  /** What follows the name in a sentence: `which bash runs …`. */
  readonly reason: string;
  /** Plainly without effect of that kind. Absent: no value is. */
  readonly harmless?: (value: string, context: EnvironmentContext, name: string) => boolean;
  /** `NAME=value`. */
  readonly asks: readonly string[];
  readonly allows: readonly string[];
}

export const environmentRules: readonly EnvironmentRule[] = [
  {
    id: "runs-at-prompt",
    names: ["PROMPT_COMMAND", "MAILPATH", "STTY", "NULLCMD", "READNULLCMD"],
    reason: "which a shell runs by itself",
    harmless: (value) => value === "",
    asks: ["PROMPT_COMMAND=rm -rf v1", "PROMPT_COMMAND=history -a", "MAILPATH=/a?$(x)", "STTY=sane"],
    allows: ["PROMPT_COMMAND=", "MAILCHECK=60"],
  },
  {
    id: "prompt",
    names: /^(?:PS[0-4]|PROMPT[234]?|RPROMPT2?|R?PS[1-6]|SPROMPT|PROMPT_PERCENT|prompt)$/,
    reason: "whose substitutions a shell runs when it shows a prompt",
    harmless: isHarmlessPrompt,
    asks: ["PS1=$(rm -rf x)$ ", "PS4=+`date`", "PS1=\\044(rm -rf x)", "RPROMPT=${x:-$(x)}", "PS0=$(x)"],
    allows: ["PS1=\\u@\\h:\\w\\$ ", "PS4=+ ", "PROMPT=%n@%m %~ %# ", "PS2=> "],
  },
  {
    id: "shell-start-file",
    names: [
      "BASH_ENV",
      "ENV",
      "ZDOTDIR",
      "INPUTRC",
      "BASH_LOADABLES_PATH",
      "FPATH",
      "MODULE_PATH",
      "ZSH",
      "ZSH_CUSTOM",
    ],
    reason: "from which a shell reads commands or keys when it starts",
    harmless: (value) => isOneOf(value, "", "/dev/null"),
    asks: ["BASH_ENV=./e.sh", "ENV=/tmp/e", "ZDOTDIR=.", "INPUTRC=inputrc", "FPATH=functions", "ENV=production"],
    allows: ["BASH_ENV=", "INPUTRC=/dev/null", "NODE_ENV=production", "APP_ENV=test"],
  },
  {
    id: "shell-behaviour",
    names:
      /^(?:BASH_FUNC_.*|SHELLOPTS|BASHOPTS|BASH_COMPAT|BASH_XTRACEFD|BASH_COMPLETION.*|IFS|CDPATH|GLOBIGNORE|EXECIGNORE|HISTCHARS|histchars|_*fish_.*|FISH_.*|fpath|path|cdpath|module_path)$/,
    reason: "which changes how a shell reads its commands",
    harmless: (value, _context, name) => /^fish_(?:color_\w+|greeting)$/.test(name) && /^[\w #-]*$/.test(value),
    asks: [
      "BASH_FUNC_ls%%=() { rm -rf x; }",
      "SHELLOPTS=xtrace",
      "IFS=/",
      "CDPATH=..",
      "fish_function_path=/tmp/f",
      "histchars=abc",
    ],
    allows: ["fish_greeting=", "fish_color_command=blue", "HISTSIZE=1000"],
  },
  {
    id: "history-file",
    names: ["HISTFILE"],
    reason: "which is the file that a shell overwrites with its history",
    harmless: (value) => isOneOf(value, "", "/dev/null"),
    asks: ["HISTFILE=notes.txt", "HISTFILE=/home/me/x"],
    allows: ["HISTFILE=/dev/null", "HISTFILE="],
  },
  {
    id: "home",
    names:
      /^(?:HOME|USERPROFILE|XDG_(?:CONFIG|DATA|STATE)_HOME|XDG_(?:CONFIG|DATA)_DIRS|XDG_RUNTIME_DIR|NVIM_APPNAME)$/,
    reason: "where programs look for their settings, which may name commands",
    asks: ["HOME=.", "XDG_CONFIG_HOME=/tmp/c", "XDG_DATA_DIRS=data", "HOME=/root"],
    allows: ["XDG_SESSION_TYPE=tty", "XDG_CACHE_HOME=/tmp/cache"],
  },
  {
    id: "path",
    names: ["PATH"],
    reason: "where programs are looked for; a folder of it is in the workspace, relative, or writable for everybody",
    harmless: isOwnPathOrOutside,
    asks: [
      "PATH=bin:$PATH",
      "PATH=$PATH:",
      "PATH=$PATHX:/bin",
      "PATH=bin:/usr/bin",
      "PATH=/usr/bin:",
      "PATH=/work/bin:/usr/bin",
      "PATH=/tmp/x:/bin",
      "PATH=/a/../work/b",
    ],
    allows: [
      "PATH=/opt/tool/bin:$PATH",
      "PATH=${PATH}:/opt/x",
      "PATH=/opt/tool/bin:/usr/bin:/bin",
      "PATH=/workshop/bin:/bin",
    ],
  },
  {
    id: "pager-or-editor",
    names:
      /^\w*(?:PAGER|EDITOR|BROWSER)$|^(?:\w+_)?(?:VISUAL|MORE|FCEDIT|HGMERGE)$|^(?:SYSTEMD_LESS|LESS|FZF_DEFAULT_(?:COMMAND|OPTS\w*))$/,
    reason: "which other programs run as a command, or take as its options",
    harmless: isHarmlessCommand,
    asks: [
      "PAGER=sh -c 'rm -rf x'",
      "EDITOR=./evil",
      "VISUAL=vim -u rc",
      "GIT_EDITOR=touch x;",
      "GIT_PAGER=less -kfile",
      "AWS_PAGER=$(x)",
      "LESS=+!id",
      "BROWSER=x",
      "MANPAGER=sh",
    ],
    allows: [
      "PAGER=cat",
      "PAGER=",
      "EDITOR=vim",
      "VISUAL=/usr/bin/nano",
      "GIT_PAGER=less -FRX",
      "GIT_EDITOR=true",
      "EDITOR=code --wait",
      "LESS=-FRX",
      "BROWSER=none",
      "MANPAGER=less -R",
    ],
  },
  {
    id: "helper-program",
    names:
      /^(?:\w+_)?(?:ASKPASS|ASKPASS_REQUIRE|RSH|SSH_COMMAND|SHELL|WRAPPER|LAUNCHER|HOOKS?|STARTUP_HOOKS|CREDENTIAL_PROCESS|CREDENTIAL_HELPER)$|^(?:LESSOPEN|LESSCLOSE|LESSEDIT|LESSKEY\w*|SVN_SSH|MANROFFOPT|MANOPT|TAR_OPTIONS|RSYNC_\w+|SUDO_\w+|GOCACHEPROG|PROXYCOMMAND)$/,
    reason: "which other programs run as a command, or take as its options",
    harmless: (value, context) => isOneOf(value, "", "true", "false") || isPrograms(value, context, shellNames),
    asks: [
      "LESSOPEN=|sh %s",
      "SSH_ASKPASS=./x",
      "SHELL=/work/sh",
      "SHELL=bash",
      "RSYNC_RSH=sh",
      "TAR_OPTIONS=--to-command=x",
      "RUSTC_WRAPPER=./w",
      "GOCACHEPROG=x",
      "GIT_SSH_COMMAND=sh x",
      "DOTNET_STARTUP_HOOKS=x.dll",
    ],
    allows: ["LESSOPEN=", "SHELL=/bin/bash", "SHELL=/usr/bin/fish", "SSH_ASKPASS=true"],
  },
  {
    id: "git",
    names: /^GIT_/,
    reason: "which changes what git reads and runs",
    harmless: (value, _context, name) =>
      /^GIT_(?:(?:AUTHOR|COMMITTER)_(?:NAME|EMAIL|DATE)|TERMINAL_PROMPT|MERGE_AUTOEDIT|OPTIONAL_LOCKS|LFS_SKIP_SMUDGE|FLUSH|ADVICE|PAGER_IN_USE|COMMIT|COMMIT_SHA|SHA|REF|BRANCH|TAG|DISCOVERY_ACROSS_FILESYSTEM|CEILING_DIRECTORIES|DEFAULT_HASH|LITERAL_PATHSPECS|NO_LAZY_FETCH|REDIRECT_STDERR)$/.test(
        name,
      ) ||
      (/^GIT_(?:CURL_VERBOSE|TRACE\w*)$/.test(name) && /^[012]?$|^true$|^false$/.test(value)) ||
      (/^GIT_CONFIG_(?:NOSYSTEM|GLOBAL|SYSTEM)$/.test(name) && isOneOf(value, "1", "true", "", "/dev/null")),
    asks: [
      "GIT_EXTERNAL_DIFF=rm",
      "GIT_CONFIG_COUNT=1",
      "GIT_CONFIG_KEY_0=core.pager",
      "GIT_CONFIG_PARAMETERS='x'",
      "GIT_DIR=/elsewhere",
      "GIT_WORK_TREE=..",
      "GIT_TRACE=/home/me/.bashrc",
      "GIT_EXEC_PATH=.",
      "GIT_TEMPLATE_DIR=t",
    ],
    allows: ["GIT_AUTHOR_NAME=Ada", "GIT_TERMINAL_PROMPT=0", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_TRACE=1"],
  },
  {
    id: "loader",
    names:
      /^(?:LD_\w+|DYLD_\w+|GCONV_PATH|LOCPATH|NLSPATH|GLIBC_TUNABLES|OPENSSL_(?:CONF|ENGINES|MODULES)|GTK_\w*MODULES|GIO_\w*MODULE\w*|QT_\w*PLUGIN\w*|TERMINFO|TERMINFO_DIRS|TERMCAP|SSLKEYLOGFILE|MALLOC_TRACE)$/,
    reason: "which loads code or tables into every program, or writes to a file",
    harmless: (value) => value === "",
    asks: [
      "LD_PRELOAD=./x.so",
      "LD_LIBRARY_PATH=lib",
      "LD_AUDIT=a.so",
      "DYLD_INSERT_LIBRARIES=x.dylib",
      "OPENSSL_CONF=o.cnf",
      "TERMINFO=t",
    ],
    allows: ["LD_PRELOAD=", "TERM=xterm-256color"],
  },
  {
    id: "python",
    names: /^PYTHON(?:STARTUP|PATH|HOME|INSPECT|BREAKPOINT|USERBASE|PLATLIBDIR|EXECUTABLE|WARNINGS|PYCACHEPREFIX)$/,
    reason: "which makes Python load or run other code",
    harmless: (value, context, name) =>
      value === "" ||
      (isOneOf(name, "PYTHONBREAKPOINT", "PYTHONINSPECT") && value === "0") ||
      (name === "PYTHONWARNINGS" && /^(?:default|error|always|module|once|ignore|all|d|i|e|a)$/.test(value)) ||
      (name === "PYTHONPYCACHEPREFIX" && isPathOutside(value, context)),
    asks: ["PYTHONSTARTUP=x.py", "PYTHONPATH=lib", "PYTHONWARNINGS=all:0:antigravity.x", "PYTHONBREAKPOINT=os.system"],
    allows: ["PYTHONWARNINGS=error", "PYTHONUNBUFFERED=1", "PYTHONDONTWRITEBYTECODE=1", "PYTHONBREAKPOINT=0"],
  },
  {
    id: "node",
    names:
      /^(?:NODE_(?:OPTIONS|PATH|REPL_EXTERNAL_MODULE|REPL_HISTORY|V8_COVERAGE|EXTRA_CA_CERTS|TLS_REJECT_UNAUTHORIZED)|BUN_\w+|TS_NODE_\w+|ELECTRON_\w+)$/,
    reason: "which makes Node load other code, or trust other servers",
    harmless: (value, _context, name) =>
      value === "" ||
      (name === "NODE_OPTIONS" &&
        isOptionsOf(
          value,
          /^--(?:max[-_]old[-_]space[-_]size=\d+|max-semi-space-size=\d+|enable-source-maps|(?:no-)?(?:warnings|deprecation)|trace-(?:warnings|deprecation|uncaught)|throw-deprecation|experimental-(?:vm-modules|strip-types)|unhandled-rejections=\w+|openssl-legacy-provider|preserve-symlinks|stack-trace-limit=\d+|dns-result-order=\w+|expose-gc)$/,
        )),
    asks: ["NODE_OPTIONS=--require ./x.js", "NODE_OPTIONS=-r x", "NODE_PATH=lib", "NODE_TLS_REJECT_UNAUTHORIZED=0"],
    allows: [
      "NODE_OPTIONS=--max-old-space-size=4096 --enable-source-maps",
      "NODE_OPTIONS=",
      "NODE_ENV=test",
      "NODE_DEBUG=http",
    ],
  },
  {
    id: "java",
    names:
      /^(?:JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA\w*_OPTIONS|(?:JAVA|MAVEN|GRADLE|SBT|ANT|LEIN_JVM|KOTLIN|SCALA|JRUBY)_OPTS|MAVEN_ARGS|CLASSPATH|JAVA_HOME|JDK_HOME|MAVEN_CONFIG|GRADLE_USER_HOME)$/,
    reason: "which makes Java load other code, or run a command",
    harmless: (value, context, name) =>
      value === "" ||
      (isOneOf(name, "JAVA_HOME", "JDK_HOME") && isPathOutside(value, context)) ||
      isOptionsOf(
        value,
        /^-(?:X(?:m[sxn]|ss)\d+[kmgKMG]?|XX:(?:MaxRAMPercentage|InitialRAMPercentage|MaxMetaspaceSize|ReservedCodeCacheSize|ActiveProcessorCount)=[\w.]+|XX:[+-]Use\w+|D(?:file\.encoding|user\.timezone|user\.language|java\.awt\.headless)=[\w/-]+)$/,
      ),
    asks: [
      "JAVA_TOOL_OPTIONS=-javaagent:x.jar",
      "MAVEN_OPTS=-XX:OnError=sh",
      "CLASSPATH=lib",
      "_JAVA_OPTIONS=@file",
      "JAVA_HOME=jdk",
    ],
    allows: ["MAVEN_OPTS=-Xmx2g", "JAVA_TOOL_OPTIONS=-Dfile.encoding=UTF-8 -Xss1m", "JAVA_HOME=/usr/lib/jvm/21"],
  },
  {
    id: "interpreter",
    names:
      /^(?:PERL(?:5OPT|5LIB|LIB|5DB|5SHELL|IO_DEBUG)|RUBY(?:OPT|LIB|SHELL)|GEM_(?:HOME|PATH)|LUA_(?:INIT|PATH|CPATH)\w*|PHPRC|PHP_INI_SCAN_DIR|R_(?:PROFILE|ENVIRON|LIBS)\w*|JULIA_(?:LOAD|DEPOT)_PATH|GUILE_LOAD_\w+|ER?L_\w*FLAGS|ERL_LIBS|ELIXIR_ERL_OPTIONS|DOTNET_(?:STARTUP_HOOKS|ADDITIONAL_DEPS|ROOT)|COR(?:ECLR)?_\w+|COMPlus_\w+|PSModulePath|EMACSLOADPATH|(?:G?VIM|EX|N?VIM)INIT|MYVIMRC|VIM|VIMRUNTIME|AWKPATH|AWKLIBPATH|TCLLIBPATH|GDBHISTFILE|PSQLRC|SQLITE_HISTORY|IRBRC|PRYRC|IPYTHONDIR|JUPYTER_CONFIG_DIR)$/,
    reason: "which makes an interpreter load or run other code",
    harmless: (value) => value === "",
    asks: ["PERL5OPT=-Mx", "RUBYOPT=-r./x", "LUA_INIT=@x.lua", "VIMINIT=!rm", "ERL_AFLAGS=-eval x", "PSQLRC=rc"],
    allows: ["RAILS_ENV=test", "PERL_UNICODE=1", "RUBYOPT="],
  },
  {
    id: "build-tool",
    names:
      /^(?:(?:HOST)?(?:CC|CXX|LD|AR|CPP|FC)|AS|NM|RANLIB|STRIP|MAKE|MAKEFLAGS|MFLAGS|GNUMAKEFLAGS|MAKEFILES|GCC_EXEC_PREFIX|COMPILER_PATH|CMAKE_\w+|PKG_CONFIG\w*|CCACHE_\w+|DISTCC_\w+|RUSTC|RUSTDOC|(?:CARGO_ENCODED_)?RUST(?:DOC)?FLAGS|CARGO_(?:HOME|BUILD_\w+|TARGET_\w+|ALIAS_\w+|SOURCE_\w+|REGISTR\w+)|RUSTUP_\w+|GO(?:FLAGS|ROOT|ENV|PROXY|SUMDB|NOSUMDB|NOSUMCHECK|INSECURE|TOOLCHAIN|EXEC)|CGO_\w+|TF_CLI_\w+|T(?:ERRA)?G(?:RUNT)?_\w+)$/,
    reason: "which makes a build run another program, or fetch from elsewhere",
    harmless: (value, _context, name) =>
      value === "" ||
      (/^(?:HOST)?(?:CC|CXX)$/.test(name) && /^(?:gcc|g\+\+|clang|clang\+\+|cc|c\+\+)(?:-\d+)?$/.test(value)) ||
      (name === "MAKEFLAGS" && /^(?:-j ?\d*|-k|-s| )*$/.test(value)) ||
      (name === "GOFLAGS" && isOptionsOf(value, /^-(?:mod=(?:mod|vendor|readonly)|v|race|trimpath|count=\d+)$/)) ||
      (name === "RUSTFLAGS" && isOptionsOf(value, /^(?:-[DWA]|-[DWA]?[a-z_:]+|-Cdebuginfo=\d|warnings)$/)) ||
      (/^CMAKE_(?:BUILD_TYPE|BUILD_PARALLEL_LEVEL|COLOR_DIAGNOSTICS|EXPORT_COMPILE_COMMANDS)$/.test(name) &&
        /^\w+$/.test(value)) ||
      (/^CGO_ENABLED$/.test(name) && /^[01]$/.test(value)) ||
      (name === "GOPROXY" && isOneOf(value, "off", "direct")),
    asks: [
      "CC=./cc",
      "MAKEFLAGS=--eval=x",
      "MAKEFILES=m",
      "GOFLAGS=-toolexec=./x",
      "RUSTFLAGS=-Clinker=./x",
      "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER=sh",
      "TF_CLI_ARGS=-auto-approve",
      "CMAKE_TOOLCHAIN_FILE=t.cmake",
    ],
    allows: [
      "CC=clang",
      "MAKEFLAGS=-j4",
      "GOFLAGS=-mod=vendor",
      "RUSTFLAGS=-D warnings",
      "CGO_ENABLED=0",
      "TF_VAR_region=eu",
      "CARGO_TERM_COLOR=always",
      "RUST_BACKTRACE=1",
    ],
  },
  {
    id: "package-manager",
    names:
      /^(?:npm_config_\w+|NPM_CONFIG_\w+|YARN_\w+|PNPM_\w+|COREPACK_\w+|PIP_\w+|UV_\w+|POETRY_\w+|PIPENV_\w+|BUNDLE_\w+|HOMEBREW_\w+|CONDARC|NUGET_\w+)$/,
    reason: "which makes a package manager run another program, or fetch from elsewhere",
    harmless: (value, _context, name) =>
      /(?:^|_)(?:loglevel|progress|fund|audit|color|colors|cache_dir|no_color|no_cache_dir|disable_pip_version_check|no_input|quiet|verbose|timeout|default_timeout|retries|jobs|frozen|offline|prefer_offline|ignore_scripts|production|legacy_peer_deps|update_notifier|no_analytics|no_auto_update|enable_telemetry|virtualenvs_create|virtualenvs_in_project|no_interaction|no_python_downloads|link_mode|without|deployment)$/i.test(
        name,
      ) && /^[\w.:/ -]*$/.test(value),
    asks: [
      "npm_config_script_shell=./sh",
      "NPM_CONFIG_REGISTRY=http://evil",
      "PIP_INDEX_URL=http://evil",
      "YARN_YARN_PATH=./y.js",
      "npm_config_node_options=-r x",
      "BUNDLE_GEMFILE=/tmp/Gemfile",
    ],
    allows: ["npm_config_loglevel=warn", "PIP_NO_INPUT=1", "NPM_CONFIG_FUND=false", "PIP_DISABLE_PIP_VERSION_CHECK=1"],
  },
  {
    id: "settings-file",
    names:
      /^(?:KUBECONFIG|AWS_CONFIG_FILE|AWS_SHARED_CREDENTIALS_FILE|CLOUDSDK_CONFIG|AZURE_CONFIG_DIR|BOTO_CONFIG|DOCKER_CONFIG|DOCKER_HOST|DOCKER_CONTEXT|ANSIBLE_\w+|HGRCPATH|GNUPGHOME|CURL_HOME|WGETRC|SCREENRC|TMUX_CONF|TMUX|STY|STARSHIP_CONFIG|SUBVERSION_CONFIG_DIR|RIPGREP_CONFIG_PATH|NVM_DIR|PYENV_ROOT|RBENV_ROOT|ASDF_\w+|MISE_\w+|DIRENV_\w+|SDKMAN_DIR|CURL_CA_BUNDLE|SSL_CERT_(?:FILE|DIR)|REQUESTS_CA_BUNDLE|(?:HTTPS?|ALL)_PROXY|(?:https?|all)_proxy|SSH_AUTH_SOCK|GPG_AGENT_INFO|SSH_AGENT_PID|VSCODE_\w+|COMSPEC|ComSpec)$/,
    reason: "which gives programs settings, keys or a network from elsewhere",
    harmless: (value, _context, name) =>
      value === "" ||
      (name === "RIPGREP_CONFIG_PATH" && value === "/dev/null") ||
      (/^ANSIBLE_(?:FORCE_COLOR|NOCOLOR|HOST_KEY_CHECKING|STDOUT_CALLBACK|RETRY_FILES_ENABLED)$/.test(name) &&
        /^(?:true|false|yes|no|[01]|yaml|json|default)$/i.test(value)),
    asks: [
      "KUBECONFIG=./config",
      "AWS_CONFIG_FILE=c",
      "DOCKER_HOST=tcp://evil:1",
      "ANSIBLE_CONFIG=a.cfg",
      "NVM_DIR=.nvm",
      "HTTPS_PROXY=http://evil",
      "CURL_HOME=.",
      "SSH_AUTH_SOCK=/tmp/s",
    ],
    allows: ["ANSIBLE_FORCE_COLOR=1", "AWS_PROFILE=dev", "AWS_REGION=eu-west-1", "HTTP_PROXY=", "NO_PROXY=localhost"],
  },
  {
    id: "our-own",
    // Of these two a role says nothing: each session gets its own.
    names: /^(?:WSH_(?!ORCHESTRATOR_(?:SESSION|DIR)$)\w*|WO_\w*|__wo_\w*)$/,
    reason: "which wsh Orchestrator sets itself",
    asks: ["WO_PATH=/tmp/x", "WSH_ORCHESTRATOR_SERVER=http://evil", "WSH_TOKEN=x"],
    allows: ["WORKSPACE=/x", "WSH_ORCHESTRATOR_SESSION=x", "WSH_ORCHESTRATOR_DIR=/x"],
  },
];

const shellNames = /^(?:bash|zsh|fish|sh|dash|ksh)$/;
