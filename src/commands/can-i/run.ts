// kapi can-i: the running part. Reading words is api/access-question.ts, printing answers print.ts.

import { setMaxListeners } from 'node:events';
import { readFile } from 'node:fs/promises';
import { readQuestions, type QuestionWords } from '../../api/access-question.ts';
import { askAccess, askRules } from '../../api/access-review.ts';
import { findGrants } from '../../api/rbac-grants.ts';
import type { RequestInfo } from '../../model/request-info.ts';
import { askWhoAmI } from '../../api/self-review.ts';
import { ExitCode, NotSent, localError } from '../../errors.ts';
import type { Send } from '../../model/request.ts';
import type { Deps } from '../deps.ts';
import { inOrder } from '../in-order.ts';
import { writeSuggestion } from '../suggest-rbac.ts';
import type { CanIOptions } from './options.ts';
import { printAnswers, printRules, type Answered } from './print.ts';
import { readQuestionFile } from './question-file.ts';

/**
 * Questions at the same time, each over a connection of its own: 200 of them are answered within five round trips, and
 * API servers give one user more seats than that before they make requests wait.
 */
const atOnce = 40;

/** A question that will be asked, and the answer that is wanted. */
interface Planned {
  readonly question: RequestInfo;
  /** Undefined: either will do, and no makes exit code 1. */
  readonly expect?: 'yes' | 'no' | undefined;
}

export async function runCanI(options: CanIOptions, deps: Deps): Promise<ExitCode> {
  if (options.ask.kind === 'list') {
    const namespace = (await deps.config()).namespace.value;
    const rules = await askRules(await deps.send(), namespace, { signal: deps.signal });
    await printRules(rules, options, deps);
    return ExitCode.ok;
  }
  const planned = await planQuestions(options, deps);
  const answered = await askAll(await deps.send(), planned, options, deps);
  const refused = answered.filter(({ answer, expect }) => answer.allowed !== (expect !== 'no'));
  // With a suggestion stdout is YAML for `kubectl apply`, so the answers go to people.
  const { suggestRbac } = deps.globals;
  if (!options.quiet) await printAnswers(answered, options, deps, suggestRbac ? deps.io.err : deps.io.out);
  if (suggestRbac) {
    const missing = answered.filter(({ answer, expect }) => !answer.allowed && expect !== 'no');
    await writeSuggestion(
      missing.map(({ question }) => question),
      undefined,
      deps,
    );
  }
  return refused.length === 0 ? ExitCode.ok : ExitCode.no;
}

async function planQuestions(options: CanIOptions, deps: Deps): Promise<readonly Planned[]> {
  const { ask, allNamespaces, strict, quiet } = options;
  const config = await deps.config();
  const own = allNamespaces ? '' : config.namespace.value;
  const namespaceGiven = !allNamespaces && deps.globals.namespace !== undefined;
  const said = new Set<string>();
  const read = async (words: QuestionWords): Promise<readonly RequestInfo[]> => {
    const { questions, warnings, notes } = await readQuestions(words, deps.discovery, { strict });
    for (const line of [...warnings.map((text) => `Warning: ${text}`), ...notes]) {
      // kubectl warns even with -q; what was asked is of no use to a script.
      if (said.has(line) || (quiet && !line.startsWith('Warning: '))) continue;
      said.add(line);
      deps.warn(line);
    }
    return questions;
  };
  if (ask.kind === 'words') {
    const { verb, target, name, subresource } = ask;
    const questions = await read({ verb, target, name, subresource, namespace: own, namespaceGiven });
    return questions.map((question) => ({ question }));
  }
  if (ask.kind === 'list') return [];
  const planned: Planned[] = [];
  for (const path of ask.paths) {
    for (const one of await readQuestionFile(await readInput(path, deps), path, deps.parseDocument)) {
      const { verb, target, name, subresource, namespace, expect } = one;
      const words = {
        verb,
        target,
        name,
        subresource,
        namespace: namespace ?? own,
        namespaceGiven: namespace !== undefined || namespaceGiven,
      };
      planned.push(...(await read(words)).map((question) => ({ question, expect })));
    }
  }
  return planned;
}

async function readInput(path: string, { io }: Deps): Promise<string> {
  if (path === '-') {
    const chunks: Uint8Array[] = [];
    for await (const chunk of io.in) chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
  }
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    throw localError(`the file ${path} of --filename cannot be read`, thrown, 'QuestionsUnreadable');
  }
}

async function askAll(
  send: Send,
  planned: readonly Planned[],
  { why }: CanIOptions,
  { signal }: Deps,
): Promise<Answered[]> {
  const user = why ? await askWhoAmI(send, { signal }) : undefined;
  const answered: Answered[] = [];
  // One failure makes the others pointless: whoever cannot be asked cannot be asked.
  const stop = new AbortController();
  const options = { signal: stop.signal };
  // As many listeners as questions are no leak.
  setMaxListeners(0, stop.signal);
  let printed: NotSent | undefined;
  try {
    const results = inOrder(planned, atOnce, async ({ question, expect }) => {
      try {
        const answer = await askAccess(send, question, options);
        if (user?.kind !== 'user' || !answer.allowed) return { question, expect, answer };
        return { question, expect, answer, grants: await findGrants(send, question, user.user, options) };
      } catch (thrown) {
        // With --curl all questions are printed, not the first alone.
        if (thrown instanceof NotSent) return thrown;
        throw thrown;
      }
    });
    for await (const result of results) {
      if (result instanceof NotSent) printed = result;
      else answered.push(result);
    }
  } catch (thrown) {
    stop.abort(thrown);
    throw thrown;
  }
  if (printed !== undefined) throw printed;
  return answered;
}
