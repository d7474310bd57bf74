// Prints data of kapi itself (groups, types, paths, configuration) as JSON, YAML or lines of JSON.
// Entry point: printStructured().

import type { Sink } from '../io/io.ts';
import type { Json } from '../model/object.ts';
import { isContextSink } from './context-output.ts';
import type { StructuredFormat } from './format.ts';

/** True for a machine-readable format. */
export function isStructured(format: string | undefined): format is StructuredFormat {
  return format === 'json' || format === 'yaml' || format === 'ndjson';
}

/**
 * Prints a document.
 * @param document the output of `json` and `yaml`
 * @param items the output of `ndjson`, one a line; the document itself if there is nothing to
 *   enumerate
 */
export async function printStructured(
  out: Sink,
  format: StructuredFormat,
  document: Json,
  items: readonly Json[] = [document],
): Promise<void> {
  if (isContextSink(out)) return out.part.structured(format, document, items);
  const { text, syntax } = await renderStructured(format, document, items);
  if (out.color === 0 && !out.isTTY) return out.write(text);
  const { highlight } = await import('./highlight.ts');
  return out.write(await highlight(text, syntax, out.color));
}

async function renderStructured(
  format: StructuredFormat,
  document: Json,
  items: readonly Json[],
): Promise<{ text: string; syntax: 'json' | 'yaml' }> {
  if (format === 'yaml') return { text: (await import('./yaml.ts')).yamlText(document), syntax: 'yaml' };
  const { compactJson, prettyJson } = await import('./json.ts');
  if (format === 'json') return { text: `${prettyJson(document)}\n`, syntax: 'json' };
  return { text: items.map((item) => `${compactJson(item)}\n`).join(''), syntax: 'json' };
}
