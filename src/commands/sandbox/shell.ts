// What `kapi sandbox -- SHELL` does so that its shell cannot be mistaken for one on a real cluster: a mark in the prompt, and
// the sandbox's KUBECONFIG again once the user's own files have run. Entry point: planShell(). Pure.

import { basename, join } from 'node:path';

/** How to start a shell. */
export interface ShellPlan {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Files to write before, by absolute path. */
  readonly files: Readonly<Record<string, string>>;
}

/** What the shell belongs to. */
export interface ShellPlace {
  /** Absolute. */
  readonly kubeconfig: string;
  /** Absolute; the plan's files are below it. */
  readonly directory: string;
}

const mark = '(sandbox) ';

/** Shells that read nothing of a user's which sets a prompt, unless ENV names it. */
const plainShells = new Set(['sh', 'dash', 'ash', 'ksh', 'mksh']);

/**
 * Plans an interactive shell.
 * @returns undefined for other programs, and for a shell that is given a script
 */
export function planShell(
  program: string,
  args: readonly string[],
  place: ShellPlace,
  env: Readonly<Record<string, string | undefined>>,
): ShellPlan | undefined {
  const name = basename(program);
  if (!plainShells.has(name) && !['bash', 'zsh', 'fish'].includes(name)) return undefined;
  const hasScript = args.some((arg) => !/^[-+]/.test(arg) || arg === '--' || /^-[a-z]*c/i.test(arg));
  if (hasScript) return undefined;
  const asGiven: ShellPlan = { args, env: {}, files: {} };
  if (plainShells.has(name)) return { ...asGiven, env: { PS1: `${mark}$ ` } };
  // With flags of its own (-l, --norc) it reads other files, or none: the warnings of kapi remain.
  if (args.some((arg) => arg !== '-i')) return asGiven;
  const folder = join(place.directory, '.shell');
  const variables = { KUBECONFIG: place.kubeconfig, KAPI_SANDBOX_DIR: place.directory };
  const file = join(folder, name === 'zsh' ? '.zshrc' : name);
  if (name === 'bash') {
    return { ...asGiven, args: ['--rcfile', file, ...args], files: { [file]: bashFile(variables) } };
  }
  if (name === 'fish') {
    return {
      ...asGiven,
      args: ['--init-command', `source ${quote(file)}`, ...args],
      files: { [file]: fishFile(variables) },
    };
  }
  const users = env['ZDOTDIR'] ?? '';
  return {
    args,
    env: { ZDOTDIR: folder, KAPI_SANDBOX_ZDOTDIR: users === '' ? (env['HOME'] ?? '/') : users },
    files: { [join(folder, '.zshenv')]: zshEnvFile(folder), [file]: zshFile(folder, variables) },
  };
}

type Variables = Readonly<Record<string, string>>;

function exportsOf(variables: Variables): string {
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}=${quote(value)}\n`)
    .join('');
}

/** For bash, zsh and, where the text has neither quote nor backslash in it, fish. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** bash reads this instead of ~/.bashrc; the system's file it reads by itself. */
function bashFile(variables: Variables): string {
  return `[ -r ~/.bashrc ] && . ~/.bashrc
${exportsOf(variables)}__kapi_sandbox_prompt() { case $PS1 in *'${mark}'*) ;; *) PS1='${mark}'$PS1 ;; esac; }
if [[ $(declare -p PROMPT_COMMAND 2>/dev/null) == 'declare -a'* ]]; then PROMPT_COMMAND+=(__kapi_sandbox_prompt)
else PROMPT_COMMAND="\${PROMPT_COMMAND:+$PROMPT_COMMAND
}__kapi_sandbox_prompt"; fi
__kapi_sandbox_prompt
`;
}

/** zsh looks for each file in ZDOTDIR anew: the user's is in force while the user's file runs, and from .zshrc on. */
function zshEnvFile(folder: string): string {
  return `ZDOTDIR=$KAPI_SANDBOX_ZDOTDIR
[[ -r $ZDOTDIR/.zshenv ]] && . "$ZDOTDIR/.zshenv"
if [[ -o interactive ]]; then KAPI_SANDBOX_ZDOTDIR=$ZDOTDIR; ZDOTDIR=${quote(folder)}; fi
`;
}

function zshFile(folder: string, variables: Variables): string {
  return `ZDOTDIR=$KAPI_SANDBOX_ZDOTDIR
unset KAPI_SANDBOX_ZDOTDIR
[[ $HISTFILE == ${quote(folder)}/* ]] && HISTFILE=$ZDOTDIR/.zsh_history
[[ -r $ZDOTDIR/.zshrc ]] && . "$ZDOTDIR/.zshrc"
${exportsOf(variables)}__kapi_sandbox_prompt() { [[ $PROMPT == *'${mark}'* ]] || PROMPT='${mark}'$PROMPT }
autoload -Uz add-zsh-hook && add-zsh-hook precmd __kapi_sandbox_prompt
`;
}

/** fish runs it after the user's files. */
function fishFile(variables: Variables): string {
  const settings = Object.entries(variables).map(([name, value]) => `set -gx ${name} ${quote(value)}\n`);
  return `${settings.join('')}functions -q fish_prompt; and functions -c fish_prompt __kapi_users_prompt
function fish_prompt
  echo -n '${mark}'
  if functions -q __kapi_users_prompt
    __kapi_users_prompt
  else
    echo -n '> '
  end
end
`;
}
