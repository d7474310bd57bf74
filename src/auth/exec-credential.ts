// Decodes the output of an exec plugin: from a parsed value to a credential. Entry point:
// decodeExecCredential. Pure.
// @see https://kubernetes.io/docs/reference/config-api/client-authentication.v1/

import { ConfigError } from '../errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/object.ts';
import { readCertificateBundle, readPrivateKey } from '../model/pem.ts';
import { Secret } from '../model/secret.ts';
import { parseTimestamp } from '../model/timestamp.ts';

/** The versions that kapi supports. authorization.ts refuses others in a kubeconfig. */
const execVersions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];

/** The credential of a plugin: a token, a certificate or both. */
export interface ExecCredential {
  readonly token?: Secret | undefined;
  readonly certificate?: { readonly certificate: string; readonly key: Secret } | undefined;
  /** Undefined: valid as long as the process runs. */
  readonly expires?: Date | undefined;
}

/**
 * Decodes the output of a plugin.
 * @param apiVersion the version that kapi requested; the output must have the same
 * @param plugin the command of the plugin, for messages
 * @throws ConfigError `ExecAnswerInvalid`; never repeats the output
 */
export function decodeExecCredential(answer: Json, apiVersion: string, plugin: string): ExecCredential {
  const root = objectOf(answer, 'the answer', plugin);
  const [version, kind] = [textOf(root, 'apiVersion', plugin), textOf(root, 'kind', plugin)];
  if (version === '' || (kind !== '' && kind !== 'ExecCredential'))
    throw invalid(plugin, 'it is not an ExecCredential');
  if (version !== apiVersion) {
    throw invalid(
      plugin,
      `exec plugin is configured to use API version ${apiVersion}, plugin returned version ${version}`,
      execVersions.some((known) => known === version)
        ? `set the entry's apiVersion to ${JSON.stringify(version)}, if the plugin speaks no other`
        : `the plugin must answer with ${execVersions.join(' or ')}: a newer version of it does`,
    );
  }
  checkSpec(root, plugin);
  if (root['status'] === undefined || root['status'] === null) {
    throw invalid(plugin, "exec plugin didn't return a status field");
  }
  const status = objectOf(root['status'], 'status', plugin);
  const token = textOf(status, 'token', plugin);
  const certificate = textOf(status, 'clientCertificateData', plugin);
  const key = textOf(status, 'clientKeyData', plugin);
  if (token === '' && certificate === '' && key === '') {
    throw invalid(plugin, "exec plugin didn't return a token or cert/key pair");
  }
  if ((certificate === '') !== (key === '')) {
    throw invalid(plugin, 'exec plugin returned only certificate or key, not both');
  }
  return {
    token: token === '' ? undefined : new Secret(token),
    certificate: certificate === '' ? undefined : readPair(certificate, key, plugin),
    expires: readExpiry(status['expirationTimestamp'], plugin),
  };
}

function readPair(certificate: string, key: string, plugin: string): { certificate: string; key: Secret } {
  const bundle = readCertificateBundle(certificate);
  if (bundle.certificates === 0) throw invalid(plugin, 'clientCertificateData contains no PEM certificate');
  const found = readPrivateKey(key);
  if (found.kind !== 'present') {
    throw invalid(
      plugin,
      found.kind === 'encrypted' ? 'clientKeyData is encrypted' : 'clientKeyData contains no private key',
    );
  }
  return { certificate: bundle.pem, key: new Secret(found.pem) };
}

function readExpiry(value: Json | undefined, plugin: string): Date | undefined {
  if (value === undefined || value === null) return undefined;
  const nanoseconds = typeof value === 'string' ? parseTimestamp(value) : undefined;
  if (nanoseconds === undefined) throw invalid(plugin, 'expirationTimestamp is not an RFC 3339 time');
  return new Date(Number(nanoseconds / 1_000_000n));
}

/** Checks the types in a spec, which kapi does not need, but client-go decodes. */
function checkSpec(root: JsonObject, plugin: string): void {
  if (root['spec'] === undefined || root['spec'] === null) return;
  const { interactive, cluster } = objectOf(root['spec'], 'spec', plugin);
  if (typeof (interactive ?? false) !== 'boolean') throw invalid(plugin, 'spec.interactive is not a boolean');
  if (cluster !== undefined && cluster !== null) objectOf(cluster, 'spec.cluster', plugin);
}

function objectOf(value: Json | undefined, place: string, plugin: string): JsonObject {
  if (isJsonObject(value)) return value;
  throw invalid(plugin, `${place} is not an object`);
}

/** Returns the string at a key. Null counts as absent. */
function textOf(object: JsonObject, key: string, plugin: string): string {
  const value = Object.hasOwn(object, key) ? (object[key] ?? '') : '';
  if (typeof value !== 'string') throw invalid(plugin, `${key} is not text`);
  return value;
}

function invalid(plugin: string, problem: string, hint?: string): ConfigError {
  return new ConfigError(`decoding the answer of the exec plugin ${plugin}: ${problem}`, {
    code: 'ExecAnswerInvalid',
    hint: hint ?? 'run the plugin by hand to see what it prints',
  });
}
