// The flags of every command as data, and their conversion to GlobalOptions. Reads no files.

import type { GlobalOptions } from '../commands/global-options.ts';
import type { RawFlags } from '../commands/raw-flags.ts';
import type { FlagSpec } from '../commands/spec.ts';
import { UsageError } from '../errors.ts';
import { parseDuration } from '../model/duration.ts';

export const globalFlags: readonly FlagSpec[] = [
  {
    name: 'kubeconfig',
    carried: true,
    value: 'FILE',
    description: 'kubeconfig file to use; it must exist',
    default: '$KUBECONFIG, else ~/.kube/config',
    completes: 'file',
  },
  {
    name: 'kuberc',
    value: 'FILE',
    description:
      "kubectl's settings file: which exec plugins may run; for kubectl kapi, aliases and defaults",
    default: '$KUBERC, else ~/.kube/kuberc',
    completes: 'file',
  },
  {
    name: 'context',
    carried: true,
    value: 'NAME',
    repeated: 'last',
    description: 'context of the kubeconfig to use',
    completes: 'context',
  },
  {
    name: 'cluster',
    carried: true,
    value: 'NAME',
    description: 'cluster of the kubeconfig to use',
    completes: 'cluster',
  },
  {
    name: 'user',
    carried: true,
    value: 'NAME',
    description: 'user of the kubeconfig to use',
    completes: 'user',
  },
  {
    name: 'server',
    carried: true,
    short: 's',
    value: 'URL',
    description: 'address of the API server',
    completes: 'nothing',
  },
  {
    name: 'token',
    carried: true,
    value: 'TOKEN',
    secret: true,
    description: 'bearer token; other users of the machine can see it, --token-file is safer',
    completes: 'nothing',
  },
  {
    name: 'token-file',
    carried: true,
    value: 'FILE',
    description: 'file with the bearer token; kapi reads it again when it changes',
    completes: 'file',
  },
  {
    name: 'anonymous',
    carried: true,
    description: 'send no credentials',
  },
  {
    name: 'certificate-authority',
    carried: true,
    aliases: ['cacert'],
    value: 'FILE',
    description: "certificate authorities that verify the server's certificate",
    completes: 'file',
  },
  {
    name: 'client-certificate',
    carried: true,
    aliases: ['cert'],
    value: 'FILE',
    description: 'client certificate',
    completes: 'file',
  },
  {
    name: 'client-key',
    carried: true,
    aliases: ['key'],
    value: 'FILE',
    description: 'private key of the client certificate',
    completes: 'file',
  },
  {
    name: 'insecure-skip-tls-verify',
    carried: true,
    aliases: ['insecure'],
    short: 'k',
    description: "do not verify the server's certificate; any server that answers gets your credentials",
  },
  {
    name: 'tls-server-name',
    carried: true,
    value: 'NAME',
    description: "name to verify in the server's certificate",
    default: 'the host of the server',
    completes: 'nothing',
  },
  { name: 'as', carried: true, value: 'USER', description: 'impersonate this user', completes: 'nothing' },
  {
    name: 'as-sa',
    carried: true,
    value: '[NAMESPACE/]NAME',
    description: "impersonate this service account; default NAMESPACE: the request's namespace",
    completes: 'service-account',
  },
  {
    name: 'as-group',
    carried: true,
    value: 'GROUP',
    repeated: 'all',
    description: 'impersonate this group; can be repeated',
    completes: ['system:authenticated', 'system:masters', 'system:nodes', 'system:serviceaccounts'],
  },
  { name: 'as-uid', carried: true, value: 'UID', description: 'impersonate this UID', completes: 'nothing' },
  {
    name: 'as-user-extra',
    carried: true,
    value: 'KEY=VALUE',
    repeated: 'all',
    description: 'impersonate with this extra attribute; can be repeated',
    completes: 'nothing',
  },
  {
    name: 'username',
    carried: true,
    value: 'NAME',
    description: 'user name for basic authentication',
    completes: 'nothing',
  },
  {
    name: 'password',
    carried: true,
    value: 'PASSWORD',
    secret: true,
    description: 'password for basic authentication',
    completes: 'nothing',
  },
  {
    name: 'request-timeout',
    value: 'DURATION',
    description: 'time limit of each request (30s, 2m, or seconds); 0 is no limit',
    default: '0',
    completes: 'nothing',
  },
  {
    name: 'cache-dir',
    value: 'DIRECTORY',
    description: 'directory of the discovery cache',
    default: '~/.kube/cache',
    completes: 'directory',
  },
  {
    name: 'warnings-as-errors',
    description: 'exit 1 if the server sent a warning and nothing else failed',
  },
  { name: 'disable-compression', description: 'request responses without gzip' },
  {
    name: 'namespace',
    carried: true,
    short: 'n',
    value: 'NAMESPACE',
    repeated: 'last',
    description: 'namespace of the request',
    default: "the context's, else default",
    completes: 'namespace',
  },
  {
    name: 'in-cluster',
    carried: true,
    description: "use the pod's service account even if there is a kubeconfig",
  },
  {
    name: 'service-account-dir',
    carried: true,
    value: 'DIRECTORY',
    description: 'directory of the service account files token, ca.crt and namespace',
    default: '/var/run/secrets/kubernetes.io/serviceaccount',
    completes: 'directory',
  },
  { name: 'curl', description: 'print the equivalent curl commands and send nothing' },
  { name: 'show-secrets', description: 'print tokens, passwords and keys instead of redacting them' },
  {
    name: 'suggest-rbac',
    description:
      'if the server denies a right, print the minimal role and binding that grant it, as YAML on stdout',
  },
  {
    name: 'verbose',
    short: 'v',
    description: 'print requests and responses on stderr; -vv adds the origin of each setting and timings',
  },
  {
    name: 'color',
    value: 'WHEN',
    choices: ['auto', 'always', 'never'],
    description: 'when to colour the output; auto: on a terminal, unless NO_COLOR or FORCE_COLOR is set',
    default: 'auto',
  },
  {
    name: 'error-format',
    value: 'FORMAT',
    choices: ['text', 'json'],
    description: 'format of errors on stderr',
    default: 'text',
  },
];

/**
 * Parses the global flags.
 * @throws UsageError for invalid values
 */
export function parseGlobalOptions(flags: RawFlags, verbose: number): GlobalOptions {
  refuseEmptyIdentity(flags);
  return {
    kubeconfig: valueOf(flags, 'kubeconfig'),
    kuberc: valueOf(flags, 'kuberc'),
    context: valueOf(flags, 'context'),
    cluster: valueOf(flags, 'cluster'),
    user: valueOf(flags, 'user'),
    server: valueOf(flags, 'server'),
    token: valueOf(flags, 'token'),
    tokenFile: valueOf(flags, 'token-file'),
    anonymous: flags['anonymous'] === true ? true : undefined,
    certificateAuthority: valueOf(flags, 'certificate-authority'),
    clientCertificate: valueOf(flags, 'client-certificate'),
    clientKey: valueOf(flags, 'client-key'),
    insecureSkipTlsVerify: flags['insecure-skip-tls-verify'] === true ? true : undefined,
    tlsServerName: valueOf(flags, 'tls-server-name'),
    as: valueOf(flags, 'as'),
    asSa: valueOf(flags, 'as-sa'),
    asGroup: givenAll(flags, 'as-group'),
    asUid: valueOf(flags, 'as-uid'),
    asUserExtra: givenAll(flags, 'as-user-extra'),
    username: valueOf(flags, 'username'),
    password: valueOf(flags, 'password'),
    requestTimeoutMs: parseTimeout(valueOf(flags, 'request-timeout')),
    cacheDir: valueOf(flags, 'cache-dir'),
    disableCompression: flags['disable-compression'] === true ? true : undefined,
    namespace: valueOf(flags, 'namespace'),
    inCluster: flags['in-cluster'] === true,
    serviceAccountDir: valueOf(flags, 'service-account-dir'),
    verbose: verbose >= 2 ? 2 : verbose === 1 ? 1 : 0,
    color: oneOf(valueOf(flags, 'color'), ['auto', 'always', 'never'], 'auto'),
    errorFormat: oneOf(valueOf(flags, 'error-format'), ['text', 'json'], 'text'),
    curl: flags['curl'] === true,
    showSecrets: flags['show-secrets'] === true,
    suggestRbac: flags['suggest-rbac'] === true,
    warningsAsErrors: flags['warnings-as-errors'] === true,
  };
}

/** Flags that set an identity. */
const identityFlags = [
  ...['user', 'token', 'token-file', 'client-certificate', 'client-key', 'username', 'basic-user'],
  ...['as', 'as-sa'],
];

/**
 * Refuses empty identity flags: `--token "$TOKEN"` in a shell without TOKEN would send the request
 * as the user of the kubeconfig, who can have more rights. kubectl treats an empty value as absent.
 */
function refuseEmptyIdentity(flags: RawFlags): void {
  const empty = identityFlags.find((name) => flags[name] === '');
  if (empty === undefined) return;
  const spelled = empty === 'basic-user' ? '-u' : `--${empty}`;
  throw new UsageError(`${spelled} is empty, so it does not say who asks`, {
    code: 'BadFlagValue',
    hint: `leave ${spelled} out to ask as the configured user; --anonymous sends no credentials`,
  });
}

/** Returns the value of a flag. As in kubectl, an empty value counts as absent. */
function valueOf(flags: RawFlags, name: string): string | undefined {
  const value = flags[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function givenAll(flags: RawFlags, name: string): readonly string[] | undefined {
  const value = flags[name];
  if (typeof value !== 'object') return undefined;
  const values = value.filter((one) => one !== '');
  return values.length > 0 ? values : undefined;
}

// The parser has checked `choices` already; this narrows the type.
function oneOf<const Choice extends string>(
  value: string | undefined,
  choices: readonly Choice[],
  otherwise: Choice,
): Choice {
  return choices.find((choice) => choice === value) ?? otherwise;
}

function parseTimeout(text: string | undefined): number {
  if (text === undefined) return 0;
  const ms = parseDuration(text);
  if (ms === undefined) {
    throw new UsageError(
      `Invalid timeout value "${text}" of --request-timeout. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)`,
      { code: 'BadDuration' },
    );
  }
  return ms;
}
