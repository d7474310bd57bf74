// Aliases and defaults of kuberc as settings of `kapi config show`. Entry point: preferenceFacts().
// Pure.

import type { Origin } from '../../config/cluster-config.ts';
import type { FlagDefault, Preferences } from '../../model/preferences.ts';
import { redacted } from '../../model/secret.ts';
import { shellWord } from '../../model/shell-words.ts';
import type { ConfigFact } from '../config-facts.ts';

/** Returns one setting for each alias and each default. Redacts tokens and passwords. */
export function preferenceFacts(
  { path, aliases, defaults }: Preferences,
  showSecrets: boolean,
): readonly ConfigFact[] {
  const origin: Origin = { kind: 'kubeconfig', text: `${path}, for kubectl kapi only` };
  const shown = (words: readonly string[]): string =>
    (showSecrets ? words : withoutSecrets(words)).map(shellWord).join(' ');
  return [
    ...aliases.map(({ name, command, prependArgs, appendArgs, options }) => {
      const before = [...command.split(/\s+/), ...options.map(flagWord), ...prependArgs];
      return { key: `alias-${name}`, value: shown([...before, ...appendArgs]), origin };
    }),
    ...defaults.map(({ command, options }) => ({
      key: `default-${command.trim().replaceAll(/\s+/g, '-')}`,
      value: shown(options.map(flagWord)),
      origin,
    })),
  ];
}

function flagWord({ name, value }: FlagDefault): string {
  return `--${name}=${value}`;
}

function withoutSecrets(words: readonly string[]): string[] {
  return words.map((word, at) =>
    /^--(?:token|password)$/.test(words[at - 1] ?? '')
      ? redacted
      : word.replace(/^(--(?:token|password)=).*$/s, `$1${redacted}`),
  );
}
