// Marks the shell of `kapi sandbox -- SHELL`, so that users do not confuse it with a shell on a
// real cluster: a mark in the prompt, and the sandbox's KUBECONFIG set again after the user's own
// files. Entry point: planShell(). Pure.

import { basename, join } from 'node:path';

/** Arguments, environment and files of a shell. */
export interface ShellPlan {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Files to write before the start, by absolute path. */
  readonly files: Readonly<Record<string, string>>;
}

/** The sandbox of the shell. */
export interface ShellPlace {
  /** Absolute. */
  readonly kubeconfig: string;
  /** Absolute. The plan's files are below it. */
  readonly directory: string;
}

const mark = '(sandbox) ';

const markPrompt = `case $PS1 in *'${mark}'*) ;; *) PS1='${mark}'$PS1 ;; esac`;

/**
 * Shells that read the file of ENV, whatever their flags are, and no other file of the user except
 * a profile.
 */
const plainShells = new Set(['sh', 'dash', 'ash', 'ksh', 'mksh']);

/** Matches flags of bash with a value in the next word. */
const valueFlags = /^(?:--rcfile|--init-file|[-+][a-z]*[oO])$/;

/** Matches flags with which zsh reads no file of the user. */
const withoutFiles = /^(?:-[a-z]*f[a-z]*|--no-?rcs|-o=?no_?rcs)$/i;

/**
 * Plans an interactive shell, also one of BusyBox. Its own flags (`-l`, `--norc`) stay in force.
 * @returns undefined for other programs, and for a shell that runs a script
 */
export function planShell(
  program: string,
  args: readonly string[],
  place: ShellPlace,
  env: Readonly<Record<string, string | undefined>>,
): ShellPlan | undefined {
  const name = basename(program);
  const [applet = '', ...rest] = args;
  if (name === 'busybox' && plainShells.has(applet)) {
    const plan = planShell(applet, rest, place, env);
    return plan && { ...plan, args: [applet, ...plan.args] };
  }
  if (!plainShells.has(name) && !['bash', 'zsh', 'fish'].includes(name)) return undefined;
  const isScript = (arg: string, at: number): boolean =>
    !valueFlags.test(args[at - 1] ?? '') &&
    (!/^[-+]/.test(arg) || arg === '--' || arg === '-' || /^-[a-z]*c/i.test(arg));
  if (args.some(isScript)) return undefined;
  const folder = join(place.directory, '.shell');
  const variables = { KUBECONFIG: place.kubeconfig, KAPI_SANDBOX_DIR: place.directory };
  const file = join(folder, name === 'zsh' ? '.zshrc' : name);
  if (plainShells.has(name)) {
    const users = env['ENV'] ?? '';
    return { args, env: { ENV: file }, files: { [file]: plainFile(variables, users) } };
  }
  if (name === 'bash') {
    // bash reads --rcfile only if no flag selects other files. Otherwise the environment sets the
    // prompt command.
    return args.every((arg) => arg === '-i')
      ? { args: ['--rcfile', file, ...args], env: {}, files: { [file]: bashFile(variables) } }
      : {
          args,
          env: { PROMPT_COMMAND: promptCommand(file, env['PROMPT_COMMAND'] ?? '') },
          files: { [file]: promptFile(variables) },
        };
  }
  if (name === 'fish') {
    const init = ['--init-command', `source ${quote(file)}`];
    return { args: [...init, ...args], env: {}, files: { [file]: fishFile(variables) } };
  }
  if (args.some((arg) => withoutFiles.test(arg))) return { args, env: { PS1: `${mark}%# ` }, files: {} };
  const users = env['ZDOTDIR'] ?? '';
  return {
    args,
    env: { ZDOTDIR: folder, KAPI_SANDBOX_ZDOTDIR: users === '' ? (env['HOME'] ?? '/') : users },
    files: {
      [join(folder, '.zshenv')]: zshEnvFile(folder),
      [join(folder, '.zprofile')]: zshProfile(folder),
      [file]: zshFile(folder, variables),
    },
  };
}

type Variables = Readonly<Record<string, string>>;

function exportsOf(variables: Variables): string {
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}=${quote(value)}\n`)
    .join('');
}

/** Quotes for bash, zsh and, if the text has no quote and no backslash, fish. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Returns the file for ENV. `users`: the user's ENV, which is expanded as the shell does it. */
function plainFile(variables: Variables, users: string): string {
  const file = `"${users.replaceAll(/["\\`]/g, '\\$&')}"`;
  const own = users === '' ? '' : `[ -r ${file} ] && . ${file}\n`;
  return `${own}${exportsOf(variables)}case \${PS1-} in *'${mark}'*) ;; *) PS1='${mark}'\${PS1-'$ '} ;; esac\n`;
}

/**
 * Returns the prompt command, which bash reads from the environment. The user's own runs first,
 * because it can use `$?`.
 */
function promptCommand(file: string, users: string): string {
  return `${users === '' ? '' : `${users}\n`}. ${quote(file)}`;
}

/**
 * Returns the file of the prompt command. It sets the variables once, so that the user can change
 * them afterwards.
 */
function promptFile(variables: Variables): string {
  return `if [ -z "$__kapi_sandbox" ]; then
__kapi_sandbox=1
${exportsOf(variables)}fi
${markPrompt}
`;
}

/** Returns the file that bash reads instead of ~/.bashrc. bash reads the system's file itself. */
function bashFile(variables: Variables): string {
  return `[ -r ~/.bashrc ] && . ~/.bashrc
${exportsOf(variables)}__kapi_sandbox_prompt() { ${markPrompt}; }
if [[ $(declare -p PROMPT_COMMAND 2>/dev/null) == 'declare -a'* ]]; then PROMPT_COMMAND+=(__kapi_sandbox_prompt)
else PROMPT_COMMAND="\${PROMPT_COMMAND:+$PROMPT_COMMAND
}__kapi_sandbox_prompt"; fi
__kapi_sandbox_prompt
`;
}

/**
 * Returns .zshenv. zsh looks up each file in ZDOTDIR again: the user's value is in force while the
 * user's file runs, and from .zshrc on.
 */
function zshEnvFile(folder: string): string {
  return `ZDOTDIR=$KAPI_SANDBOX_ZDOTDIR
[[ -r $ZDOTDIR/.zshenv ]] && . "$ZDOTDIR/.zshenv"
if [[ -o interactive ]]; then KAPI_SANDBOX_ZDOTDIR=$ZDOTDIR; ZDOTDIR=${quote(folder)}; fi
`;
}

/**
 * Returns .zprofile. A login shell reads it between .zshenv and .zshrc, and it can change the
 * user's ZDOTDIR.
 */
function zshProfile(folder: string): string {
  return `ZDOTDIR=$KAPI_SANDBOX_ZDOTDIR
[[ -r $ZDOTDIR/.zprofile ]] && . "$ZDOTDIR/.zprofile"
KAPI_SANDBOX_ZDOTDIR=$ZDOTDIR; ZDOTDIR=${quote(folder)}
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

/** Returns the commands that fish runs after the user's files. */
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
