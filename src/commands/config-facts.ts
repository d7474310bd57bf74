// The settings that affect a request, each with its origin and without secrets: for `config show`
// and -vv. Entry points: configFacts(), configLines(). Pure.

import type { Authorization, ClusterConfig, Origin } from '../config/cluster-config.ts';
import { describeCommand, describePath } from '../model/path-value.ts';
import { redacted } from '../model/secret.ts';

/** One setting. */
export interface ConfigFact {
  /** Name in structured output: the kubeconfig's name if it has one. */
  readonly key: string;
  readonly value: string;
  readonly origin: Origin | undefined;
}

/** Returns the first lines of the verbose log: -v says what is not sent, -vv everything. */
export function configLines(config: ClusterConfig, level: 0 | 1 | 2): string[] {
  if (level < 2) {
    const replaced = replacedText(config);
    return [...(replaced === undefined ? [] : [replaced]), ...shadowedTexts(config)].map(
      (text) => `* ${text}`,
    );
  }
  return configFacts(config).map(
    ({ key, value, origin }) => `* ${key}: ${value}${origin === undefined ? '' : ` (from ${origin.text})`}`,
  );
}

/**
 * Returns `not sent because of --token: client certificate (from …)`. Undefined if nothing is
 * replaced.
 */
export function replacedText({ replaced }: ClusterConfig): string | undefined {
  if (replaced === undefined) return undefined;
  const credentials = replaced.credentials.map(
    (each) => `${credentialName(each)} (from ${each.origin.text})`,
  );
  return `not sent because of ${replaced.by}: ${credentials.join(', ')}`;
}

/** Returns `not used: FILE, user "a" (the first one counts: OTHER, user "a")` for each entry. */
export function shadowedTexts({ shadowed = [] }: ClusterConfig): string[] {
  return shadowed.map(({ origin, by }) => `not used: ${origin.text} (the first one counts: ${by.text})`);
}

/** Returns `exec plugin aws` or `token`. */
export function credentialName({ kind, detail }: { readonly kind: string; readonly detail: string }): string {
  return detail === '' ? kind : `${kind} ${detail}`;
}

/**
 * Returns everything that affects a request, with secrets redacted. Omits settings that are not in
 * force. Pure.
 */
export function configFacts(config: ClusterConfig): ConfigFact[] {
  const { impersonation, clientCertificate, proxy, tlsServerName, context, shadowed } = config;
  const fact = (key: string, value: string, origin?: Origin): ConfigFact => ({ key, value, origin });
  const isTls = config.server.value.startsWith('https:');
  return [
    ...(context === undefined ? [] : [fact('context', context.value, context.origin)]),
    fact('server', config.server.value, config.server.origin),
    ...(isTls ? [authorities(config)] : []),
    ...(tlsServerName === undefined
      ? []
      : [fact('tls-server-name', tlsServerName.value, tlsServerName.origin)]),
    ...(proxy === undefined ? [] : [fact('proxy', withoutPassword(proxy.value.expose()), proxy.origin)]),
    credentialFact(config),
    ...policyFacts(config),
    ...replacedFacts(config),
    ...(clientCertificate === undefined
      ? []
      : [
          fact(
            'client-certificate',
            placeOf(clientCertificate.certificate.path),
            clientCertificate.certificate.origin,
          ),
          fact('client-key', placeOf(clientCertificate.key.path), clientCertificate.key.origin),
        ]),
    ...(impersonation === undefined
      ? []
      : [
          fact('as', impersonation.user, impersonation.origin),
          ...(impersonation.uid === undefined
            ? []
            : [fact('as-uid', impersonation.uid, impersonation.origin)]),
          ...(impersonation.groups.length === 0
            ? []
            : [fact('as-groups', impersonation.groups.join(', '), impersonation.origin)]),
          ...Object.entries(impersonation.extra).map(([key, values]) =>
            fact(`as-user-extra.${key}`, values.join(', '), impersonation.origin),
          ),
        ]),
    fact('namespace', config.namespace.value, config.namespace.origin),
    ...(shadowed === undefined || shadowed.length === 0
      ? []
      : [fact('not-used', shadowed.map(({ origin }) => origin.text).join('; '), firstFile)]),
  ];
}

const firstFile: Origin = { kind: 'kubeconfig', text: 'KUBECONFIG: the first file with a name counts' };

function authorities({ ca, insecureSkipTlsVerify }: ClusterConfig): ConfigFact {
  if (insecureSkipTlsVerify.value) {
    return {
      key: 'certificate-authority',
      value: 'not checked: whoever answers gets the credentials',
      origin: insecureSkipTlsVerify.origin,
    };
  }
  if (ca === undefined) return { key: 'certificate-authority', value: "the system's", origin: undefined };
  return { key: 'certificate-authority', value: placeOf(ca.path), origin: ca.origin };
}

function placeOf(path: string | undefined): string {
  return path ?? 'inline data';
}

/**
 * Returns the source of Authorization, else the client certificate, which also has its own lines.
 */
function credentialFact({ authorization, clientCertificate }: ClusterConfig): ConfigFact {
  const certificate = clientCertificate === undefined ? 'none' : 'client certificate';
  return {
    key: 'credential',
    value: credentialOf(authorization) ?? certificate,
    origin: authorization.kind === 'none' ? clientCertificate?.certificate.origin : authorization.origin,
  };
}

function policyFacts({ authorization }: ClusterConfig): ConfigFact[] {
  const policy = authorization.kind === 'exec' ? authorization.exec.policy : undefined;
  if (policy === undefined) return [];
  const allowed = policy.commands.map(describeCommand).join(', ');
  return [
    {
      key: 'credential-plugin-policy',
      value: allowed === '' ? policy.kind : `${policy.kind}: ${allowed}`,
      origin: { kind: 'kubeconfig', text: policy.path },
    },
  ];
}

function replacedFacts({ replaced }: ClusterConfig): ConfigFact[] {
  if (replaced === undefined) return [];
  const [first] = replaced.credentials;
  const places = [...new Set(replaced.credentials.map(({ origin }) => origin.text))].join('; ');
  return [
    {
      key: 'not-sent',
      value: `${replaced.credentials.map(credentialName).join(', ')}, because of ${replaced.by}`,
      origin: first === undefined ? undefined : { kind: first.origin.kind, text: places },
    },
  ];
}

function credentialOf(authorization: Authorization): string | undefined {
  switch (authorization.kind) {
    case 'none':
      return undefined;
    case 'header':
      return `Authorization header ${redacted}`;
    case 'token':
      return `token ${redacted}`;
    case 'token-file':
      return `token from ${describePath(authorization.path)}`;
    case 'basic':
      return `basic, user ${authorization.username}, password ${redacted}`;
    case 'exec':
      // Arguments can contain secrets; the command identifies the plugin.
      return `exec plugin ${describeCommand(authorization.exec.command)} (${authorization.exec.apiVersion})`;
  }
}

/** Returns a proxy URL without its login. */
function withoutPassword(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined) return redacted;
  if (parsed.password === '') return url;
  parsed.password = 'redacted';
  return parsed.href.replace(':redacted@', `:${redacted}@`);
}
