// Finds, reads and merges kubeconfig files. Entry points: loadKubeconfig, and currentContextOf for
// the context in force. choice.ts decides which entries a run uses.

import nativePaths from 'node:path';

import { ConfigError, fileProblemOf, systemCodeOf } from '../errors.ts';
import { contentIn, looksLike, tooLong } from '../model/path-value.ts';
import type { Origin, ShadowedEntry, Sourced } from './cluster-config.ts';
import { parseDocument } from './document.ts';
import { givenOverrides, readFileAsText, type ConfigInput, type Overrides, type ReadFile } from './input.ts';
import {
  decodeKubeconfig,
  type ClusterEntry,
  type ContextEntry,
  type KubeconfigFile,
  type UserEntry,
} from './kubeconfig-schema.ts';

/** All files merged. Each entry has the origin of its own file. */
export interface Kubeconfig {
  /** The source of the list of files: `--kubeconfig`, `KUBECONFIG` or the home directory. */
  readonly source: '--kubeconfig' | 'KUBECONFIG' | 'home';
  /** Absolute paths of the files that were read, in order. */
  readonly files: readonly string[];
  /** Absolute paths of files that do not exist. */
  readonly missing: readonly string[];
  readonly currentContext?: Sourced<string> | undefined;
  readonly clusters: ReadonlyMap<string, ClusterEntry>;
  readonly contexts: ReadonlyMap<string, ContextEntry>;
  readonly users: ReadonlyMap<string, UserEntry>;
  /** Entries of later files whose name an earlier file has too. */
  readonly shadowed: readonly ShadowedEntry[];
}

/** The input of a run that reads the kubeconfig several times, for several contexts. */
export interface KubeconfigInput extends ConfigInput {
  /** Returns the kubeconfig that was read before. Default: it is read from the files. */
  readonly kubeconfig?: ((input: ConfigInput) => Promise<Kubeconfig>) | undefined;
}

/**
 * Reads `--kubeconfig`, else every file of `KUBECONFIG`, else `~/.kube/config`, and merges them.
 * The first file with an entry of a name provides the whole entry, and the first `current-context`
 * wins.
 * @throws ConfigError `KubeconfigNotFound` (only for the file of `--kubeconfig`: others can be
 *   missing), `KubeconfigUnreadable`, `KubeconfigInvalid`, `ContentAsPath` if the setting contains
 *   a kubeconfig instead of a path
 * @see https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
 */
export async function loadKubeconfig(input: KubeconfigInput): Promise<Kubeconfig> {
  if (input.kubeconfig !== undefined) return input.kubeconfig(input);
  const { source, paths, contentOf } = kubeconfigPaths(input);
  const readFile = input.readFile ?? readFileAsText;
  const files: KubeconfigFile[] = [];
  const shadowed: ShadowedEntry[] = [];
  const missing: string[] = [];
  for (const path of paths) {
    const file = await readKubeconfigFile(path, source, contentOf, readFile);
    if (file === undefined) missing.push(path);
    else files.push(file);
  }
  return {
    source,
    files: files.map((file) => file.path),
    missing,
    currentContext: files.find((file) => file.currentContext !== undefined)?.currentContext,
    clusters: firstWins(
      files.map((file) => file.clusters),
      shadowed,
    ),
    contexts: firstWins(
      files.map((file) => file.contexts),
      shadowed,
    ),
    users: firstWins(
      files.map((file) => file.users),
      shadowed,
    ),
    shadowed,
  };
}

/**
 * Returns the name of the context in force: `--context`, else the `current-context` of the files.
 * Does not check whether it exists.
 */
export function currentContextOf(kubeconfig: Kubeconfig, overrides: Overrides): Sourced<string> | undefined {
  const flag = givenOverrides(overrides).context;
  return flag === undefined
    ? kubeconfig.currentContext
    : { value: flag, origin: { kind: 'flag', text: '--context' } };
}

interface KubeconfigPaths {
  readonly source: Kubeconfig['source'];
  /** Absolute. */
  readonly paths: readonly string[];
  /**
   * Returns what the setting looks like if it is not a path or a list of paths. Called when a file
   * cannot be read.
   */
  readonly contentOf?: () => string | undefined;
}

function kubeconfigPaths(input: ConfigInput): KubeconfigPaths {
  const paths = input.paths ?? nativePaths;
  const flag = givenOverrides(input.overrides).kubeconfig;
  if (flag !== undefined) {
    return {
      source: '--kubeconfig',
      paths: [paths.resolve(input.cwd, flag)],
      contentOf: () => contentIn(flag),
    };
  }
  const list = input.env['KUBECONFIG'] ?? '';
  if (list !== '') {
    const named = list.split(paths.delimiter).filter((path) => path !== '');
    return {
      source: 'KUBECONFIG',
      paths: [...new Set(named.map((path) => paths.resolve(input.cwd, path)))],
      contentOf: () => contentInList(list, named),
    };
  }
  return {
    source: 'home',
    paths: [paths.resolve(input.cwd, paths.join(input.home ?? '', '.kube', 'config'))],
  };
}

/**
 * Judges the whole variable first: the colons of a kubeconfig would split it into parts that look
 * like nothing.
 */
function contentInList(list: string, paths: readonly string[]): string | undefined {
  const whole = contentIn(list);
  // A list can be longer than one path can be.
  if (whole !== undefined && whole !== tooLong) return whole;
  return paths.map(contentIn).find((content) => content !== undefined);
}

async function readKubeconfigFile(
  path: string,
  source: Kubeconfig['source'],
  contentOf: KubeconfigPaths['contentOf'],
  readFile: ReadFile,
): Promise<KubeconfigFile | undefined> {
  let text: string;
  try {
    text = await readFile(path);
  } catch (error) {
    const content = contentOf?.();
    if (content !== undefined) throw contentAsPath(source, content);
    const absent = systemCodeOf(error) === 'ENOENT';
    if (absent && source !== '--kubeconfig') return undefined;
    throw new ConfigError(`loading config file "${path}": ${fileProblemOf(error)}`, {
      code: absent ? 'KubeconfigNotFound' : 'KubeconfigUnreadable',
      hint: `the file comes from ${source === 'home' ? "kapi's default" : source}`,
      cause: error,
    });
  }
  const parsed = await parseDocument(text);
  const content = 'value' in parsed && typeof parsed.value === 'string' ? contentIn(parsed.value) : undefined;
  if (content !== undefined) {
    throw new ConfigError(`loading config file "${path}": it contains ${content}, not a kubeconfig`, {
      code: 'KubeconfigInvalid',
      hint:
        content === 'base64'
          ? 'a kubeconfig in base64 must be decoded first: base64 -d'
          : 'the file must be a kubeconfig in YAML or JSON',
    });
  }
  if ('value' in parsed) return decodeKubeconfig(parsed.value, path);
  throw new ConfigError(`loading config file "${path}": ${parsed.problem}`, {
    code: 'KubeconfigInvalid',
    hint: 'the file must be a kubeconfig in YAML or JSON',
  });
}

function contentAsPath(source: Kubeconfig['source'], content: string): ConfigError {
  return new ConfigError(`${source} is not the path of a file: ${looksLike(content)}`, {
    code: 'ContentAsPath',
    hint: `write the kubeconfig to a file that only you can read, and set ${source} to its path`,
  });
}

/** @param shadowed gets the entries that lose */
function firstWins<Entry extends { readonly origin: Origin }>(
  maps: readonly ReadonlyMap<string, Entry>[],
  shadowed: ShadowedEntry[],
): ReadonlyMap<string, Entry> {
  const [first, ...others] = maps;
  if (first === undefined || others.length === 0) return first ?? new Map();
  const merged = new Map(first);
  for (const [name, entry] of others.flatMap((map) => [...map])) {
    const winner = merged.get(name);
    if (winner === undefined) merged.set(name, entry);
    else shadowed.push({ origin: entry.origin, by: winner.origin });
  }
  return merged;
}
