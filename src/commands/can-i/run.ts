// Runs kapi can-i. api/access-question.ts parses the words, print.ts prints the answers.

import { setMaxListeners } from 'node:events';
import { readQuestions, type QuestionWords, type ReadQuestion } from '../../api/access-question.ts';
import { askAccess, askRules, buildAccessReview } from '../../api/access-review.ts';
import { buildBindingLists, findGrants } from '../../api/rbac-grants.ts';
import { askWhoAmI, buildSelfReview } from '../../api/self-review.ts';
import { ExitCode, NotSent, UsageError, localError } from '../../errors.ts';
import { describePath } from '../../model/path-value.ts';
import type { Send } from '../../model/request.ts';
import type { Deps } from '../deps.ts';
import { mapInOrder } from '../map-in-order.ts';
import { readStdin, readText } from '../read-file.ts';
import { pathOfUrl } from '../request-target.ts';
import { writeSuggestion } from '../suggest-rbac.ts';
import type { CanIOptions } from './options.ts';
import { printAnswers, printRules, type Answered } from './print.ts';
import { readQuestionFile } from './question-file.ts';

/**
 * Max parallel questions, each on its own connection: 200 questions take five round trips, and API
 * servers give one user more seats than that before they queue requests.
 */
const maxParallelQuestions = 40;

/** A question to ask, and the expected answer. */
interface Planned extends ReadQuestion {
  /** Undefined: either answer is fine, and no makes exit code 1. */
  readonly expect?: 'yes' | 'no' | undefined;
}

/** Asks the questions and prints the answers. */
export async function runCanI(options: CanIOptions, deps: Deps): Promise<ExitCode> {
  if (options.ask.kind === 'list') {
    const namespace = (await deps.config()).namespace.value;
    const rules = await askRules(await deps.send(), namespace, { signal: deps.signal });
    await printRules(rules, options, deps);
    return ExitCode.ok;
  }
  const planned = await planQuestions(options, deps);
  if (deps.globals.curl) return printRequests(planned, options, deps);
  const answered = await askAll(await deps.send(), planned, options, deps);
  const refused = answered.filter(({ answer, expect }) => answer.allowed !== (expect !== 'no'));
  // With --suggest-rbac stdout is YAML for `kubectl apply`, so the answers go to stderr.
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
  // Warnings about a file are easily overlooked in CI, and the "no" for a misspelt type would look
  // like a missing right.
  const refusesUnknown = strict || ask.kind === 'files';
  const config = await deps.config();
  const own = allNamespaces ? '' : config.namespace.value;
  const namespaceGiven = !allNamespaces && deps.globals.namespace !== undefined;
  const said = new Set<string>();
  const read = async (words: QuestionWords): Promise<readonly ReadQuestion[]> => {
    const target = withoutServer(words.target, config.server.value);
    const { questions, warnings, notes } = await readQuestions({ ...words, target }, deps.discovery, {
      refusesUnknown,
      strict,
    });
    for (const line of [...warnings.map((text) => `Warning: ${text}`), ...notes]) {
      // kubectl warns even with -q. Other notes are useless to a script.
      if (said.has(line) || (quiet && !line.startsWith('Warning: '))) continue;
      said.add(line);
      deps.warn(line);
    }
    return questions;
  };
  if (ask.kind === 'words') {
    return read({ ...ask, namespace: own, namespaceGiven });
  }
  if (ask.kind === 'list') return [];
  const planned: Planned[] = [];
  for (const path of ask.paths) {
    for (const one of await readQuestionFile(await readInput(path, deps), path, deps.parseDocument)) {
      const { namespace, expect } = one;
      const words = {
        ...one,
        namespace: namespace ?? own,
        namespaceGiven: namespace !== undefined || namespaceGiven,
      };
      const questions = await inFile(path, one.place, () => read(words));
      planned.push(...questions.map((question) => ({ ...question, expect })));
    }
  }
  return planned;
}

/**
 * Replaces URLs of the server with their paths, as `kapi get` and `kapi curl` do.
 * @throws UsageError for a URL of another server
 */
function withoutServer(targets: string, server: string): string {
  return targets
    .split(/,(?=https?:\/\/)/i)
    .map((target) => (/^https?:\/\//i.test(target) ? pathOfUrl(target, server, ['can-i', 'get']) : target))
    .join(',');
}

/**
 * Adds the position in the file to a UsageError.
 * @throws UsageError
 */
async function inFile<Result>(path: string, place: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown;
    const { message, code, hint } = thrown;
    throw new UsageError(`${path === '-' ? 'standard input' : path}, ${place}: ${message}`, {
      code,
      cause: thrown,
      ...(hint === undefined ? {} : { hint }),
    });
  }
}

async function readInput(path: string, { io }: Deps): Promise<string> {
  if (path === '-') {
    return Buffer.concat(await readStdin(io.in)).toString('utf8');
  }
  try {
    return await readText(path);
  } catch (thrown) {
    throw localError(
      `the file ${describePath(path)} of --filename cannot be read`,
      thrown,
      'QuestionsUnreadable',
    );
  }
}

/** Prints the requests for `--curl`: the questions, and with `--why` the additional ones. */
async function printRequests(
  planned: readonly Planned[],
  { why }: CanIOptions,
  deps: Deps,
): Promise<ExitCode> {
  const questions = planned.map(({ question }) => question);
  const lists = questions.flatMap(buildBindingLists);
  const requests = [
    ...questions.map(buildAccessReview),
    ...(why ? [buildSelfReview('v1'), ...new Map(lists.map((list) => [list.path, list])).values()] : []),
  ];
  const send = await deps.send();
  for (const request of requests) {
    await send(request).catch((thrown: unknown) => {
      if (!(thrown instanceof NotSent)) throw thrown;
    });
  }
  if (why) deps.warn('note: the roles that these bindings name are read after that');
  return ExitCode.ok;
}

async function askAll(
  send: Send,
  planned: readonly Planned[],
  { why }: CanIOptions,
  { signal }: Deps,
): Promise<Answered[]> {
  const user = why ? await askWhoAmI(send, { signal }) : undefined;
  const answered: Answered[] = [];
  // One failure ends the others, which would fail in the same way.
  const stop = new AbortController();
  const options = { signal: stop.signal };
  // As many listeners as questions are not a leak.
  setMaxListeners(0, stop.signal);
  try {
    const results = mapInOrder(planned, maxParallelQuestions, async (one) => {
      const answer = await askAccess(send, one.question, options);
      if (user?.kind !== 'user' || !answer.allowed) return { ...one, answer };
      return { ...one, answer, grants: await findGrants(send, one.question, user.user, options) };
    });
    for await (const result of results) answered.push(result);
  } catch (thrown) {
    stop.abort(thrown);
    throw thrown;
  }
  return answered;
}
