// A jsonpath template over a list that arrives in pages: prints what the complete list would print, and keeps only what
// it must. Entry point: streamJsonPath. What can be streamed at all is decided in jsonpath-plan.ts.

import type { Json, KubeObject } from '../model/object.ts';
import { prettyJson } from './json.ts';
import type { JsonPathOptions, Template } from './jsonpath.ts';
import { evaluateJsonPath, explainFailure, printAsJson, printAsText } from './jsonpath.ts';
import type { Pass, PlanPart, StreamPlan } from './jsonpath-plan.ts';
import { planStream } from './jsonpath-plan.ts';
import type { Found, Run, Step } from './jsonpath-steps.ts';
import { compileStep, execute, newRun } from './jsonpath-steps.ts';

/** Takes a list page by page; the texts it gives, one after another, are the output. */
export interface JsonPathStream {
  /** Why every object is kept until the end; undefined where memory stays flat. */
  readonly collects: string | undefined;
  /** @throws UsageError `JsonPathFailed`; unlike with a complete list, something may have been printed by then */
  page(objects: readonly KubeObject[]): string;
  /** The rest of the output, in pieces. @throws UsageError `JsonPathFailed` */
  end(): readonly string[];
}

/** The list that kubectl shows to templates, whatever was asked for. */
export function listOf(items: readonly Json[]): Json {
  return { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } };
}

/**
 * Evaluates a template over the `v1 List` of all objects, as far as possible while they arrive. Where the template
 * has several nodes that read `.items`, the first is printed at once and of the others the text is kept.
 * @throws UsageError `JsonPathFailed` where a part that reads no objects fails
 */
export function streamJsonPath(template: Template, options: JsonPathOptions): JsonPathStream {
  // Whether a key is missing everywhere is known at the end, and nothing may be printed before.
  const plan: StreamPlan = options.allowMissingKeys
    ? planStream(template.nodes)
    : { kind: 'collect', reason: 'missing keys are errors' };
  if (plan.kind === 'collect') return collectObjects(template, options, plan.reason);
  const print = options.as === 'json' ? printAsJson : printAsText;
  let parts: readonly Part[] = [];
  explainFailure(template, () => {
    parts = plan.parts.map((part) => openPart(template, part, print, options));
  });
  return streamParts(template, parts);
}

function collectObjects(template: Template, options: JsonPathOptions, reason: string): JsonPathStream {
  const items: KubeObject[] = [];
  return {
    collects: reason,
    page(objects) {
      for (const object of objects) items.push(object);
      return '';
    },
    end: () => [evaluateJsonPath(template, listOf(items), options)],
  };
}

function streamParts(template: Template, parts: readonly Part[]): JsonPathStream {
  const live = parts.findIndex((part) => part.page !== undefined);
  const kept = parts.map((): string[] => []);
  let isBegun = false;

  /** Text that stands before anything that depends on objects. */
  function opening(): string {
    if (isBegun) return '';
    isBegun = true;
    return parts
      .slice(0, Math.max(live, 0))
      .flatMap((part) => part.end())
      .join('');
  }

  return {
    collects: undefined,
    page(objects) {
      let text = opening();
      explainFailure(template, () => {
        for (let index = live; index >= 0 && index < parts.length; index++) {
          const now = parts[index]?.page?.(objects) ?? '';
          if (index === live) text += now;
          else if (now !== '') kept[index]?.push(now);
        }
      });
      return text;
    },
    end() {
      const pieces = [opening()];
      explainFailure(template, () => {
        for (let index = Math.max(live, 0); index < parts.length; index++) {
          pieces.push(...(kept[index] ?? []), ...(parts[index]?.end() ?? []));
        }
      });
      return pieces;
    },
  };
}

/** One part of the plan at work. */
interface Part {
  /** What a page adds to the part's text; absent where pages mean nothing to it. */
  readonly page?: (objects: readonly KubeObject[]) => string;
  /** What the end adds. */
  readonly end: () => readonly string[];
}

type Print = (found: readonly Found[]) => string;

function openPart(template: Template, part: PlanPart, print: Print, options: JsonPathOptions): Part {
  const program = template.program.slice(part.from, part.to);
  switch (part.reads.kind) {
    case 'nothing': {
      const text = printProgram(program, listOf([]), print);
      return { end: () => [text] };
    }
    case 'window':
      return openWindow(part.reads.first, part.reads.last, (list) => printProgram(program, list, print));
    case 'each': {
      const rendering = part.isRange ? rangeBody(program.slice(1), print) : nodeText(options.as ?? 'text');
      return openPasses(part.reads.passes, rendering);
    }
  }
}

function printProgram(program: readonly Step[], root: Json, print: Print): string {
  let text = '';
  execute(program, newRun(true), 0, root, (found) => {
    text += print(found);
  });
  return text;
}

/** Keeps the two ends of the list. What is between them is counted: it decides which indexes are out of bounds. */
function openWindow(first: number, last: number, evaluate: (list: Json) => string): Part {
  const head: Json[] = [];
  let tail: Json[] = [];
  let dropped = 0;
  return {
    page(objects) {
      const beyond = Math.max(first - head.length, 0);
      for (const object of objects.slice(0, beyond)) head.push(object);
      tail = [...tail, ...objects.slice(beyond)];
      const excess = Math.max(tail.length - last, 0);
      dropped += excess;
      tail = tail.slice(excess);
      return '';
    },
    end: () => [evaluate(listOf([...head, ...new Array<null>(dropped).fill(null), ...tail]))],
  };
}

/** How the findings of a part become text. */
interface Rendering {
  readonly open: string;
  readonly separator: string;
  readonly close: string;
  /** Text of a part that found nothing. */
  readonly empty: () => string;
  readonly render: (found: readonly Found[]) => string;
}

function nodeText(as: 'text' | 'json'): Rendering {
  if (as === 'text') return { open: '', separator: ' ', close: '', empty: () => '', render: printAsText };
  const separator = ',\n    ';
  return {
    open: '[\n    ',
    separator,
    close: '\n]\n',
    empty: () => printAsJson([]),
    render: (found) => found.map((value) => prettyJson(value ?? null, 4)).join(separator),
  };
}

function rangeBody(body: readonly Step[], print: Print): Rendering {
  const run: Run = { ...newRun(true), depth: 1 };
  let text = '';
  const emit = (found: readonly Found[]): void => {
    text += print(found);
  };
  return {
    open: '',
    separator: '',
    close: '',
    empty: () => {
      // The body of an empty range is evaluated for its errors.
      execute(body, run, 0, undefined, () => undefined);
      return '';
    },
    render: (found) => {
      text = '';
      for (const value of found) execute(body, run, 0, value ?? undefined, emit);
      return text;
    },
  };
}

/** The first pass goes out as it comes, the later ones are kept as text. */
function openPasses(passes: readonly Pass[], rendering: Rendering): Part {
  const { separator } = rendering;
  const open = passes.map((pass) => ({ take: openPass(pass), texts: [] as string[] }));
  let isBegun = false;

  function begin(): string {
    if (isBegun) return separator;
    isBegun = true;
    return rendering.open;
  }

  return {
    page(objects) {
      let text = '';
      for (const [index, { take, texts }] of open.entries()) {
        const found = take(objects);
        if (found.length === 0) continue;
        if (index === 0) text = begin() + rendering.render(found);
        else texts.push(rendering.render(found));
      }
      return text;
    },
    end() {
      const later = open.flatMap(({ texts }) => texts).flatMap((text) => [begin(), text]);
      return [...later, isBegun ? rendering.close : rendering.empty()];
    },
  };
}

/** Applies the steps of a pass to one page after another as if they were one list. */
function openPass({ filter, steps }: Pass): (objects: readonly KubeObject[]) => readonly Found[] {
  const run = newRun(true);
  const head = filter === undefined ? undefined : compileStep(filter);
  const links = steps.map((node) => ({
    step: compileStep(node),
    isArray: node.kind === 'array',
    isCut: false,
  }));
  return (objects) => {
    let found: readonly Found[] = head === undefined ? objects : head([objects], run);
    for (const link of links) {
      if (link.isCut || found.length === 0) return [];
      run.isCut = false;
      found = link.step(found, run);
      // An empty slice ends this step for all objects to come, as it does within one evaluation.
      link.isCut = link.isArray && run.isCut;
    }
    return found;
  };
}
