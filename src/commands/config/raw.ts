// kapi config server|ca|cert|key|token: prints one raw value.

import { suggested } from '../../model/suggestion.ts';
import { ConfigError, UsageError } from '../../errors.ts';
import type { ClusterConfig } from '../../config/cluster-config.ts';
import type { Deps } from '../deps.ts';
import type { RawView } from './options.ts';

/**
 * Writes the value and a line end, which `$(…)` removes.
 * @throws UsageError `SecretToTerminal`
 * @throws ConfigError `NoSuchCredential` if the configuration has no such value; errors of a plugin
 *   or token file
 */
export async function printRaw(view: RawView, deps: Deps): Promise<void> {
  const { out } = deps.io;
  if ((view === 'key' || view === 'token') && out.isTTY && !deps.globals.showSecrets) {
    throw new UsageError(`kapi config ${view} would write a secret to the terminal`, {
      code: 'SecretToTerminal',
      hint: `it is made for $(…) and <(…), as in "$(kapi config ${view})"; to see it: ${suggested('config', view, '--show-secrets')}`,
    });
  }
  const value = await readRaw(view, await deps.config(), deps);
  return out.write(value.endsWith('\n') ? value : `${value}\n`);
}

async function readRaw(view: RawView, config: ClusterConfig, deps: Deps): Promise<string> {
  switch (view) {
    case 'server':
      return config.server.value;
    case 'ca':
      return config.ca?.pem ?? noAuthorities(config);
    case 'token':
      return (await (await deps.credentials()).token())?.expose() ?? refuseMissing('bearer token', config);
    case 'cert':
    case 'key': {
      const pair = await (await deps.credentials()).certificate();
      if (pair === undefined) return refuseMissing('client certificate', config);
      return view === 'cert' ? pair.certificate : pair.key.expose();
    }
  }
}

function noAuthorities(config: ClusterConfig): never {
  const { value: insecure, origin } = config.insecureSkipTlsVerify;
  throw new ConfigError(
    insecure
      ? `the server's certificate is not checked (insecure-skip-tls-verify from ${origin.text})`
      : "no certificate authority is configured: the system's are used",
    {
      code: 'NoSuchCredential',
      hint: insecure ? undefined : 'curl uses the same ones without --cacert',
    },
  );
}

function refuseMissing(what: string, { authorization, replaced, withheld, userName }: ClusterConfig): never {
  if (replaced !== undefined) {
    throw new ConfigError(`no ${what} is sent: ${replaced.by} says who asks`, {
      code: 'NoSuchCredential',
      hint: `${suggested('config', 'show')} prints what is sent and what is not`,
    });
  }
  const user = userName === undefined ? 'the configuration' : `user ${JSON.stringify(userName)}`;
  const instead: Record<typeof authorization.kind, string> = {
    none: '',
    token: ': it has a token',
    'token-file': ': it has a token file',
    header: ': it has an Authorization header',
    basic: ': it has a user name and a password',
    exec: ': the answer of its exec plugin contains none',
  };
  throw new ConfigError(
    withheld === undefined
      ? `${user} has no ${what}${instead[authorization.kind]}`
      : `no ${what} is sent to a plain http server (the credentials come from ${withheld.text})`,
    { code: 'NoSuchCredential', hint: `${suggested('config', 'show')} prints what there is` },
  );
}
