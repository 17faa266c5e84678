/** A template of shell text: backslashes as written, and `$\{` for the shell's own `${`. */
function shellText(text: TemplateStringsArray): string {
  return (text.raw[0] ?? "").replaceAll("$\\{", "${");
}

/**
 * What our shells run at their start. Common to all three: `__wo_k` session key, `__wo_n` number of the prompt,
 * `__wo_ran` whether its command was started, `__wo_l` last results. Functions are defined before people's own files
 * are read, so that no alias gets into them; nothing is exported. Marks: see streamScanner.ts; `l` lists results, `s`
 * names the shell, `v` tells which fish, `i` counts prompts (one that is only drawn again keeps its count), `d` is the
 * shell's folder (empty when its name has characters that a prompt or mark could misread), `E` ends the output ahead of
 * `D`, `z=1` at a `D`: the command was stopped (Ctrl-Z, SIGSTOP) and is a job now. bash and zsh give it the status of a
 * stop signal, 145 to 150 by system.
 */

/**
 * The file of `bash --rcfile`; a line with `__wo_k` and `__wo_d` (folder to remove) goes before it.
 * - Marks go to standard error, where readline writes its prompt, also after `exec >file`; `3>&2 2>/dev/null` keeps
 * `set -x` quiet about us.
 * - `{ __wo_done; }` stands before the user's hook and again at a high index, which survives `PROMPT_COMMAND="…"`.
 * - A command that unsets PROMPT_COMMAND has its end told by the prompt's own text (`__wo_u`, `__wo_s`: number and
 * status), which puts the hooks back
 *   (in the subscript of an array that has no such name, so that nothing is printed).
 * - PS0 has no command substitution: only arithmetic can set a variable of the shell itself there.
 * - bash takes PS0 before it expands PS1, so a prompt that finds another one than ours cannot have the start of the
 * next line told; it has its end
 * told all the same (`__wo_e` holds nothing but the name of our own PS0), even if that line is empty or refused:
 * without, it would look as if never taken.
 * - An exported PS1 would put our marks into every nested sh.
 */
export const bashSnippet = shellText`
command rm -rf -- "$__wo_d"; unset __wo_d
__wo_n=1 __wo_i=0 __wo_ran=0 __wo_l= __wo_w= __wo_u= __wo_s=
__wo_m() { builtin printf '\e]133;%s;k=%s;n=%s%s\a' "$1" "$__wo_k" "$__wo_n" "$2" >&3; }
__wo_done() {
  local s=$? f=$-; local -; set +aeux
  [[ -z $__wo_u ]] || { __wo_l=$__wo_u:$__wo_s,$__wo_l; __wo_u=; }
  if ((__wo_ran)); then
    local z=
    ((s > 144 && s < 151)) && [[ -n $(jobs -sp) ]] && z=';z=1'
    __wo_m "D;$s" "$z"; __wo_l=$__wo_n:$s,$\{__wo_l:0:60}; __wo_n=$((__wo_n+1)); __wo_ran=0
  fi
  [[ $f == *e* ]] || return "$s"
}
__wo_wrap() {
  local -; set +aeux
  __wo_i=$((__wo_i+1)) __wo_w=$PWD
  [[ $PWD != *[^[:alnum:]/._+@,:\ -]* ]] || __wo_w=
  [[ $PS1 == "$__wo_a"*"$__wo_b" ]] || { PS1=$\{PS1//"$__wo_a"/}; PS1=$__wo_a$\{PS1//"$__wo_b"/}$__wo_b; }
  [[ $\{PS2-} == *"$__wo_p" ]] || PS2=$\{PS2-}$__wo_p
  [[ $\{PS0-} == "$__wo_c"* ]] || PS0=$__wo_c$\{PS0-}
}
__wo_exit() { local s=$? f=$-; local -; set +aeux; __wo_m "D;$s" ';x=1'; [[ $f == *e* ]] || return "$s"; }
__wo_install() {
  local t=";k=$__wo_k;n="'$\{__wo_n}' a=';s=bash;i=$\{__wo_i};l=$\{__wo_u:+$__wo_u:$__wo_s,}$\{__wo_l}\a\]' d='{ __wo_done; } 3>&2 2>/dev/null' own=()
  local again='$\{__wo_k:$((__wo_ran?(__wo_u=__wo_n,__wo_s=$?,__wo_n+=1,__wo_ran=0,0):0)):0}'
  declare -gA __wo_e=([x$__wo_k]=)
  local untold='$\{__wo_e[x$\{PS0:+$\{PS0/#"$__wo_c"*/$__wo_k}}]-$\{__wo_k:$((__wo_ran=1,0)):0}}'
  local hooks=
  __wo_b='\[\e]133;B'$t$a
  __wo_p='\[\e]133;P'$t'\a\]' __wo_c='\e]133;C'$t'\a$\{__wo_k:$((__wo_ran=1,0)):0}'
  if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 501)); then
    PROMPT_COMMAND[0]=$d$\{PROMPT_COMMAND[0]:+$'\n'$\{PROMPT_COMMAND[0]}}
    __wo_h=$d __wo_g='{ __wo_wrap; } 2>/dev/null'
    PROMPT_COMMAND[98]=$__wo_h PROMPT_COMMAND[99]=$__wo_g
    hooks='$\{__wo_e[x$\{PROMPT_COMMAND[98]:=$__wo_h}$\{PROMPT_COMMAND[99]:=$__wo_g}$\{PS0:=$__wo_c}]-}'
  else
    PROMPT_COMMAND=$d$'\n'$\{PROMPT_COMMAND-}$'\n{ __wo_wrap; } 2>/dev/null'
  fi
  __wo_a=$again$untold$hooks'\[\e]133;A'$t';d=$\{__wo_w}'$a
  [[ $\{HISTCONTROL-} == *ignore@(space|both)* ]] || HISTCONTROL=$\{HISTCONTROL:+$HISTCONTROL:}ignorespace
  bind 'set enable-bracketed-paste on' 2>/dev/null
  eval "own=($(trap -p EXIT))"
  trap -- "{ __wo_exit; } 3>&2 2>/dev/null"$'\n'"$\{own[2]-}"$'\n''sleep 0.05' EXIT
  export -n PS0 PS1 PS2
}
[[ -r ~/.bashrc ]] && . ~/.bashrc
if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404)); then { __wo_install; } 2>/dev/null; unset -f __wo_install; fi
`;

/**
 * The `.zshenv` of a folder that ZDOTDIR names for this one file; a line with `__wo_k` goes before it. After it zsh
 * reads people's own files by itself, with their own ZDOTDIR. The hooks go in at the first prompt, when those have run.
 * - What `sched` is told runs after all `precmd` functions, also those of a theme that sets the prompt, at the first
 * prompt too. It is told before each
 *   command too, so that a command which empties the lists of hooks still has an end, and the next one a start.
 * - Widgets, traps and readers of files set prompts too, for each key map or by a clock, and have them drawn anew by
 * `reset-prompt`: ours puts the marks back first. It runs under the user's options, since prompts are expanded by them.
 * zsh calls nobody before its own `.reset-prompt`, so that a function in front of `zle` does it; who asks for the
 * `builtin` goes past it.
 * - Right prompts get no marks: zsh keeps one value for RPS1 and RPROMPT, widgets set it, and how zsh draws it says
 * enough (rightPrompt.ts).
 * - zsh marks unfinished last lines before any hook runs; the `E` in that mark ends the command's output ahead of it.
 * - The groups within the functions keep `set -x` quiet about us: a redirection of the function itself does not count
 * for hooks.
 * - The pasting key of our own goes past plug-ins that rewrite what is pasted (bracketed-paste-magic quotes URLs).
 */
export const zshSnippet = shellText`
command rm -rf -- "$ZDOTDIR"
if (( $\{+WO_Z} )); then export ZDOTDIR=$WO_Z; unset WO_Z; else unset ZDOTDIR; fi
typeset -g +x __wo_k __wo_n=1 __wo_i=0 __wo_ran=0 __wo_l=
__wo_m() { builtin printf '\e]133;%s;k=%s;n=%s%s\a' "$1" $__wo_k $__wo_n "$2" >/dev/tty }
__wo_done() { {
  local s=$?
  emulate -L zsh
  if (( __wo_ran )); then __wo_end $s; else sched +0 __wo_wrap; fi
  return 0
} 2>/dev/null }
__wo_end() {
  local z=
  (( $1 > 144 && $1 < 151 )) && [[ -n $\{(M)jobstates:#suspended*} ]] && z=';z=1'
  __wo_m "D;$1" $z; __wo_l=$__wo_n:$1,$__wo_l[1,60]; (( __wo_n += 1 )); __wo_ran=0
}
__wo_wrap() { {
  local s=$? ended=$?
  [[ -o errexit ]] && s=0
  emulate -L zsh
  (( __wo_ran )) && __wo_end $ended
  (( $\{precmd_functions[(Ie)__wo_done]} )) || precmd_functions=(__wo_done $precmd_functions)
  (( $\{preexec_functions[(Ie)__wo_start]} )) || preexec_functions+=(__wo_start)
  (( __wo_i += 1 ))
  __wo_prompts
  return s
} 2>/dev/null }
__wo_prompts() {
  local s=$?
  emulate -L zsh; setopt extended_glob
  local t=";k=$__wo_k;n=$__wo_n" m=$'[%]{\e]133;[ABPE];k='$__wo_k$'[^\a]#\a%}'
  local a=";s=zsh;i=$__wo_i;l=$__wo_l"$'\a%}' w=$PWD
  [[ $PWD != *[^[:alnum:]/._+@,:\ -]* ]] || w=
  PS1=$'%{\e]133;A'"$t;d=$w"$a$\{PS1//$\{~m}/}$'%{\e]133;B'$t$a
  PS2=$\{PS2//$\{~m}/}$'%{\e]133;P'$t$'\a%}'
  PROMPT_EOL_MARK=$'%{\e]133;E'$t$'\a%}'$\{$\{PROMPT_EOL_MARK-'%B%S%#%s%b'}//$\{~m}/}
  return s
}
__wo_reset() { { __wo_prompts; zle __wo_own_reset } 2>/dev/null }
__wo_start() { { emulate -L zsh; __wo_ran=1; sched +0 __wo_wrap; __wo_m C } 2>/dev/null }
__wo_exit() { {
  local s=$?
  emulate -L zsh
  (( ZSH_SUBSHELL )) && return
  __wo_m "D;$s" ';x=1'; sleep 0.05
} 2>/dev/null }
__wo_paste() { zle .bracketed-paste }
__wo_first() { setopt hist_ignore_space; __wo_install }
__wo_install() {
  emulate -L zsh
  local map
  precmd_functions=(__wo_done $\{precmd_functions:#__wo_first})
  preexec_functions+=(__wo_start)
  zshexit_functions+=(__wo_exit)
  typeset -g +x PS1 PS2
  (( $#zle_bracketed_paste )) || typeset -ga zle_bracketed_paste=($'\e[?2004h' $'\e[?2004l')
  zle -N __wo_paste
  zle -A reset-prompt __wo_own_reset
  zle -N reset-prompt __wo_reset
  (( $+functions[zle] )) || zle() { { [[ "$\{1-}" != .reset-prompt ]] || __wo_prompts } 2>/dev/null; builtin zle "$@" }
  for map in emacs viins vicmd; do bindkey -M $map '\e[5200~' __wo_paste; done
  sched +0 __wo_wrap
  unfunction __wo_first __wo_install
} 2>/dev/null
typeset -ga precmd_functions=(__wo_first $precmd_functions)
[[ -r $\{ZDOTDIR:-$HOME}/.zshenv ]] && . "$\{ZDOTDIR:-$HOME}/.zshenv"
`;

/**
 * For `fish -C`, which runs it after config.fish; a line that sets `__wo_k` goes before it. Needs 3.1 (string collect).
 * - The user's prompt is called first and printed later: it sees $status and $pipestatus as they were.
 * - A prompt that is defined anew by a command is wrapped again when that command ends.
 * - A stopped command leaves no status of its own (0, or that of the command before), so the jobs are looked at; their
 * state is a translated word.
 */
export const fishSnippet = shellText`
if string match -qr '^(3\.[1-9]|[4-9]|\d\d)' -- $version
  set -g __wo_n 1; set -g __wo_i 0; set -g __wo_ran 0; set -g __wo_l ''; set -g __wo_v (string match -r '^\\d+' -- $version)
  function __wo_m; printf '\e]133;%s;k=%s;n=%s%s\a' $argv[1] $__wo_k $__wo_n $argv[2]; end
  function __wo_wrap
    functions fish_prompt | string match -q '*__wo_m A*'; or begin
      functions -e __wo_user_prompt; functions -c fish_prompt __wo_user_prompt
      function fish_prompt
        set -l text (__wo_user_prompt | string collect -N)
        set -l folder; string match -qr '^[\\p{L}\\p{N}_/.+@,: -]+$' -- $PWD; and set folder $PWD
        __wo_m A ";s=fish;v=$__wo_v;i=$__wo_i;d=$folder;l=$__wo_l"; printf %s $text; __wo_m B ";s=fish;i=$__wo_i;l=$__wo_l"
      end
    end
    functions -q fish_right_prompt; or return
    functions fish_right_prompt | string match -q '*__wo_m R*'; or begin
      functions -e __wo_user_right; functions -c fish_right_prompt __wo_user_right
      function fish_right_prompt
        set -l text (__wo_user_right | string collect -N)
        __wo_m R; printf %s $text; __wo_m R ';e=1'
      end
    end
  end
  function __wo_stopped
    jobs -q; or return
    set -lx LC_ALL C; set -lx LANGUAGE C
    jobs | string replace -rf '^\\d+\\t(\\d+)\\t(?:[^\\t]*\\t)?stopped\\t.*' '$1'
  end
  function __wo_issue --on-event fish_prompt; set -g __wo_i (math $__wo_i + 1); end
  function __wo_start --on-event fish_preexec
    set -g __wo_ran 1; set -g __wo_before (__wo_stopped)
    __wo_m C
  end
  function __wo_done --on-event fish_postexec
    set -l code $status; set -l stopped
    for group in (__wo_stopped)
      if not contains -- $group $__wo_before; set code 148; set stopped ';z=1'; end
    end
    __wo_m "D;$code" $stopped
    set -g __wo_l (string sub -l 60 -- "$__wo_n:$code,$__wo_l"); set -g __wo_n (math $__wo_n + 1); set -g __wo_ran 0
    __wo_wrap
  end
  function __wo_exit --on-event fish_exit
    set -l code $status
    test $__wo_n -gt 1 -a $__wo_ran = 0; and set -g __wo_n (math $__wo_n - 1)
    __wo_m "D;$code" ';x=1'; sleep 0.05
  end
  __wo_wrap
  true
end
`;

/**
 * For `/bin/sh`: becomes the shell that `$WO_SHELL`, else `$SHELL` names, with its snippet. Whatever else it is, and
 * without a temporary folder, it runs plain. Beside PATH only variables that begin with WO_ are touched, and none of
 * them reaches the shell's children.
 */
export const startScript = shellText`
case :$PATH: in *":$WO_PATH:"*) ;; *) test ! -d "$WO_PATH" || PATH=$PATH:$WO_PATH ;; esac
WO_S=$\{WO_SHELL:-$\{SHELL:-/bin/sh}}
WO_N=$\{WO_S##*/}
WO_D=
case $WO_N in bash|zsh) WO_D=$(mktemp -d 2>/dev/null) || WO_D= ;; esac
case $WO_D in *\'*) rmdir "$WO_D"; WO_D= ;; esac
case $WO_N:$WO_D in
  bash:/*) printf "__wo_k=%s __wo_d='%s'%s" "$WO_K" "$WO_D" "$WO_BASH" >"$WO_D/rc" && set -- --rcfile "$WO_D/rc" ;;
  zsh:/*) printf '__wo_k=%s%s' "$WO_K" "$WO_ZSH" >"$WO_D/.zshenv" && { test -z "$\{ZDOTDIR+x}" || export WO_Z="$ZDOTDIR"; export ZDOTDIR="$WO_D"; } ;;
  fish:) set -- -C "set -g __wo_k $WO_K$WO_FISH" ;;
esac
unset WO_PATH WO_K WO_SHELL WO_BASH WO_ZSH WO_FISH WO_START WO_N WO_D
exec "$WO_S" "$@" -i
`;
