// Colours of YAML and JSON, line by line, as meanings. Pure. Entry points: colouredYaml(),
// colouredJson(), styleOfScalar().

import type { Json } from '../model/object.ts';
import type { Segment } from './layout.ts';
import type { Style } from './style.ts';

/** Splits a line of block YAML into its key and its value. */
export function colouredYaml(line: string): Segment[] {
  const [, lead = '', key = '', value = ''] =
    /^(\s*(?:- )*)((?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s:'"#][^:]*):(?=\s|$))?(.*)$/.exec(line) ?? [];
  const segments: Segment[] = [];
  if (lead !== '') segments.push({ text: lead, style: 'plain' });
  if (key !== '') segments.push({ text: key, style: 'key' });
  if (value !== '') segments.push({ text: value, style: styleOfText(value.trim()) });
  return segments;
}

/** Splits a line of indented JSON in the same way. */
export function colouredJson(line: string): Segment[] {
  const [, lead = '', key = '', value = ''] = /^(\s*)("(?:[^"\\]|\\.)*"(?=:))?(.*)$/.exec(line) ?? [];
  const segments: Segment[] = [];
  if (lead !== '') segments.push({ text: lead, style: 'plain' });
  if (key !== '') segments.push({ text: key, style: 'key' });
  const [, colon = '', scalar = '', comma = ''] = /^(:?\s*)(.*?)(,?)$/.exec(value) ?? [];
  if (colon !== '') segments.push({ text: colon, style: 'plain' });
  if (scalar !== '') segments.push({ text: scalar, style: styleOfText(scalar) });
  if (comma !== '') segments.push({ text: comma, style: 'plain' });
  return segments;
}

function styleOfText(text: string): Style {
  if (/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return 'number';
  if (/^(true|false|null|~)$/.test(text)) return 'constant';
  return /^[[\]{}|>][-+]?,?$/.test(text) ? 'plain' : 'string';
}

export function styleOfScalar(value: Json): Style {
  if (typeof value === 'string') return 'string';
  return typeof value === 'number' || typeof value === 'bigint' ? 'number' : 'constant';
}
