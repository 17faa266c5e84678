import type { EnvironmentRule } from "./environmentRule";
import { isOneOf, isOptionsOf, isPathOutside } from "./environmentValues";

/** Variables of languages, and of what builds and fetches their programs. */
export const languageRules: readonly EnvironmentRule[] = [
  {
    id: "python",
    names:
      /^(?:PYTHON(?:STARTUP|PATH|HOME|INSPECT|BREAKPOINT|USERBASE|PLATLIBDIR|EXECUTABLE|WARNINGS|PYCACHEPREFIX|_HISTORY|_PRESITE|3)?|PYTEST_(?:ADDOPTS|PLUGINS)|DJANGO_SETTINGS_MODULE|COVERAGE_\w+|MYPYPATH|VIRTUALENVWRAPPER_\w+|(?:_?CONDA|MAMBA)_\w*EXE)$/,
    reason: "which makes Python load or run other code",
    harmless: (value, context, name) =>
      value === "" ||
      (isOneOf(name, "PYTHONBREAKPOINT", "PYTHONINSPECT") && value === "0") ||
      (name === "PYTHONWARNINGS" && /^(?:default|error|always|module|once|ignore|all|d|i|e|a)$/.test(value)) ||
      (name === "PYTHONPYCACHEPREFIX" && isPathOutside(value, context)),
    asks: [
      "PYTEST_PLUGINS=x",
      "PYTEST_ADDOPTS=-p x",
      "PYTHON_HISTORY=/home/me/x",
      "PYTHONSTARTUP=x.py",
      "PYTHONPATH=lib",
      "PYTHONWARNINGS=all:0:antigravity.x",
      "PYTHONBREAKPOINT=os.system",
    ],
    allows: ["PYTHONWARNINGS=error", "PYTHONUNBUFFERED=1", "PYTHONDONTWRITEBYTECODE=1", "PYTHONBREAKPOINT=0"],
  },
  {
    id: "node",
    names:
      /^(?:NODE_(?:OPTIONS|PATH|COMPILE_CACHE|REDIRECT_WARNINGS|REPL_EXTERNAL_MODULE|REPL_HISTORY|V8_COVERAGE|EXTRA_CA_CERTS|TLS_REJECT_UNAUTHORIZED)|BUN_\w+|DENO_\w+|TS_NODE_\w+|ELECTRON_\w+|VOLTA_HOME|FNM_DIR|MOCHA_\w+|npm_(?:node_)?execpath)$/,
    reason: "which makes Node load other code, or trust other servers",
    harmless: (value, _context, name) =>
      value === "" ||
      (name === "NODE_OPTIONS" &&
        isOptionsOf(
          value,
          /^--(?:max[-_]old[-_]space[-_]size=\d+|max-semi-space-size=\d+|enable-source-maps|(?:no-)?(?:warnings|deprecation)|trace-(?:warnings|deprecation|uncaught)|throw-deprecation|experimental-(?:vm-modules|strip-types)|unhandled-rejections=\w+|openssl-legacy-provider|preserve-symlinks|stack-trace-limit=\d+|dns-result-order=\w+|expose-gc)$/,
        )),
    asks: [
      "NODE_COMPILE_CACHE=c",
      "npm_execpath=./x.js",
      "NODE_OPTIONS=--require ./x.js",
      "NODE_OPTIONS=-r x",
      "NODE_PATH=lib",
      "NODE_TLS_REJECT_UNAUTHORIZED=0",
    ],
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
      /^(?:JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA\w*_OPTIONS|\w*JAVA_OPTIONS|(?!PERL)\w+_OPTS|JAVACMD|MAVEN_ARGS|CLASSPATH|JAVA_HOME|JDK_HOME|MAVEN_CONFIG|GRADLE_USER_HOME)$/,
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
      "JAVACMD=./x",
      "CATALINA_OPTS=-javaagent:x.jar",
      "SPEC_OPTS=--require ./x",
    ],
    allows: ["MAVEN_OPTS=-Xmx2g", "JAVA_TOOL_OPTIONS=-Dfile.encoding=UTF-8 -Xss1m", "JAVA_HOME=/usr/lib/jvm/21"],
  },
  {
    id: "interpreter",
    names:
      /^(?:PERL(?:5OPT|5LIB|LIB|5DB|5SHELL|IO_DEBUG|DB_OPTS|_M[BM]_OPT|_CPANM_OPT)|HARNESS_\w+|RUBY(?:OPT|LIB|SHELL|PATH|GEMS_GEMDEPS|_DEBUG_\w+)|RAKEOPT|GEMRC|GEM_(?:HOME|PATH)|LUA_(?:INIT|PATH|CPATH)\w*|PHPRC|PHP_INI_SCAN_DIR|R_(?:PROFILE|ENVIRON|LIBS)\w*|JULIA_(?:LOAD|DEPOT)_PATH|GUILE_LOAD_\w+|ER?L_\w*FLAGS|ERL_LIBS|ELIXIR_ERL_OPTIONS|DOTNET_(?:STARTUP_HOOKS|ADDITIONAL_DEPS|ROOT)|COR(?:ECLR)?_\w+|COMPlus_\w+|PSModulePath|EMACSLOADPATH|(?:G?VIM|EX|N?VIM)INIT|MYVIMRC|VIM|VIMRUNTIME|AWKPATH|AWKLIBPATH|TCLLIBPATH|GDBHISTFILE|PSQLRC|SQLITE_HISTORY|IRBRC|PRYRC|IPYTHONDIR|JUPYTER_CONFIG_DIR)$/,
    reason: "which makes an interpreter load or run other code",
    harmless: (value) => value === "",
    asks: [
      "PERLDB_OPTS=x",
      "HARNESS_PERL=./x",
      "RUBY_DEBUG_COMMANDS=x",
      "PERL5OPT=-Mx",
      "RUBYOPT=-r./x",
      "LUA_INIT=@x.lua",
      "VIMINIT=!rm",
      "ERL_AFLAGS=-eval x",
      "PSQLRC=rc",
    ],
    allows: ["RAILS_ENV=test", "PERL_UNICODE=1", "RUBYOPT="],
  },
  {
    id: "build-tool",
    names:
      /^(?:(?:HOST)?(?:CC|CXX|LD|AR|CPP|FC)|AS|NM|RM|CO|LEX|YACC|M4|F77|(?:C|CXX|CPP|LD|AR|F|SCONS)FLAGS|(?:LIBRARY|C|C_INCLUDE|CPLUS_INCLUDE|OBJC_INCLUDE)_?PATH|COLLECT_\w+|DEPENDENCIES_OUTPUT|SUNPRO_DEPENDENCIES|CONFIG_SITE|RANLIB|STRIP|MAKE|MAKEFLAGS|MFLAGS|GNUMAKEFLAGS|MAKEFILES|GCC_EXEC_PREFIX|COMPILER_PATH|CMAKE_\w+|PKG_CONFIG\w*|CCACHE_\w+|DISTCC_\w+|RUSTC|RUSTDOC|(?:CARGO_ENCODED_)?RUST(?:DOC)?FLAGS|CARGO_(?:HOME|BUILD_\w+|TARGET_\w+|ALIAS_\w+|SOURCE_\w+|REGISTR\w+)|RUSTUP_\w+|GO(?:FLAGS|ROOT|ENV|PROXY|SUMDB|NOSUMDB|NOSUMCHECK|INSECURE|TOOLCHAIN|EXEC|AUTH|WORK|VCS)|CGO_\w+|TF_CLI_\w+|T(?:ERRA)?G(?:RUNT)?_\w+)$/,
    reason: "which makes a build run another program, or fetch from elsewhere",
    harmless: (value, _context, name) =>
      value === "" ||
      (/^(?:HOST)?(?:CC|CXX)$/.test(name) && /^(?:gcc|g\+\+|clang|clang\+\+|cc|c\+\+)(?:-\d+)?$/.test(value)) ||
      (/^(?:C|CXX|CPP|LD)FLAGS$/.test(name) &&
        isOptionsOf(
          value,
          /^-(?:O[0-3sgz]?|g\d?|pipe|pthread|std=[\w+]+|W[a-z-]+|D\w+(?:=\w*)?|l\w+|march=[\w-]+)$/,
        )) ||
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
      "RM=sh x",
      "CFLAGS=-fplugin=./x.so",
      "LDFLAGS=-B.",
      "CONFIG_SITE=./site",
      "DEPENDENCIES_OUTPUT=/home/me/x",
      "GOAUTH=./x",
      "CPATH=inc",
      "LIBRARY_PATH=lib",
    ],
    allows: [
      "CFLAGS=-O2 -Wall -Wextra",
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
];
