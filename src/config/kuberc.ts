// Decides which exec plugins can run, by the credentialPluginPolicy of kuberc, the file with
// kubectl's own settings. Entry point: readPluginPolicy. preferences.ts reads aliases and defaults
// of the same file.
// @see https://kubernetes.io/docs/reference/config-api/kuberc.v1beta1/

import nativePaths, { posix, type PlatformPath } from 'node:path';

import { ConfigError, UsageError, fileProblemOf, systemCodeOf } from '../errors.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../model/object.ts';
import { contentIn, looksLike } from '../model/path-value.ts';
import { splitYamlStream } from '../model/yaml-stream.ts';
import type { PluginPolicy } from './cluster-config.ts';
import { parseDocument } from './document.ts';
import { readFileAsText, type ConfigInput } from './input.ts';

const group = 'kubectl.config.k8s.io';
const versions = [`${group}/v1beta1`, `${group}/v1alpha1`];

/**
 * Reads `--kuberc`, else the file of `KUBERC`, else `~/.kube/kuberc`.
 *
 * As in kubectl 1.36, the first document with a supported version counts, and `KUBERC=off` and
 * `KUBECTL_KUBERC=false` turn the file off. kubectl ignores a policy that it cannot read. In kapi
 * that is an error: a file that can forbid a program must not fail open.
 * @returns undefined if every plugin can run
 * @throws UsageError `FlagConflict` for --kuberc with KUBERC=off; ConfigError `KubercNotFound`,
 *   `KubercUnreadable`, `KubercInvalid`
 */
export async function readPluginPolicy(input: ConfigInput): Promise<PluginPolicy | undefined> {
  const document = await readPreferenceDocument(
    input,
    'it says which credential plugins may run; correct it, or turn it off with KUBERC=off',
  );
  return document === undefined ? undefined : decodePolicy(document.value, document.path, document.invalid);
}

/** The document of a kuberc file that counts. */
export interface PreferenceDocument {
  readonly value: JsonObject;
  /** Absolute path of the file. */
  readonly path: string;
  /** Makes the error for a problem in the document. */
  readonly invalid: Invalid;
}

/**
 * Reads the first document with a supported version of the kuberc file.
 * @param hint what to do about a file that is not valid
 * @returns undefined without a file or document, and for a file that is turned off
 * @throws as {@link readPluginPolicy}
 */
export async function readPreferenceDocument(
  input: ConfigInput,
  hint: string,
): Promise<PreferenceDocument | undefined> {
  const place = placeOf(input);
  if (place === undefined) return undefined;
  const text = await readText(place, input.readFile ?? readFileAsText);
  if (text === undefined) return undefined;
  const invalid: Invalid = (problem, special) =>
    new ConfigError(`the kuberc file ${place.path} cannot be used: ${problem}`, {
      code: 'KubercInvalid',
      hint: special ?? hint,
    });
  const value = await firstPreference(text, invalid);
  return value === undefined ? undefined : { value, path: place.path, invalid };
}

interface Place {
  readonly path: string;
  /**
   * The flag or variable that names the file. Undefined: the default path, where the file need not
   * exist.
   */
  readonly namedBy: string | undefined;
}

function placeOf({ overrides, env, home, cwd, paths = nativePaths }: ConfigInput): Place | undefined {
  const variable = env['KUBERC'] ?? '';
  const flag = overrides.kuberc ?? '';
  if (variable === 'off') {
    if (flag === '') return undefined;
    throw new UsageError('--kuberc and KUBERC=off exclude each other', { code: 'FlagConflict' });
  }
  if (flag !== '') return placeNamedBy(flag, '--kuberc', cwd, paths);
  if ((env['KUBECTL_KUBERC'] ?? '').toLowerCase() === 'false') return undefined;
  if (variable !== '') return placeNamedBy(variable, 'KUBERC', cwd, paths);
  return { path: paths.resolve(cwd, paths.join(home ?? '', '.kube', 'kuberc')), namedBy: undefined };
}

function placeNamedBy(value: string, namedBy: string, cwd: string, paths: PlatformPath): Place {
  const content = contentIn(value);
  if (content === undefined) return { path: paths.resolve(cwd, value), namedBy };
  throw new ConfigError(`${namedBy} is not the path of a file: ${looksLike(content)}`, {
    code: 'ContentAsPath',
  });
}

async function readText(
  { path, namedBy }: Place,
  readFile: NonNullable<ConfigInput['readFile']>,
): Promise<string | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    const isAbsent = systemCodeOf(error) === 'ENOENT';
    if (isAbsent && namedBy === undefined) return undefined;
    throw new ConfigError(
      `the kuberc file ${path} cannot be read: ${fileProblemOf(error)} (${namedBy === undefined ? 'its usual place' : `named by ${namedBy}`})`,
      {
        code: isAbsent ? 'KubercNotFound' : 'KubercUnreadable',
        hint: 'it says which credential plugins may run; KUBERC=off turns it off',
        cause: error,
      },
    );
  }
}

type Invalid = (problem: string, hint?: string) => ConfigError;

/**
 * Returns the first document with a version that kubectl 1.36 has. Skips other versions: one file
 * can serve several versions of kubectl.
 */
async function firstPreference(text: string, invalid: Invalid): Promise<JsonObject | undefined> {
  const others: string[] = [];
  for (const document of splitYamlStream(text)) {
    const parsed = await parseDocument(document);
    if (!('value' in parsed)) throw invalid(parsed.problem);
    const { value } = parsed;
    if (value === null) continue;
    if (!isJsonObject(value)) throw invalid('a document in it is not a mapping');
    const { apiVersion, kind } = value;
    if (typeof apiVersion === 'string' && kind === 'Preference' && versions.includes(apiVersion))
      return value;
    others.push(`apiVersion ${formatValue(apiVersion)}, kind ${formatValue(kind)}`);
  }
  if (others.length === 0) return undefined;
  throw invalid(`${others.join('; ')} instead of ${versions.join(' or ')}, Preference`);
}

function formatValue(value: Json | undefined): string {
  return typeof value === 'string' && contentIn(value) === undefined ? JSON.stringify(value) : 'unreadable';
}

function decodePolicy(preference: JsonObject, path: string, invalid: Invalid): PluginPolicy | undefined {
  const fields = { policy: 'credentialPluginPolicy', list: 'credentialPluginAllowlist' };
  const isBeta = preference['apiVersion'] === versions[0];
  for (const key of Object.keys(preference)) {
    const isKnown = key === fields.policy || key === fields.list;
    // kubectl warns about an unknown field and continues without it, and so without the policy.
    if (isKnown ? isBeta : !/credential|plugin|allow-?list/i.test(key)) continue;
    throw invalid(
      isKnown
        ? `${versions[1] ?? ''} has no ${key}`
        : `it has an unknown field ${key}, and ${fields.policy} and ${fields.list} are the fields about plugins`,
      isKnown ? `write apiVersion: ${versions[0] ?? ''}` : undefined,
    );
  }
  const policy = preference[fields.policy] ?? '';
  const list = preference[fields.list] ?? undefined;
  if (policy === 'Allowlist') return { kind: policy, commands: decodeList(list, invalid), path };
  if (policy !== '' && policy !== 'AllowAll' && policy !== 'DenyAll') {
    throw invalid(`${fields.policy} is not AllowAll, DenyAll or Allowlist`);
  }
  if (list !== undefined) {
    throw invalid(
      `it has ${fields.list}, but ${fields.policy} is ${policy === '' ? 'not set' : policy}`,
      `the list needs ${fields.policy}: Allowlist`,
    );
  }
  return policy === 'DenyAll' ? { kind: policy, commands: [], path } : undefined;
}

function decodeList(list: Json | undefined, invalid: Invalid): string[] {
  if (!isJsonArray(list))
    throw invalid('credentialPluginPolicy is Allowlist, and credentialPluginAllowlist is not a list');
  if (list.length === 0) {
    throw invalid(
      'credentialPluginPolicy is Allowlist, and credentialPluginAllowlist is empty',
      'DenyAll allows no plugin',
    );
  }
  return list.map((entry, at) => {
    const wrong = (problem: string): ConfigError => invalid(`credentialPluginAllowlist[${at}] ${problem}`);
    if (!isJsonObject(entry)) throw wrong('is not a mapping');
    const unknown = Object.keys(entry).find((key) => key !== 'name' && key !== 'command');
    // An unknown condition narrows the entry: kapi would allow more without it.
    if (unknown !== undefined) throw wrong(`has an unknown field ${unknown}`);
    const { name, command } = { name: entry['name'] ?? '', command: entry['command'] ?? '' };
    if (typeof name !== 'string' || typeof command !== 'string')
      throw wrong('has a command that is not text');
    if (name !== '' && command !== '' && name !== command)
      throw wrong('has a name and a command that differ');
    const found = command === '' ? name : command;
    if (found === '') throw wrong('is empty: it needs a command');
    if (cleanPath(found) !== found)
      throw wrong('has a path with parts that mean nothing, such as //, /. or /..');
    return found;
  });
}

/** Cleans a path as Go's filepath.Clean does. */
function cleanPath(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}
