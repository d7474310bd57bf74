// Parses the value of `-o`, and reads the template file that it can name.

import { localError } from '../errors.ts';
import type { OutputFormat } from '../output/format.ts';
import { objectFormats, parseOutputFormat } from '../output/output-format.ts';
import { describePath } from '../model/path-value.ts';
import { readText } from './read-file.ts';

/**
 * Parses a format.
 * @param text the value of `-o`
 * @throws UsageError for an unknown format; LocalError for a template file that cannot be read
 */
export async function readOutputFormat(text: string): Promise<OutputFormat> {
  const parsed = parseOutputFormat(text, objectFormats);
  if (parsed.kind === 'format') return parsed.format;
  try {
    return parsed.complete(await readText(parsed.path));
  } catch (thrown) {
    throw localError(
      `the template file ${describePath(parsed.path)} of -o cannot be read`,
      thrown,
      'TemplateUnreadable',
    );
  }
}
