// The settings that decide about a request, each with its origin and without a secret: for `config show` and -vv. Entry
// points: configFacts(), configLines(). Pure.

import type { Authorization, ClusterConfig, Origin } from '../config/cluster-config.ts';
import { describeCommand, describePath } from '../model/path-value.ts';
import { redacted } from '../model/secret.ts';

/** One setting. */
export interface ConfigFact {
  /** Name in structured output, kubeconfig's own where it has one. */
  readonly key: string;
  readonly value: string;
  readonly origin: Origin | undefined;
}

/** The lines that -vv begins with, in the form of its others. */
export function configLines(config: ClusterConfig): string[] {
  return configFacts(config).map(
    ({ key, value, origin }) => `* ${key}: ${value}${origin === undefined ? '' : ` (from ${origin.text})`}`,
  );
}

/** Everything that decides about a request, secrets redacted; settings that are not in force are left out. Pure. */
export function configFacts(config: ClusterConfig): ConfigFact[] {
  const { impersonation, clientCertificate, proxy, tlsServerName, context } = config;
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
    fact('credential', credentialOf(config.authorization), originOf(config.authorization)),
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
  ];
}

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

function credentialOf(authorization: Authorization): string {
  switch (authorization.kind) {
    case 'none':
      return 'none';
    case 'token':
      return `token ${redacted}`;
    case 'token-file':
      return `token from ${describePath(authorization.path)}`;
    case 'basic':
      return `basic, user ${authorization.username}, password ${redacted}`;
    case 'exec':
      // Arguments may hold secrets; the command alone says which plugin it is.
      return `exec plugin ${describeCommand(authorization.exec.command)} (${authorization.exec.apiVersion})`;
  }
}

function originOf(authorization: Authorization): Origin | undefined {
  return authorization.kind === 'none' ? undefined : authorization.origin;
}

/** A proxy URL as it may be shown. */
function withoutPassword(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined) return redacted;
  if (parsed.password === '') return url;
  parsed.password = 'redacted';
  return parsed.href.replace(':redacted@', `:${redacted}@`);
}
