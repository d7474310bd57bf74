// Reads a text as the document that explore shows: JSON, YAML, or a stream of either. Entry point:
// readDocument().

import { JsonSyntaxError, parseJson } from '../api/exact-json.ts';
import type { Json } from '../model/object.ts';
import { splitYamlStream } from '../model/yaml-stream.ts';
import type { Deps } from './deps.ts';
import type { ExploredDocument } from './first-screen.ts';

/**
 * Reads JSON, JSON in lines, or YAML. Several documents become an array. Any other text is shown as
 * text.
 * @param language what the text can be: a log with colons is not YAML
 */
export async function readDocument(
  text: string,
  language: 'json' | 'any',
  deps: Pick<Deps, 'parseDocument'>,
): Promise<ExploredDocument> {
  const json = tryJson(text);
  if (json !== undefined) return { value: json };
  if (language === 'json') return { text };
  const lines = jsonLines(text);
  if (lines !== undefined) return { value: lines };
  // The YAML reader would show the beginning of broken JSON as if it were all.
  if (/^\s*(?:\{\s*"|\[)/.test(text)) return { text };
  const documents: Json[] = [];
  for (const part of splitYamlStream(text)) {
    const parsed = await deps.parseDocument(part);
    if (!('value' in parsed)) return { text };
    if (parsed.value === null) continue;
    // A scalar is a text that happens to be YAML.
    if (typeof parsed.value !== 'object') return { text };
    documents.push(parsed.value);
  }
  const [first, ...others] = documents;
  if (first === undefined) return { text };
  return { value: others.length === 0 ? first : documents };
}

/** The values of a text with one JSON object in each line. */
function jsonLines(text: string): Json | undefined {
  if (!text.startsWith('{')) return undefined;
  const values: Json[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const value = tryJson(line);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

function tryJson(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch (thrown) {
    if (!(thrown instanceof JsonSyntaxError)) throw thrown;
    return undefined;
  }
}
