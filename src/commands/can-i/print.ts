// What can-i prints: yes or no, tables, reviews, reasons.

import { questionText, targetText } from '../../api/access-question.ts';
import type { AccessAnswer, AccessRules } from '../../api/access-review.ts';
import { accessRows } from '../../api/access-rules.ts';
import type { Grant, Grants, Reference } from '../../api/rbac-grants.ts';
import type { RequestInfo } from '../../model/request-info.ts';
import type { Sink } from '../../io/io.ts';
import type { Json } from '../../model/object.ts';
import { escapeLine } from '../../output/escape.ts';
import { printRows } from '../../output/rows.ts';
import { isStructured, printStructured } from '../../output/structured.ts';
import type { Deps } from '../deps.ts';
import type { CanIOptions } from './options.ts';

export interface Answered {
  readonly question: RequestInfo;
  readonly expect?: 'yes' | 'no' | undefined;
  readonly answer: AccessAnswer;
  /** With `--why`, where the answer is yes and the server says who is asking. */
  readonly grants?: Grants;
}

/** @param out where answers go: stdout, unless that carries something else */
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

/** kubectl's answer: a no carries what the server says about it. */
function answerText({ allowed, reason, evaluationError }: AccessAnswer): string {
  if (allowed) return 'yes';
  return ['no', reason, evaluationError]
    .filter((part) => part !== '')
    .map(escapeLine)
    .join(' - ');
}

function matrixRows(
  answered: readonly Answered[],
  noHeaders: boolean,
): { columns: string[]; rows: string[][]; noHeaders: boolean } {
  const verbs = [...new Set(answered.map(({ question }) => question.verb))];
  const rows = new Map<string, Map<string, string>>();
  for (const { question, answer } of answered) {
    const what = targetText(question);
    const row = rows.get(what) ?? new Map<string, string>();
    row.set(question.verb, answer.allowed ? 'yes' : 'no');
    rows.set(what, row);
  }
  return {
    columns: ['RESOURCE', ...verbs.map((verb) => verb.toUpperCase())],
    rows: [...rows].map(([what, row]) => [what, ...verbs.map((verb) => row.get(verb) ?? '')]),
    noHeaders,
  };
}

function questionRows(
  answered: readonly Answered[],
  noHeaders: boolean,
): { columns: string[]; rows: string[][]; noHeaders: boolean } {
  return {
    columns: ['VERB', 'RESOURCE', 'NAME', 'NAMESPACE', 'ANSWER', 'EXPECTED', 'RESULT'],
    rows: answered.map(({ question, answer, expect = 'yes' }) => {
      const said = answer.allowed ? 'yes' : 'no';
      return [
        question.verb,
        targetText(question),
        question.kind === 'resource' ? question.name : '',
        question.kind === 'resource' ? (question.namespace === '' ? '*' : question.namespace) : '',
        said,
        expect,
        said === expect ? 'ok' : 'unexpected',
      ];
    }),
    noHeaders,
  };
}

/** A review as the server answered it, with the question in words and what `-f` and `--why` know besides. */
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
  if (answer.evaluationError !== '') lines.push(`not all could be judged: ${answer.evaluationError}`);
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
  return `granted by ${placed(binding)} to ${placed(subject)} through ${role.kind} ${role.name}: ${rule.verbs.join(', ')} on ${rights}`;
}

function placed({ kind, namespace, name }: Reference): string {
  return `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
}

/** `--list`: kubectl's table, each row once. */
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
