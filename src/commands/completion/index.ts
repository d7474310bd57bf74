// kapi completion: the spec.

import { defineCommand } from '../spec.ts';
import { parseCompletionOptions, type CompletionOptions } from './options.ts';
import { shells } from './scripts.ts';

export const completionCommand = defineCommand<CompletionOptions>({
  name: 'completion',
  sendsNothing: true,
  summary: 'a script that makes TAB complete kapi in your shell',
  description: `Prints the completion script of a shell. TAB then completes commands, flags and values: types, names of objects, namespaces,
paths, fields and labels from the server, and contexts, clusters and users from the kubeconfig.

kapi asks the server with the cluster, credentials and namespace of the line so far. One TAB takes at most 300 ms
(KAPI_COMPLETION_TIMEOUT_MS changes this). kapi silently leaves out candidates that are not ready in time. Exec plugins run
without a terminal.

The scripts contain no logic and do not change with new versions of kapi. zsh reads them from a directory of fpath; fish,
bash-completion and zsh load these files by themselves. kubectl's own script completes kubectl kapi.`,
  group: 'tool',
  isMinor: true,
  arguments: [{ name: 'SHELL', description: shells.join(', '), completes: shells }],
  flags: [],
  examples: [
    { text: 'bash: in ~/.bashrc', command: 'source <(kapi completion bash)', needs: ['bash'] },
    {
      text: 'bash with bash-completion: permanently',
      command: 'kapi completion bash > ~/.local/share/bash-completion/completions/kapi',
      needs: ['bash'],
    },
    {
      text: 'zsh: in ~/.zshrc, after compinit',
      command: 'source <(kapi completion zsh)',
      needs: ['zsh'],
    },
    {
      text: 'zsh: permanently, in a directory of fpath',
      command: 'kapi completion zsh > "${fpath[1]}/_kapi"',
      needs: ['zsh'],
    },
    {
      text: 'fish: permanently',
      command: 'kapi completion fish > ~/.config/fish/completions/kapi.fish',
      needs: ['fish'],
    },
    {
      text: 'PowerShell: in $PROFILE',
      command: 'kapi completion powershell | Out-String | Invoke-Expression',
      needs: ['powershell'],
    },
    {
      text: 'bash: also for an alias',
      command: "alias k='kapi -n dev'; complete -F _kapi k; source <(kapi completion bash)",
      needs: ['bash'],
    },
  ],
  seeAlso: ['help environment', 'help kubectl'],
  parse: parseCompletionOptions,
  load: async () => (await import('./run.ts')).runCompletion,
});
