// Descriptions of types and fields, for OpenAPI. Entry point: `descriptionOf`. The texts are kapi's
// own and are in descriptions.txt, in the order of kubernetes.txt.

import words from './descriptions.txt';

let descriptions: ReadonlyMap<string, string> | undefined;

/**
 * Returns the description of a struct by its qualified name, or of its field. Empty if there is
 * none.
 */
export function descriptionOf(structName: string, field?: string): string {
  descriptions ??= readDescriptions();
  const key = field === undefined ? structName : `${structName}/${field}`;
  return descriptions.get(key) ?? '';
}

function readDescriptions(): ReadonlyMap<string, string> {
  const read = new Map<string, string>();
  let packageName = '';
  let struct = '';
  for (const line of words.split('\n')) {
    if (line.startsWith('package ')) packageName = line.slice('package '.length);
    const dash = line.indexOf(' - ');
    if (dash < 0) continue;
    const text = line.slice(dash + 3);
    if (line.startsWith('  ')) read.set(`${struct}/${line.slice(2, dash)}`, text);
    else {
      struct = `${packageName}.${line.slice(0, dash)}`;
      read.set(struct, text);
    }
  }
  return read;
}
