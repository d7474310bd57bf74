// The value of `-o` with the template file it may name.

import { promises } from 'node:fs';
import { UsageError, systemCodeOf } from '../errors.ts';
import type { OutputFormat } from '../output/format.ts';
import { objectFormats, parseOutputFormat } from '../output/output-format.ts';

/**
 * @param text what stood after `-o`
 * @throws UsageError for a format that there is none of, or a template file that cannot be read
 */
export async function readOutputFormat(text: string): Promise<OutputFormat> {
  const parsed = parseOutputFormat(text, objectFormats);
  if (parsed.kind === 'format') return parsed.format;
  try {
    // Through node:fs, which is loaded anyway: node:fs/promises brings a dozen modules with it.
    return parsed.complete(await promises.readFile(parsed.path, 'utf8'));
  } catch (thrown) {
    const code = systemCodeOf(thrown);
    if (code === undefined) throw thrown;
    throw new UsageError(`the template file ${parsed.path} of -o cannot be read: ${code}`, {
      code: 'TemplateUnreadable',
      cause: thrown,
    });
  }
}
