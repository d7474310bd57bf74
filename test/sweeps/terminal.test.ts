// No control character of a server, a kubeconfig, a file or a plugin reaches a terminal: every
// command in every format, from the specs, with a server that makes every string hostile.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sweepLines } from './lines.ts';
import type { Answer } from './replica.ts';
import { openStage, type Stage } from './stage.ts';

/**
 * A title, hidden text, 8-bit CSI, reversed text, an invisible space, line separators, a bell and a
 * carriage return.
 */
const hostile = '\u001b]0;PWN\u0007\u001b[5;8m\u009b2J\u202e\u200b\u2028\u0085\r\u0000\u007f\u{e0041}';
/** What must not remain after kapi's own colours are removed: `hostile` uses none of those. */
const raw =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\u{e0041}/u;
const ownColour = /\u001b\[(?:0|1|2|3|4|7|22|23|24|27|3\d|39|9\d|38;5;\d+|38;2;\d+;\d+;\d+)?(?:;\d+)*m/g;

function rawIn(text: string): string | undefined {
  const found = raw.exec(text.replaceAll(ownColour, (code) => (code.includes(';8m') ? code : '')));
  return found === null
    ? undefined
    : JSON.stringify(text.slice(Math.max(0, found.index - 80), found.index + 20));
}

/** Values that control kapi: if they change it refuses the response, which the other mode tests. */
const steering = new Set([
  'apiVersion',
  'kind',
  'group',
  'version',
  'resource',
  'scope',
  'type',
  'format',
  '$ref',
  'groupVersion',
  'verbs',
  'resourceVersion',
  'continue',
  'singularResource',
]);

/** Appends the hostile text to every string, except strings that control kapi unless `wild`. */
function spoil(value: unknown, wild: boolean, key = ''): unknown {
  if (typeof value === 'string') return !wild && steering.has(key) ? value : `${value}${hostile}`;
  if (Array.isArray(value)) return value.map((each) => spoil(each, wild, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      // Keys of maps come from users, too: labels, annotations, data.
      ['labels', 'annotations', 'data'].includes(key) || (wild && key === 'properties')
        ? `${name}${hostile}`
        : name,
      spoil(each, wild, name),
    ]),
  );
}

function spoiled(answer: Answer, wild: boolean): Answer {
  const lines = answer.isWatch ? answer.body.split('\n').filter((line) => line !== '') : [answer.body];
  const body = lines.map((line) => {
    try {
      // `type` of an event controls kapi.
      return JSON.stringify(spoil(JSON.parse(line), wild));
    } catch {
      return `${line}${hostile}`;
    }
  });
  return {
    ...answer,
    headers: { ...answer.headers, warning: latin1(`299 - "old${hostile}"`) },
    body: body.join('\n') + (answer.isWatch ? '\n' : ''),
  };
}

/** What Node allows in a header, as the bytes of UTF-8. */
function latin1(text: string): string {
  return Buffer.from(text.replaceAll(/[\u0000-\u0008\u000a-\u001f\u007f]/g, '')).toString('latin1');
}

const status =
  (code: number): ((answer: Answer) => Answer) =>
  (answer) => ({
    ...answer,
    isWatch: false,
    status: code,
    headers: { 'content-type': 'application/json', warning: latin1(`299 - "old${hostile}"`) },
    body: JSON.stringify(
      spoil(
        {
          kind: 'Status',
          apiVersion: 'v1',
          status: 'Failure',
          code,
          reason: code === 403 ? 'Forbidden' : 'Invalid',
          message: `no\nhint: run \`rm\`\n`,
          details: { name: 'n', kind: 'k', causes: [{ message: 'm', field: 'f' }] },
        },
        false,
      ),
    ),
  });

const modes: Readonly<Record<string, (answer: Answer) => Answer>> = {
  'all strings but those that steer': (answer) => spoiled(answer, false),
  'all strings': (answer) => spoiled(answer, true),
  'a refusal': status(403),
  'a failure': status(500),
  text: (answer) => ({
    ...answer,
    isWatch: false,
    headers: { 'content-type': 'text/html', server: latin1(`gate${hostile}`) },
    body: `<html>${hostile}`,
  }),
};

let stage: Stage;
let unfriendly = '';

beforeAll(async () => {
  stage = await openStage();
  unfriendly = stage.kubeconfig('unfriendly', hostile.replaceAll('\u0000', ''));
}, 120_000);

afterAll(() => stage.close());

const lines = sweepLines().map((words) => [words.join(' '), words] as const);
const ends = new Set([0, 1, 2, 3, 4, 5, 6, 130]);

interface Case {
  readonly name: string;
  readonly change: (answer: Answer) => Answer;
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
  /** From a kubeconfig with hostile names and an exec plugin whose stderr is hostile. */
  readonly isUnfriendly?: boolean;
  /** One line of this number, to save time; the first case and that of the kubeconfig use all. */
  readonly oneIn?: number;
}

const same = (answer: Answer): Answer => answer;
const cases: readonly Case[] = [
  ...Object.entries(modes).map(([name, change], at) => ({
    name: `a server that answers with ${name}`,
    change,
    oneIn: at === 0 ? 1 : 3,
  })),
  {
    name: 'the same without colours',
    change: modes['all strings but those that steer'] ?? same,
    env: { NO_COLOR: '1' },
    oneIn: 3,
  },
  {
    name: 'the same at -vv',
    change: modes['all strings but those that steer'] ?? same,
    flags: ['-vv'],
    oneIn: 3,
  },
  {
    name: 'a refusal as JSON',
    change: modes['a refusal'] ?? same,
    flags: ['--error-format', 'json'],
    oneIn: 3,
  },
  { name: 'hostile names in the kubeconfig', change: same, isUnfriendly: true, flags: ['-v'] },
];

describe.each(cases)('$name', ({ name, change, env = {}, flags = [], isUnfriendly, oneIn = 1 }) => {
  it('never reaches the terminal with a control character, and is never reported as a bug', async () => {
    const faults: string[] = [];
    const changed = new Map<Answer, Answer>();
    const { replica } = stage;
    replica.change = (answer) => {
      const known = changed.get(answer) ?? change(answer);
      changed.set(answer, known);
      return known;
    };
    const before = replica.asked;
    const chosen = lines.filter((_, at) => at % oneIn === 0);
    for (const [line, words] of chosen) {
      const end = words.indexOf('--');
      const whole = end < 0 ? [...words, ...flags] : [...words.slice(0, end), ...flags, ...words.slice(end)];
      const { stdout, stderr, code } = await stage.run(whole, {
        ...{ tty: true, env },
        ...(isUnfriendly === true ? { kubeconfig: unfriendly } : {}),
      });
      for (const text of [stdout, stderr]) {
        const found = rawIn(text);
        if (found !== undefined) faults.push(`${line}: ${found}`);
      }
      if (!ends.has(code)) faults.push(`${line}: exit ${code}: ${stderr.slice(0, 300)}`);
    }
    expect(faults).toEqual([]);
    expect(replica.asked - before, `${name}: it was asked`).toBeGreaterThan(chosen.length / 2);
  }, 300_000);
});
