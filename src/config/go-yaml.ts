// Reads YAML as go-yaml v2 does, and so as kubectl does: YAML 1.1 with the exceptions of that
// library. Entry point: readYaml. This reader is slow and complete. plain-yaml.ts is fast and
// declines what it does not know for sure.
// @see https://pkg.go.dev/sigs.k8s.io/yaml#YAMLToJSON

import type { Json } from '../model/object.ts';
import { isTimestamp, resolvePlainScalar } from './plain-scalar.ts';
import {
  parseNodes,
  type AliasNode,
  type MappingNode,
  type ScalarNode,
  type YamlNode,
} from './yaml-nodes.ts';
import { maxDepth, YamlProblem } from './yaml-scanner.ts';

/**
 * A parsed value, or a phrase that says what is wrong with the text. The phrase quotes nothing of
 * the text.
 */
export type ParsedYaml = { readonly value: Json } | { readonly problem: string };

/**
 * Reads the first document of a text and ignores the documents after it.
 * @param text a byte order mark at its start is dropped
 */
export function readYaml(text: string): ParsedYaml {
  const content = text.startsWith('\ufeff') ? text.slice(1) : text;
  const control = /[^\t\n\r\x20-\x7e\x85\xa0-\ufffd]/.exec(withoutPairs(content));
  if (control !== null) return { problem: `${placeOf(content, control.index)}: a control character` };
  try {
    const node = parseNodes(content);
    return { value: node === undefined ? null : new Decoder().decodeDocument(node) };
  } catch (error) {
    if (error instanceof YamlProblem) return { problem: error.message };
    throw error;
  }
}

/** Removes surrogate pairs: characters beyond U+FFFF are allowed, lone surrogates are not. */
function withoutPairs(text: string): string {
  return /[\ud800-\udfff]/.test(text)
    ? text.replaceAll(/[\u{10000}-\u{10ffff}]/gu, '__').replaceAll(/[\ud800-\udfff]/g, '\0')
    : text;
}

function placeOf(text: string, at: number): string {
  const lines = text.slice(0, at).split(/\r\n|[\r\n\x85\u2028\u2029]/);
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}

const yamlTag = 'tag:yaml.org,2002:';

class Decoder {
  /** Number of nodes decoded so far, and how many of them came from aliases. */
  #decoded = 0;
  #byAlias = 0;
  #aliasDepth = 0;
  #depth = 0;
  /** Line of the last number that JSON cannot express (`.inf`, `.nan`). */
  #infinite: number | undefined;
  readonly #open = new Set<AliasNode>();

  decodeDocument(node: YamlNode): Json {
    this.#decoded++;
    const value = this.#decode(node);
    // Only the final value must be JSON: a later duplicate key can have replaced an infinite
    // number.
    if (this.#infinite !== undefined && holdsInfinite(value)) {
      throw new YamlProblem(
        '.inf and .nan are not allowed here; quote them to use them as text',
        this.#infinite + 1,
      );
    }
    return value;
  }

  #decode(node: YamlNode): Json {
    this.#count();
    switch (node.kind) {
      case 'alias':
        return this.#follow(node, (target) => this.#decode(target));
      case 'scalar': {
        const value = scalarValue(node);
        if (isInfinite(value)) this.#infinite = node.line;
        return value;
      }
      case 'sequence':
        return this.#nested(() => node.items.map((item) => this.#decode(item)));
      case 'mapping':
        return this.#nested(() => {
          const entries = new Map<string, Json>();
          this.#fill(node, entries);
          // fromEntries makes an own property of `__proto__` too.
          return Object.fromEntries(entries);
        });
    }
  }

  /** Runs a reader one level deeper. Aliases can nest deeper than the text does. */
  #nested<Result>(read: () => Result): Result {
    this.#depth++;
    if (this.#depth > maxDepth) throw new YamlProblem('nested too deeply');
    const result = read();
    this.#depth--;
    return result;
  }

  /**
   * Counts a node. go-yaml limits the share of nodes that come from aliases, not the number of
   * aliases.
   */
  #count(): void {
    this.#decoded++;
    if (this.#aliasDepth > 0) this.#byAlias++;
    const share = this.#byAlias / this.#decoded;
    if (this.#byAlias > 100 && this.#decoded > 1000 && share > allowedShare(this.#decoded)) {
      throw new YamlProblem('aliases multiply what there is beyond all bounds');
    }
  }

  #follow<Result>(alias: AliasNode, read: (target: YamlNode) => Result): Result {
    if (this.#open.has(alias)) throw new YamlProblem('an alias inside of its own anchor', alias.line + 1);
    this.#open.add(alias);
    this.#aliasDepth++;
    const result = read(alias.target);
    this.#aliasDepth--;
    this.#open.delete(alias);
    return result;
  }

  /**
   * Adds the entries of a mapping. Later entries win, including merged ones: unlike YAML's own
   * rule, `<<` beats the keys before it.
   */
  #fill(node: MappingNode, entries: Map<string, Json>): void {
    for (const [key, value] of node.entries) {
      if (isMerge(key)) {
        this.#merge(value, entries);
      } else {
        entries.set(this.#keyOf(key), this.#decode(value));
      }
    }
  }

  #merge(node: YamlNode, entries: Map<string, Json>): void {
    // The first of several mappings wins, so it is merged last.
    const sources = node.kind === 'sequence' ? [...node.items].reverse() : [node];
    for (const source of sources) {
      this.#count();
      if (source.kind === 'mapping') this.#fill(source, entries);
      else if (source.kind === 'alias' && source.target.kind === 'mapping') {
        this.#follow(source, (target) => {
          this.#count();
          if (target.kind === 'mapping') this.#nested(() => this.#fill(target, entries));
        });
      } else {
        throw new YamlProblem('<< needs a mapping or a list of mappings', source.line + 1);
      }
    }
  }

  #keyOf(key: YamlNode): string {
    const target = key.kind === 'alias' ? key.target : key;
    if (target.kind !== 'scalar') throw new YamlProblem('a key that is a list or a mapping', key.line + 1);
    const value = this.#decode(key);
    if (typeof value === 'string') return value;
    if (typeof value === 'boolean') return String(value);
    if (typeof value === 'bigint' && value < 2n ** 63n) return String(value);
    if (typeof value === 'number') return Number.isInteger(value) ? String(value) : floatKey(value);
    throw new YamlProblem('a key that is neither text nor a number', key.line + 1);
  }
}

function isInfinite(value: Json): boolean {
  return typeof value === 'number' && !Number.isFinite(value);
}

function holdsInfinite(value: Json | undefined): boolean {
  if (typeof value !== 'object' || value === null) return value !== undefined && isInfinite(value);
  return Object.values(value as Readonly<Record<string, Json>>).some(holdsInfinite);
}

/** Formats a number as Go prints a float32. */
function floatKey(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  return String(Number(Math.fround(value).toPrecision(7)));
}

function isMerge(key: YamlNode): boolean {
  return key.kind === 'scalar' && key.text === '<<' && (key.isImplicit || key.tag === `${yamlTag}merge`);
}

/**
 * Returns the share of nodes that can come from aliases: 99 % for documents of usual size, down to
 * 10 % for documents of millions of nodes.
 */
function allowedShare(decoded: number): number {
  const [low, high] = [400_000, 4_000_000];
  if (decoded <= low) return 0.99;
  if (decoded >= high) return 0.1;
  return 0.99 - 0.89 * ((decoded - low) / (high - low));
}

function scalarValue(node: ScalarNode): Json {
  const value =
    node.tag === '' ? (node.isImplicit ? resolvePlainScalar(node.text) : node.text) : readTagged(node);
  return value;
}

function readTagged({ tag, text, line }: ScalarNode): Json {
  const value = resolvePlainScalar(text);
  const wrong = (): YamlProblem => new YamlProblem('a value that does not fit its tag', line + 1);
  switch (tag) {
    case `${yamlTag}str`:
      return text;
    case `${yamlTag}binary`:
      return decodeBinary(text) ?? raise(wrong());
    case `${yamlTag}null`:
      return value === null ? null : raise(wrong());
    case `${yamlTag}bool`:
      return typeof value === 'boolean' ? value : raise(wrong());
    case `${yamlTag}int`:
      return isWhole(value, text) ? value : raise(wrong());
    case `${yamlTag}float`:
      return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : raise(wrong());
    case `${yamlTag}timestamp`:
      return isTimestamp(text) ? text : raise(wrong());
    default:
      return text;
  }
}

/** True if a text resolves to an integer. `1.0` and `1e3` do not. */
function isWhole(value: Json, text: string): boolean {
  return (
    typeof value === 'bigint' ||
    (typeof value === 'number' && !/[.eE]/.test(text.replace(/^[-+]?0[xX].*/, '')))
  );
}

function decodeBinary(text: string): string | undefined {
  const base64 = text.replaceAll(/[\r\n]/g, '');
  const isValid = base64.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(base64);
  return isValid ? Buffer.from(base64, 'base64').toString('utf8') : undefined;
}

function raise(error: Error): never {
  throw error;
}
