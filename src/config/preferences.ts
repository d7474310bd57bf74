// Reads the aliases and defaults of kuberc, the file with kubectl's own settings. Entry point:
// readPreferences. kuberc.ts reads the policy for exec plugins.

import { ConfigError } from '../errors.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../model/object.ts';
import type { Alias, CommandDefaults, FlagDefault, Preferences } from '../model/preferences.ts';
import type { ConfigInput } from './input.ts';
import { readPreferenceDocument, type PreferenceDocument } from './kuberc.ts';

/**
 * Reads the aliases and defaults of the kuberc file that {@link readPluginPolicy} reads.
 *
 * As in kubectl, a file that cannot be read is an error if the user named it. In the default file
 * it is a warning, and kapi continues without it. Names that are not valid are an error in both
 * cases.
 * @param warn receives the warning
 * @returns undefined without a file, and for a file that is turned off
 * @throws UsageError `FlagConflict` for --kuberc with KUBERC=off; ConfigError `KubercNotFound`,
 *   `KubercUnreadable`, `KubercInvalid`
 * @see https://pkg.go.dev/k8s.io/kubectl/pkg/kuberc#Preferences.Apply
 */
export async function readPreferences(
  input: ConfigInput,
  warn: (text: string) => void,
): Promise<Preferences | undefined> {
  let document: PreferenceDocument | undefined;
  let preferences: Preferences | undefined;
  try {
    document = await readPreferenceDocument(input, 'KUBERC=off turns it off');
    preferences = document === undefined ? undefined : decode(document);
  } catch (thrown) {
    const isNamed = (input.overrides.kuberc ?? '') !== '' || (input.env['KUBERC'] ?? '') !== '';
    if (!(thrown instanceof ConfigError) || isNamed) throw thrown;
    warn(`Warning: ${thrown.message}; its aliases and defaults are not used`);
    return undefined;
  }
  if (document === undefined || preferences === undefined) return undefined;
  const unknown = Object.keys(document.value).filter((key) => !knownFields.has(key));
  if (unknown.length > 0) {
    warn(
      `Warning: the kuberc file ${document.path} has unknown fields, which are ignored: ${unknown.join(', ')}`,
    );
  }
  checkNames(preferences, document.invalid);
  return preferences;
}

const knownFields = new Set([
  ...['apiVersion', 'kind', 'metadata', 'aliases', 'defaults', 'overrides'],
  ...['credentialPluginPolicy', 'credentialPluginAllowlist'],
]);

function decode({ value, path, invalid }: PreferenceDocument): Preferences {
  const isAlpha = value['apiVersion'] === 'kubectl.config.k8s.io/v1alpha1';
  const [defaultsKey, optionsKey] = isAlpha
    ? (['overrides', 'flags'] as const)
    : (['defaults', 'options'] as const);
  const reader: Reader = { invalid, optionsKey };
  return {
    path,
    aliases: readList(value['aliases'], 'aliases', reader).map((entry, at) =>
      readAlias(entry, `aliases[${at}]`, reader),
    ),
    defaults: readList(value[defaultsKey], defaultsKey, reader).map((entry, at) =>
      readDefaults(entry, `${defaultsKey}[${at}]`, reader),
    ),
  };
}

interface Reader {
  readonly invalid: PreferenceDocument['invalid'];
  readonly optionsKey: 'options' | 'flags';
}

function readAlias(entry: JsonObject, place: string, reader: Reader): Alias {
  return {
    name: readText(entry, 'name', place, reader),
    command: readText(entry, 'command', place, reader),
    prependArgs: readTexts(entry, 'prependArgs', place, reader),
    appendArgs: readTexts(entry, 'appendArgs', place, reader),
    options: readOptions(entry, place, reader),
  };
}

function readDefaults(entry: JsonObject, place: string, reader: Reader): CommandDefaults {
  return { command: readText(entry, 'command', place, reader), options: readOptions(entry, place, reader) };
}

function readOptions(entry: JsonObject, place: string, reader: Reader): FlagDefault[] {
  const key = reader.optionsKey;
  return readList(entry[key], `${place}.${key}`, reader).map((option, at) => ({
    name: readText(option, 'name', `${place}.${key}[${at}]`, reader),
    value: readText(option, 'default', `${place}.${key}[${at}]`, reader),
  }));
}

function readList(value: Json | undefined, place: string, { invalid }: Reader): JsonObject[] {
  if (value === undefined || value === null) return [];
  if (!isJsonArray(value)) throw invalid(`${place} is not a list`);
  return value.map((entry, at) => {
    if (!isJsonObject(entry)) throw invalid(`${place}[${at}] is not a mapping`);
    return entry;
  });
}

function readText(entry: JsonObject, key: string, place: string, { invalid }: Reader): string {
  const value = entry[key] ?? '';
  if (typeof value === 'string') return value;
  throw invalid(`${place}.${key} is not text`, 'put numbers, true and false between quotes');
}

function readTexts(entry: JsonObject, key: string, place: string, { invalid }: Reader): string[] {
  const value = entry[key] ?? [];
  const isTexts = (list: Json): list is string[] =>
    isJsonArray(list) && list.every((one) => typeof one === 'string');
  if (isTexts(value)) return value;
  throw invalid(`${place}.${key} is not a list of texts`, 'put numbers, true and false between quotes');
}

/** Checks what kubectl checks. @throws ConfigError `KubercInvalid` */
function checkNames({ aliases, defaults }: Preferences, invalid: PreferenceDocument['invalid']): void {
  const names = new Set<string>();
  for (const { name } of aliases) {
    if (!/^[a-zA-Z]+$/.test(name)) {
      throw invalid(`invalid alias name ${JSON.stringify(name)}, can only include alphabetical characters`);
    }
    if (names.has(name)) throw invalid(`duplicate alias name ${name}`);
    names.add(name);
  }
  for (const { options } of [...aliases, ...defaults]) {
    const dashed = options.find((option) => option.name.startsWith('-'));
    if (dashed !== undefined) {
      throw invalid(`flag name ${dashed.name} should be in long form without dashes`);
    }
  }
}
