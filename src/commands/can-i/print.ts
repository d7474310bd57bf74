// Prints the results of can-i: yes or no, tables, reviews, reasons.

import { questionText, targetText, type ReadQuestion } from '../../api/access-question.ts';
import type { AccessAnswer, AccessRules } from '../../api/access-review.ts';
import { accessRows } from '../../api/access-rules.ts';
import type { Grant, Grants, Reference } from '../../api/rbac-grants.ts';
import type { Sink } from '../../io/io.ts';
import type { Json } from '../../model/object.ts';
import { isContextSink } from '../../output/context-output.ts';
import { escapeLine } from '../../output/escape.ts';
import { printRows } from '../../output/rows.ts';
import { isStructured, printStructured } from '../../output/structured.ts';
import type { Deps } from '../deps.ts';
import type { CanIOptions } from './options.ts';

export interface Answered extends ReadQuestion {
  readonly expect?: 'yes' | 'no' | undefined;
  readonly answer: AccessAnswer;
  /** Set with `--why` if the response is yes and the server names the user. */
  readonly grants?: Grants;
}

/**
 * Prints the answers.
 * @param out the sink for answers: stdout, unless it is used for something else
 */
export async function printAnswers(
  answered: readonly Answered[],
  options: CanIOptions,
  deps: Deps,
  out: Sink,
): Promise<void> {
  const [first] = answered;
  const { output, why, noHeaders } = options;
  if (first === undefined) return;
  const single = answered.length === 1 && options.ask.kind === 'words';
  if (isStructured(output)) {
    const items = answered.map(reviewJson);
    const document: Json = single ? (items[0] ?? null) : { apiVersion: 'v1', kind: 'List', items };
    return printStructured(out, output, document, items);
  }
  if (single && !why && isContextSink(out)) {
    return printRows(out, { columns: ['ANSWER'], rows: [[answerText(first.answer)]], noHeaders });
  }
  if (single) {
    await out.write(`${answerText(first.answer)}\n`);
    return why
      ? out.write(
          whyLines(first)
            .map((line) => `${escapeLine(line)}\n`)
            .join(''),
        )
      : undefined;
  }
  await printRows(
    out,
    options.ask.kind === 'files' ? questionRows(answered, noHeaders) : matrixRows(answered, noHeaders),
  );
  if (!why) return;
  for (const each of answered) {
    const lines = [`${questionText(each.question)}: ${answerText(each.answer)}`, ...whyLines(each)];
    await out.write(lines.map((line) => `${escapeLine(line)}\n`).join(''));
  }
}

/** Formats an answer as kubectl does: a no includes the server's reason. */
function answerText(answer: AccessAnswer): string {
  if (answer.allowed) return 'yes';
  return ['no', answer.reason, noteOf(answer)]
    .filter((part) => part !== '')
    .map(escapeLine)
    .join(' - ');
}

/** Returns the notes on an answer in addition to yes or no. */
function noteOf({ conditional, evaluationError }: AccessAnswer): string {
  return [conditional ? conditionalNote : '', evaluationError].filter((part) => part !== '').join('; ');
}

const conditionalNote = 'it depends on the content of the request (conditional authorization)';

interface Rows {
  readonly columns: string[];
  readonly rows: string[][];
  readonly noHeaders: boolean;
}

function matrixRows(answered: readonly Answered[], noHeaders: boolean): Rows {
  const verbs = [...new Set(answered.map(({ verb }) => verb))];
  const byTarget = new Map<string, Answered[]>();
  for (const each of answered) {
    const others = byTarget.get(each.target);
    if (others === undefined) byTarget.set(each.target, [each]);
    else others.push(each);
  }
  return withNotes(
    ['RESOURCE', ...verbs.map((verb) => verb.toUpperCase())],
    [...byTarget].map(([target, each]) => ({
      cells: [
        target,
        ...verbs.map((verb) => {
          const answer = each.find((one) => one.verb === verb)?.answer;
          return answer === undefined ? '' : answer.allowed ? 'yes' : 'no';
        }),
      ],
      notes: each.map(({ answer }) => noteOf(answer)),
    })),
    noHeaders,
  );
}

function questionRows(answered: readonly Answered[], noHeaders: boolean): Rows {
  return withNotes(
    ['VERB', 'RESOURCE', 'NAME', 'NAMESPACE', 'ANSWER', 'EXPECTED', 'RESULT'],
    answered.map(({ question, answer, expect = 'yes' }) => {
      const said = answer.allowed ? 'yes' : 'no';
      return {
        cells: [
          question.verb,
          targetText(question),
          question.kind === 'resource' ? question.name : '',
          question.kind === 'resource' ? (question.namespace === '' ? '*' : question.namespace) : '',
          said,
          expect,
          said === expect ? 'ok' : 'unexpected',
        ],
        notes: [noteOf(answer)],
      };
    }),
    noHeaders,
  );
}

/** Adds a last column if some answers have notes. */
function withNotes(
  columns: string[],
  rows: readonly { readonly cells: string[]; readonly notes: readonly string[] }[],
  noHeaders: boolean,
): Rows {
  const noted = rows.map(({ cells, notes }) => ({
    cells,
    note: [...new Set(notes.filter((note) => note !== ''))].join('; '),
  }));
  if (noted.every(({ note }) => note === '')) {
    return { columns, rows: noted.map(({ cells }) => cells), noHeaders };
  }
  return {
    columns: [...columns, 'NOTE'],
    rows: noted.map(({ cells, note }) => [...cells, note]),
    noHeaders,
  };
}

/** Returns a review from the server, with the question as text and the data of `-f` and `--why`. */
function reviewJson({ question, expect, answer, grants }: Answered): Json {
  return {
    ...answer.document,
    question: questionText(question),
    ...(expect === undefined ? {} : { expected: expect, asExpected: answer.allowed === (expect === 'yes') }),
    ...(grants === undefined
      ? {}
      : {
          grantedBy: grants.grants.map(({ binding, subject, role, rule }) => ({
            binding: { ...binding },
            subject: { ...subject },
            role: { ...role },
            rule: Object.fromEntries(
              Object.entries({ ...rule }).filter(([, values]) => Array.isArray(values) && values.length > 0),
            ),
          })),
          ...(grants.unreadable.length === 0 ? {} : { unreadable: [...grants.unreadable] }),
        }),
  };
}

function whyLines({ answer, grants }: Answered): string[] {
  const lines = [
    `reason: ${answer.reason === '' ? (answer.allowed ? 'the server gives none' : 'no rule allows it') : answer.reason}`,
  ];
  if (answer.conditional) lines.push(conditionalNote);
  if (answer.evaluationError !== '')
    lines.push(`the server could not evaluate everything: ${answer.evaluationError}`);
  if (grants === undefined) return lines;
  lines.push(...grants.grants.map(grantText));
  if (grants.unreadable.length > 0) {
    lines.push(`you may not read ${grants.unreadable.join(', ')}: further bindings may grant it`);
  } else if (grants.grants.length === 0) {
    lines.push('no binding grants it: another authorizer than RBAC does, or membership in system:masters');
  }
  return lines;
}

function grantText({ binding, subject, role, rule }: Grant): string {
  const rights =
    rule.nonResourceURLs.length > 0
      ? rule.nonResourceURLs.join(', ')
      : rule.resources.join(', ') +
        (rule.resourceNames.length > 0 ? ` named ${rule.resourceNames.join(', ')}` : '');
  return `granted by ${placeText(binding)} to ${placeText(subject)} through ${role.kind} ${role.name}: ${rule.verbs.join(', ')} on ${rights}`;
}

function placeText({ kind, namespace, name }: Reference): string {
  return `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
}

/** Prints `--list`: kubectl's table, with each row once. */
export async function printRules(
  { rules, incomplete, evaluationError, document }: AccessRules,
  { output, noHeaders }: CanIOptions,
  deps: Deps,
): Promise<void> {
  const { out } = deps.io;
  if (incomplete) deps.warn(`Warning: the list may be incomplete: ${evaluationError}`);
  if (isStructured(output)) return printStructured(out, output, document);
  const list = (values: readonly string[]): string => `[${values.join(' ')}]`;
  return printRows(out, {
    columns: ['Resources', 'Non-Resource URLs', 'Resource Names', 'Verbs'],
    rows: accessRows(rules).map((row) => [row.resource, list(row.paths), list(row.names), list(row.verbs)]),
    noHeaders,
  });
}
