// kapi completion: the spec.

import { defineCommand } from '../spec.ts';
import { parseCompletionOptions, type CompletionOptions } from './options.ts';
import { shells } from './scripts.ts';

export const completionCommand = defineCommand<CompletionOptions>({
  name: 'completion',
  sendsNothing: true,
  summary: 'a script that makes TAB complete kapi in your shell',
  description: `Prints the completion script of a shell. TAB then completes commands, flags and their values; and types, names of objects,
namespaces, paths, fields and labels as the server has them, contexts, clusters and users as the kubeconfig has them.

What is asked of the server is asked with the cluster, credentials and namespace that the line names so far. Everything
together takes 300 ms at the most (KAPI_COMPLETION_TIMEOUT_MS says otherwise): what is not known by then is not
offered, and nothing is ever said about it. No exec plugin gets the terminal.

The scripts hold no logic and need no change with a new kapi. zsh reads them from a directory of its fpath; fish,
bash-completion and zsh load such files by themselves. As a plugin (kubectl kapi) it is completed by kubectl's own script.`,
  group: 'tool',
  arguments: [{ name: 'SHELL', description: shells.join(', '), completes: shells }],
  flags: [],
  examples: [
    { text: 'bash: in ~/.bashrc', command: 'source <(kapi completion bash)', needs: ['bash'] },
    {
      text: 'bash with bash-completion: for good',
      command: 'kapi completion bash > ~/.local/share/bash-completion/completions/kapi',
      needs: ['bash'],
    },
    {
      text: 'zsh: in ~/.zshrc, after compinit',
      command: 'source <(kapi completion zsh)',
      needs: ['zsh'],
    },
    {
      text: 'zsh: for good, in a directory of fpath',
      command: 'kapi completion zsh > "${fpath[1]}/_kapi"',
      needs: ['zsh'],
    },
    {
      text: 'fish: for good',
      command: 'kapi completion fish > ~/.config/fish/completions/kapi.fish',
      needs: ['fish'],
    },
    {
      text: 'PowerShell: in $PROFILE',
      command: 'kapi completion powershell | Out-String | Invoke-Expression',
      needs: ['powershell'],
    },
    {
      text: 'bash: for an alias too',
      command: "alias k='kapi -n dev'; complete -F _kapi k; source <(kapi completion bash)",
      needs: ['bash'],
    },
  ],
  seeAlso: ['help environment', 'help kubectl'],
  parse: parseCompletionOptions,
  load: async () => (await import('./run.ts')).runCompletion,
});
