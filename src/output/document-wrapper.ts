// Wraps JSON, YAML and KYAML documents of several contexts in one: {"contexts": [{"context": NAME,
// "document": …}, …]}, with "error" if a context failed. Entry point: openDocumentWrapper().
// Documents pass through as indented text, as they arrive.

import type { Painted, Sink } from '../io/io.ts';
import type { JsonObject } from '../model/object.ts';
import { openPalette, withColours } from './colour.ts';

export type WrapperSyntax = 'json' | 'yaml' | 'kyaml';

export interface DocumentWrapper {
  /** Writes a piece of the document of a context. Pieces of one context follow one another. */
  write(context: string, chunk: string | Painted | Uint8Array): Promise<void>;
  /** Ends the entry of a context. */
  finish(context: string, failure: object | undefined): Promise<void>;
  end(): Promise<void>;
}

/** The text around documents. */
interface Syntax {
  readonly start: string;
  /** Text between two entries. */
  readonly between: string;
  /** Returns the start of an entry. */
  readonly entry: (context: string) => string;
  /** Start of a document. */
  readonly document: string;
  /** Text before each further line of a document. */
  readonly indent: string;
  readonly afterDocument: string;
  readonly error: (failure: JsonObject) => string;
  readonly endOfEntry: string;
  readonly end: string;
}

/** Opens a wrapper. */
export async function openDocumentWrapper(syntax: WrapperSyntax, out: Sink): Promise<DocumentWrapper> {
  const texts = await syntaxOf(syntax);
  const palette = await openPalette(out.color);
  let count = 0;
  let current: string | undefined;
  let hasDocument = false;
  let isLineEnded = false;

  async function begin(context: string): Promise<void> {
    if (current === context) return;
    await out.write((count === 0 ? texts.start : texts.between) + texts.entry(context));
    count++;
    current = context;
    hasDocument = false;
  }

  function indented(text: string): string {
    const before = isLineEnded ? '\n' : '';
    isLineEnded = text.endsWith('\n');
    return (before + (isLineEnded ? text.slice(0, -1) : text)).replaceAll('\n', `\n${texts.indent}`);
  }

  return {
    async write(context, chunk): Promise<void> {
      await begin(context);
      let change = indented;
      if (!hasDocument) {
        await out.write(texts.document);
        hasDocument = true;
        isLineEnded = false;
        // The start of a separate document, which the wrapper does not need.
        change = (text) => indented(text.replace(/^---\n/, ''));
      }
      if (typeof chunk === 'string') await out.write(change(chunk));
      else if (chunk instanceof Uint8Array) {
        // Byte for byte: a piece can end within a character.
        await out.write(Buffer.from(change(Buffer.from(chunk).toString('latin1')), 'latin1'));
      } else await out.write(withColours(palette, change(chunk.painted)));
    },
    async finish(context, failure): Promise<void> {
      await begin(context);
      const after = hasDocument ? texts.afterDocument : '';
      await out.write(after + (failure === undefined ? '' : texts.error({ ...failure })) + texts.endOfEntry);
      current = undefined;
    },
    async end(): Promise<void> {
      await out.write(texts.end);
    },
  };
}

async function syntaxOf(syntax: WrapperSyntax): Promise<Syntax> {
  const { prettyJson, quoteJson } = await import('./json.ts');
  switch (syntax) {
    case 'json': {
      const pad = ' '.repeat(12);
      return {
        start: '{\n    "contexts": [\n        ',
        between: ',\n        ',
        entry: (context) => `{\n${pad}"context": ${quoteJson(context)}`,
        document: `,\n${pad}"document": `,
        indent: pad,
        afterDocument: '',
        error: (failure) => `,\n${pad}"error": ${prettyJson(failure, 12)}`,
        endOfEntry: '\n        }',
        end: '\n    ]\n}\n',
      };
    }
    case 'yaml': {
      const { yamlText } = await import('./yaml.ts');
      return {
        start: 'contexts:\n',
        between: '',
        entry: (context) => `- ${yamlText({ context })}`,
        document: '  document:\n    ',
        indent: '    ',
        afterDocument: '\n',
        error: (failure) => yamlText({ error: failure }).replaceAll(/^(?=.)/gm, '  '),
        endOfEntry: '',
        end: '',
      };
    }
    case 'kyaml': {
      const { kyamlText } = await import('./kyaml.ts');
      return {
        start: '---\n{\n  contexts: [',
        between: ', ',
        entry: (context) => `{\n    context: ${quoteJson(context)},\n`,
        document: '    document: ',
        indent: '    ',
        afterDocument: ',\n',
        error: (failure) => `    error: ${kyamlText(failure, 2)},\n`,
        endOfEntry: '  }',
        end: '],\n}\n',
      };
    }
  }
}
