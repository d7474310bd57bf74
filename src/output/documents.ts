// Prints whole objects: JSON, YAML and one compact object a line, streamed page by page. Entry
// points: openJsonPrinter, openYamlPrinter, openNdjsonPrinter. json.ts and yaml.ts format them.

import { BugError } from '../errors.ts';
import type { Sink } from '../io/io.ts';
import { objectAt, type KubeObject } from '../model/object.ts';
import type { Page } from '../model/page.ts';
import { ByteText } from './byte-text.ts';
import { openPalette, withColours } from './colour.ts';
import { escapeJsonControl } from './escape.ts';
import type { Printer, PrintOptions } from './format.ts';
import { highlightJson, YamlHighlighter } from './highlight.ts';
import { writeCompactJson, writeJson } from './json.ts';
import { writeYaml, writeYamlItem } from './yaml.ts';

export type DocumentOptions = Pick<PrintOptions, 'shape' | 'showManagedFields'>;

/** Bytes that are collected before they are written. */
const batchSize = 256 * 1024;
/** Bytes for a batch and for the object that completes it. */
const bufferSize = batchSize + 64 * 1024;

/** Opens `-o json`: a single object, or objects in a `v1 List`. */
export async function openJsonPrinter(options: DocumentOptions, out: Sink): Promise<Printer> {
  const sink = await openJsonSink(out);
  const text = new ByteText(bufferSize);
  const list = options.shape === 'list';
  let count = 0;
  return {
    async page(page): Promise<void> {
      for (const object of objectsOf(page, options)) {
        if (list) {
          text.text(count === 0 ? jsonListStart : ',');
          text.newline(8);
          writeJson(text, object, 8);
        } else {
          writeJson(text, object);
          text.text('\n');
        }
        count += 1;
        if (text.length > batchSize) await sink(text.take());
      }
      if (text.length > 0) await sink(text.take());
    },
    async end(): Promise<void> {
      if (list) await sink(new TextEncoder().encode((count === 0 ? jsonListStart : '\n    ') + jsonListEnd));
    },
    async abandon(): Promise<void> {
      if (list && count > 0) await sink(Buffer.from('\n'));
    },
  };
}

const jsonListStart = '{\n    "apiVersion": "v1",\n    "items": [';
const jsonListEnd = '],\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n';

/**
 * Opens `-o yaml`: a single object, objects that were requested one by one separated by `---`, or
 * objects of a list in a `v1 List`.
 */
export async function openYamlPrinter(options: DocumentOptions, out: Sink): Promise<Printer> {
  const palette = await openPalette(out.color);
  const highlighter = palette === undefined ? undefined : new YamlHighlighter(palette);
  const style = { escapeBidi: out.isTTY };
  const text = new ByteText(bufferSize);
  const list = options.shape === 'list';
  let count = 0;
  async function flush(): Promise<void> {
    if (text.length === 0) return;
    const bytes = text.take();
    if (highlighter === undefined) await out.write(bytes);
    else await out.write(withColours(palette, highlighter.lines(new TextDecoder().decode(bytes))));
  }
  return {
    async page(page): Promise<void> {
      for (const object of objectsOf(page, options)) {
        if (list) {
          if (count === 0) text.text(yamlListStart + '\n');
          writeYamlItem(text, object, style);
        } else {
          if (count > 0) text.text('---\n');
          writeYaml(text, object, style);
        }
        count += 1;
        if (text.length > batchSize) await flush();
      }
      await flush();
    },
    async end(): Promise<void> {
      if (!list) return;
      text.text((count === 0 ? `${yamlListStart} []\n` : '') + yamlListEnd);
      await flush();
    },
  };
}

const yamlListStart = 'apiVersion: v1\nitems:';
const yamlListEnd = 'kind: List\nmetadata:\n  resourceVersion: ""\n';

/**
 * Opens `-o kyaml`: a single object, or objects of a list in a `v1 List`, each document after
 * `---`.
 */
export async function openKyamlPrinter(options: DocumentOptions, out: Sink): Promise<Printer> {
  const { writeKyaml } = await import('./kyaml.ts');
  const text = new ByteText(bufferSize);
  const list = options.shape === 'list';
  let count = 0;
  return {
    async page(page): Promise<void> {
      for (const object of objectsOf(page, options)) {
        if (list) text.text(count === 0 ? kyamlListStart : ', ');
        else text.text('---\n');
        writeKyaml(text, object, list ? 1 : 0);
        if (!list) text.text('\n');
        count += 1;
        if (text.length > batchSize) await out.write(text.take());
      }
      if (text.length > 0) await out.write(text.take());
    },
    async end(): Promise<void> {
      if (list) await out.write((count === 0 ? kyamlListStart : '') + kyamlListEnd);
    },
  };
}

const kyamlListStart = '---\n{\n  apiVersion: "v1",\n  items: [';
const kyamlListEnd = '],\n  kind: "List",\n  metadata: {\n    resourceVersion: "",\n  },\n}\n';

/** Opens `-o ndjson`: one compact object a line, lists without a wrapper. */
export async function openNdjsonPrinter(options: DocumentOptions, out: Sink): Promise<Printer> {
  const sink = await openJsonSink(out);
  const text = new ByteText(bufferSize);
  return {
    async page(page): Promise<void> {
      let at = 0;
      for (const object of objectsOf(page, options)) {
        const context = page.contexts?.[at++];
        writeCompactJson(text, context === undefined ? object : { ...object, context });
        text.text('\n');
        if (text.length > batchSize) await sink(text.take());
      }
      if (text.length > 0) await sink(text.take());
    },
    end: () => Promise.resolve(),
  };
}

/**
 * Returns an object without `metadata.managedFields`, which only field managers read. Documents
 * such as `/version` have no metadata.
 */
export function withoutManagedFields(object: KubeObject): KubeObject {
  const { managedFields, ...metadata } = objectAt(object, 'metadata') ?? {};
  return managedFields === undefined ? object : { ...object, metadata };
}

function objectsOf(page: Page, options: DocumentOptions): Iterable<KubeObject> {
  if (page.kind === 'table') {
    throw new BugError('whole objects are to be printed, but rows of a table came', {
      code: 'RowsForObjects',
    });
  }
  return options.showManagedFields ? page.objects : page.objects.map(withoutManagedFields);
}

/**
 * Returns a function that writes JSON bytes: unchanged to a pipe, escaped and coloured to a
 * terminal.
 */
export async function openJsonSink(out: Sink): Promise<(bytes: Uint8Array) => Promise<void> | void> {
  if (!out.isTTY && out.color === 0) return (bytes) => out.write(bytes);
  const palette = await openPalette(out.color);
  return (bytes) => {
    const json = escapeJsonControl(new TextDecoder().decode(bytes));
    return out.write(palette === undefined ? json : withColours(palette, highlightJson(json, palette)));
  };
}
