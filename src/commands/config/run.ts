// kapi config: the running part, and what `show` shows.

import type { Authorization, ClusterConfig, Origin } from '../../config/cluster-config.ts';
import type { Json } from '../../model/object.ts';
import { redacted } from '../../model/secret.ts';
import { printRows } from '../../output/rows.ts';
import { isStructured, printStructured } from '../../output/structured.ts';
import type { Deps } from '../deps.ts';
import { printContexts } from './contexts.ts';
import type { ConfigOptions } from './options.ts';
import { printRaw } from './raw.ts';

/** One line of `config show`. */
export interface ConfigFact {
  /** Name in structured output, kubeconfig's own where it has one. */
  readonly key: string;
  readonly value: string;
  readonly origin: Origin | undefined;
}

export async function runConfig(options: ConfigOptions, deps: Deps): Promise<void> {
  switch (options.view) {
    case 'show':
      return show(options.output, deps);
    case 'contexts':
      return printContexts(options.output, options.noHeaders, deps);
    default:
      return printRaw(options.view, deps);
  }
}

async function show(output: string, deps: Deps): Promise<void> {
  const facts = configFacts(await deps.config());
  const { out } = deps.io;
  if (isStructured(output)) {
    const document: Json = Object.fromEntries(
      facts.map(({ key, value, origin }) => [
        key,
        { value, ...(origin === undefined ? {} : { from: origin.text }) },
      ]),
    );
    return printStructured(out, output, document);
  }
  return printRows(out, {
    columns: ['SETTING', 'VALUE', 'FROM'],
    rows: facts.map(({ key, value, origin }) => [key, value, origin?.text ?? '']),
    noHeaders: false,
  });
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
      return `token from ${authorization.path}`;
    case 'basic':
      return `basic, user ${authorization.username}, password ${redacted}`;
    case 'exec':
      // Arguments may hold secrets; the command alone says which plugin it is.
      return `exec plugin ${authorization.exec.command} (${authorization.exec.apiVersion})`;
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
