// The tests of secrecy without one of the redactions of redactions.json: KAPI_REDACTION is its number. No file of src changes.
import { readFileSync } from 'node:fs';
import { defineConfig, mergeConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

interface Redaction {
  readonly what: string;
  /** Below src. */
  readonly file: string;
  /** The text that hides, and what replaces it. */
  readonly hides: string;
  readonly shows: string;
}

const text = readFileSync(new URL('redactions.json', import.meta.url), 'utf8');
const redaction = (JSON.parse(text) as readonly Redaction[])[Number(process.env['KAPI_REDACTION'])];
if (redaction === undefined) throw new Error('KAPI_REDACTION is not the number of a redaction');

export default mergeConfig(
  base,
  defineConfig({
    plugins: [
      {
        name: 'without-a-redaction',
        enforce: 'pre',
        transform: (code, id) => {
          if (!id.endsWith(`/src/${redaction.file}`)) return undefined;
          if (!code.includes(redaction.hides)) throw new Error(`${redaction.file} has no ${redaction.hides}`);
          return code.replace(redaction.hides, () => redaction.shows);
        },
      },
    ],
  }),
);
