// The named formats of Kubernetes' CEL (`format.dns1123Label()`). Entry point: formats. Pure.
// See https://pkg.go.dev/k8s.io/apiserver/pkg/cel/library#Format

import { isRequestUri } from './url.ts';
import { FormatValue } from './values.ts';

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain = `${label}(\\.${label})*`;
const label1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const name = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const labelValue = `(${name})?`;

const labelWords =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const subdomainWords =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const label1035Words =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
const nameWords =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const labelValueWords =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

interface Rule {
  readonly pattern: string;
  readonly words: string;
  readonly maxLength: number;
  readonly examples: readonly string[];
}

const rules = {
  label: { pattern: label, words: labelWords, maxLength: 63, examples: ['my-name', '123-abc'] },
  subdomain: { pattern: subdomain, words: subdomainWords, maxLength: 253, examples: ['example.com'] },
  label1035: { pattern: label1035, words: label1035Words, maxLength: 63, examples: ['my-name', 'abc-123'] },
  name: { pattern: name, words: nameWords, maxLength: 63, examples: ['MyName', 'my.name', '123-abc'] },
  labelValue: {
    pattern: labelValue,
    words: labelValueWords,
    maxLength: 63,
    examples: ['MyValue', 'my_value', '12345'],
  },
} satisfies Readonly<Record<string, Rule>>;

function problemsOf(text: string, { pattern, words, maxLength, examples }: Rule): readonly string[] {
  const isLong = Buffer.byteLength(text) > maxLength;
  const samples = examples.map((one) => `'${one}', `).join('or ');
  return [
    ...(isLong ? [`must be no more than ${maxLength} bytes`] : []),
    ...(matchesAll(text, pattern)
      ? []
      : [`${words} (e.g. ${samples}regex used for validation is '${pattern}')`]),
  ];
}

/**
 * Max characters of a text, so that no pattern backtracks for long. A longer text is too long for
 * every format.
 */
const longest = 1024;

function matchesAll(text: string, pattern: string): boolean {
  return text.length <= longest && new RegExp(`^(?:${pattern})$`).test(text);
}

/** Completes a prefix that ends in a dash, which is valid because a suffix makes it a name. */
function asPrefix(text: string): string {
  return text.length > 1 && text.endsWith('-') ? `${text.slice(0, -1)}a` : text;
}

function qualifiedName(text: string): readonly string[] {
  const parts = text.split('/');
  if (parts.length > 2) {
    const [problem = ''] = problemsOf('!', rules.name);
    return [
      `a valid label key ${problem} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const [own = '', prefix] = parts.toReversed();
  const ofPrefix =
    prefix === undefined ? [] : prefix === '' ? ['must be non-empty'] : problemsOf(prefix, rules.subdomain);
  const ofName =
    own === '' ? ['must be non-empty', ...problemsOf('!', rules.name)] : problemsOf(own, rules.name);
  return [...ofPrefix.map((one) => `prefix part ${one}`), ...ofName.map((one) => `name part ${one}`)];
}

function check(problem: string, isValid: (text: string) => boolean): (text: string) => readonly string[] {
  return (text) => (isValid(text) ? [] : [problem]);
}

function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(match[3]);
}

function isDateTime(text: string): boolean {
  const match = /^(\d{4}-\d{2}-\d{2})[tT](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:[zZ]|[+-]\d{2}:\d{2})$/.exec(
    text,
  );
  if (match === null) return false;
  return isDate(match[1] ?? '') && Number(match[2]) < 24 && Number(match[3]) < 60 && Number(match[4]) < 60;
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const uuid = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

const validators: Readonly<Record<string, (text: string) => readonly string[]>> = {
  dns1123Label: (text) => problemsOf(text, rules.label),
  dns1123Subdomain: (text) => problemsOf(text, rules.subdomain),
  dns1035Label: (text) => problemsOf(text, rules.label1035),
  qualifiedName,
  dns1123LabelPrefix: (text) => problemsOf(asPrefix(text), rules.label),
  dns1123SubdomainPrefix: (text) => problemsOf(asPrefix(text), rules.subdomain),
  dns1035LabelPrefix: (text) => problemsOf(asPrefix(text), rules.label1035),
  labelValue: (text) => problemsOf(text, rules.labelValue),
  uri: (text) => (isRequestUri(text) ? [] : [`parse ${JSON.stringify(text)}: invalid URI for request`]),
  uuid: check('does not match the UUID format', (text) => uuid.test(text)),
  byte: check('invalid base64', (text) => text !== '' && base64.test(text)),
  date: check('invalid date', isDate),
  datetime: check('invalid datetime', isDateTime),
};

/** The formats by name. */
export const formats: ReadonlyMap<string, FormatValue> = new Map(
  Object.entries(validators).map(([format, validate]) => [format, new FormatValue(format, validate)]),
);
