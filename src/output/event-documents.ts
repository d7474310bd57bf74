// Prints changes of a watch as documents: JSON, YAML, KYAML and lines of JSON. Entry point:
// openEventDocumentPrinter. A document is `{type, object}`, as the server sends it, with `time` and
// `changes` if the user asked for them.

import type { Sink } from '../io/io.ts';
import type { Json, KubeObject } from '../model/object.ts';
import { ByteText } from './byte-text.ts';
import { openPalette, withColours } from './colour.ts';
import { openJsonSink, withoutManagedFields } from './documents.ts';
import { YamlHighlighter } from './highlight.ts';
import { writeCompactJson, writeJson } from './json.ts';
import {
  wholeObjectOf,
  type EventPrinter,
  type EventPrintOptions,
  type PrintedChange,
} from './printed-change.ts';
import { writeYaml } from './yaml.ts';

export type EventDocumentOptions = Pick<
  EventPrintOptions,
  'events' | 'namesLeft' | 'timestamps' | 'showManagedFields'
> & {
  readonly syntax: 'json' | 'yaml' | 'kyaml' | 'ndjson';
};

/** Bytes that are collected before they are written. */
const batchSize = 256 * 1024;
const bufferSize = batchSize + 64 * 1024;

/** The entries of a document in output order, small ones first. */
type Envelope = readonly (readonly [key: string, value: Json])[];

/**
 * Opens `-o json`, `yaml` and `ndjson`. If the object is the only entry, prints it without the
 * envelope, as kubectl does.
 */
export async function openEventDocumentPrinter(
  options: EventDocumentOptions,
  out: Sink,
): Promise<EventPrinter> {
  const text = new ByteText(bufferSize);
  const sink = await openSink(options.syntax, out);
  const write = await writerOf(options.syntax, out);
  return {
    async print(changes): Promise<void> {
      for (const printed of changes) {
        write(text, envelopeOf(printed, options), objectOf(printed, options));
        if (text.length > batchSize) await sink(text.takeCopy());
      }
      if (text.length > 0) await sink(text.takeCopy());
    },
  };
}

/** Encodes one document. */
type Write = (text: ByteText, envelope: Envelope, object: KubeObject) => void;

/**
 * Returns the function that writes encoded documents to the sink. KYAML goes to the sink unchanged,
 * because its strings already contain escapes instead of control characters.
 */
async function openSink(
  syntax: EventDocumentOptions['syntax'],
  out: Sink,
): Promise<(bytes: Uint8Array) => Promise<void> | void> {
  if (syntax === 'kyaml') return (bytes) => out.write(bytes);
  return syntax === 'yaml' ? openYamlSink(out) : openJsonSink(out);
}

async function writerOf(syntax: EventDocumentOptions['syntax'], out: Sink): Promise<Write> {
  switch (syntax) {
    case 'ndjson':
      return writeLine;
    case 'json':
      return writePretty;
    case 'yaml':
      return yamlWriter(out.isTTY);
    case 'kyaml': {
      const { kyamlEntries, kyamlText } = await import('./kyaml.ts');
      return (text, envelope, object) => {
        const entries: [string, Json][] = [
          ...envelope.map(([key, value]): [string, Json] => [key, value]),
          ['object', object],
        ];
        text.text(`---\n${envelope.length === 0 ? kyamlText(object) : kyamlEntries(entries)}\n`);
      };
    }
  }
}

function writeLine(text: ByteText, envelope: Envelope, object: KubeObject): void {
  if (envelope.length > 0) {
    let before = '{';
    for (const [key, value] of envelope) {
      text.text(`${before}"${key}":`);
      writeCompactJson(text, value);
      before = ',';
    }
    text.text(',"object":');
  }
  writeCompactJson(text, object);
  text.text(envelope.length > 0 ? '}\n' : '\n');
}

function writePretty(text: ByteText, envelope: Envelope, object: KubeObject): void {
  if (envelope.length === 0) {
    writeJson(text, object);
    text.text('\n');
    return;
  }
  text.text('{');
  for (const [key, value] of [...envelope, ['object', object] as const]) {
    text.newline(4);
    text.text(`"${key}": `);
    writeJson(text, value, 4);
    text.text(key === 'object' ? '\n}\n' : ',');
  }
}

function yamlWriter(escapeBidi: boolean): Write {
  let first = true;
  return (text, envelope, object) => {
    if (!first) text.text('---\n');
    first = false;
    // Writes one mapping entry by entry: writeYaml would sort the keys and put the object before
    // its type.
    for (const [key, value] of envelope) writeYaml(text, { [key]: value }, { escapeBidi });
    writeYaml(text, envelope.length > 0 ? { object } : object, { escapeBidi });
  };
}

function envelopeOf(
  { context, change, time, facts, fields, hasLeft }: PrintedChange,
  { events, namesLeft, timestamps }: EventDocumentOptions,
): Envelope {
  const left = namesLeft === true ? 'LEFT' : 'DELETED';
  const type = hasLeft === true ? left : change.change;
  return [
    ...(context === undefined ? [] : [['context', context] as const]),
    ...(events ? [['type', type] as const] : []),
    ...(timestamps ? [['time', time.toISOString()] as const] : []),
    ...(facts ?? []),
    ...(fields === undefined ? [] : [['changes', fields.map(fieldJson)] as const]),
  ];
}

function fieldJson({ path, before, after, isHidden }: NonNullable<PrintedChange['fields']>[number]): Json {
  if (isHidden === true) return { path, hidden: true };
  return { path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

function objectOf({ change }: PrintedChange, { showManagedFields }: EventDocumentOptions): KubeObject {
  const object = wholeObjectOf(change);
  return showManagedFields ? object : withoutManagedFields(object);
}

async function openYamlSink(out: Sink): Promise<(bytes: Uint8Array) => Promise<void> | void> {
  const palette = await openPalette(out.color);
  if (palette === undefined) return (bytes) => out.write(bytes);
  const highlighter = new YamlHighlighter(palette);
  return (bytes) => out.write(withColours(palette, highlighter.lines(new TextDecoder().decode(bytes))));
}
