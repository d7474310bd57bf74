// Parses the value of `-o`, and reads the template file that it can name.

import { promises } from 'node:fs';
import { localError } from '../errors.ts';
import type { OutputFormat } from '../output/format.ts';
import { objectFormats, parseOutputFormat } from '../output/output-format.ts';
import { describePath } from '../model/path-value.ts';

/**
 * Parses a format.
 * @param text the value of `-o`
 * @throws UsageError for an unknown format; LocalError for a template file that cannot be read
 */
export async function readOutputFormat(text: string): Promise<OutputFormat> {
  const parsed = parseOutputFormat(text, objectFormats);
  if (parsed.kind === 'format') return parsed.format;
  try {
    // node:fs is loaded anyway; node:fs/promises loads a dozen modules.
    return parsed.complete(await promises.readFile(parsed.path, 'utf8'));
  } catch (thrown) {
    throw localError(
      `the template file ${describePath(parsed.path)} of -o cannot be read`,
      thrown,
      'TemplateUnreadable',
    );
  }
}
