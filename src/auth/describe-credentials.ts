// Describes the credentials in force without secrets: kind and origin. Entry point:
// describeCredentials. Pure. whoami shows the dates and names in certificates and tokens.

import type { ClusterConfig, Origin } from '../config/cluster-config.ts';
import { describeCommand, describePath } from '../model/path-value.ts';

export interface CredentialFact {
  readonly kind:
    | 'token'
    | 'token file'
    | 'authorization header'
    | 'basic'
    | 'exec plugin'
    | 'client certificate'
    | 'withheld'
    | 'anonymous';
  /** The file, user name or command that identifies the credential. Empty if there is none. */
  readonly detail: string;
  readonly origin: Origin;
}

/**
 * Returns all credentials that go with a request, Authorization first, or one fact of kind
 * `anonymous`. A fact of kind `withheld` means credentials that kapi does not send over plain http.
 */
export function describeCredentials(config: ClusterConfig): readonly CredentialFact[] {
  const facts = [describeAuthorization(config), describeCertificate(config)].filter(
    (fact) => fact !== undefined,
  );
  if (config.withheld !== undefined) {
    facts.push({ kind: 'withheld', detail: 'not sent over plain http', origin: config.withheld });
  }
  const anonymous: CredentialFact = {
    kind: 'anonymous',
    detail: '',
    origin: { kind: 'default', text: "kapi's default" },
  };
  return facts.length === 0 ? [anonymous] : facts;
}

function describeAuthorization({ authorization }: ClusterConfig): CredentialFact | undefined {
  switch (authorization.kind) {
    case 'none':
      return undefined;
    case 'token':
      return { kind: 'token', detail: '', origin: authorization.origin };
    case 'token-file':
      return { kind: 'token file', detail: describePath(authorization.path), origin: authorization.origin };
    case 'header':
      return { kind: 'authorization header', detail: '', origin: authorization.origin };
    case 'basic':
      return { kind: 'basic', detail: authorization.username, origin: authorization.origin };
    case 'exec':
      return {
        kind: 'exec plugin',
        detail: describeCommand(authorization.exec.command),
        origin: authorization.origin,
      };
  }
}

function describeCertificate({ clientCertificate }: ClusterConfig): CredentialFact | undefined {
  if (clientCertificate === undefined) return undefined;
  const { path, origin } = clientCertificate.certificate;
  return { kind: 'client certificate', detail: path ?? '', origin };
}
