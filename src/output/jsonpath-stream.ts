// Evaluates a jsonpath template over a list that arrives in pages: prints what the complete list
// would print, and keeps only what is needed. Entry point: streamJsonPath. jsonpath-plan.ts decides
// what can be streamed.

import type { Json, KubeObject } from '../model/object.ts';
import { prettyJson } from './json.ts';
import type { JsonPathOptions, Template } from './jsonpath.ts';
import { explainFailure, jsonPathPieces, printAsJson, printAsText } from './jsonpath.ts';
import type { StepNode } from './jsonpath-parser.ts';
import type { Pass, PlanPart, StreamPlan } from './jsonpath-plan.ts';
import { planStream } from './jsonpath-plan.ts';
import type { Found, Run, Step } from './jsonpath-steps.ts';
import { compilePath, compileStep, execute, newRun } from './jsonpath-steps.ts';

/** Receives a list page by page. The texts that it returns, concatenated, are the output. */
export interface JsonPathStream {
  /** The reason why every object is kept until the end. Undefined if memory stays constant. */
  readonly collects: string | undefined;
  /**
   * @throws UsageError `JsonPathFailed`; unlike with a complete list, some output can already be
   *   printed
   */
  page(objects: readonly KubeObject[]): string;
  /**
   * Returns the rest of the output, in pieces.
   * @throws UsageError `JsonPathFailed`, also while the pieces are read
   */
  end(): Iterable<string>;
}

/** Returns the list that kubectl passes to templates, for every kind of request. */
export function listOf(items: readonly Json[]): Json {
  return { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } };
}

/**
 * Evaluates a template over the `v1 List` of all objects, as far as possible while they arrive. If
 * several nodes of the template read `.items`, prints the first at once and keeps the text of the
 * others.
 * @throws UsageError `JsonPathFailed` if a part that reads no objects fails
 */
export function streamJsonPath(template: Template, options: JsonPathOptions): JsonPathStream {
  // Whether a key is missing everywhere is known only at the end, and nothing can be printed
  // before.
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
    end: () => jsonPathPieces(template, listOf(items), options),
  };
}

function streamParts(template: Template, parts: readonly Part[]): JsonPathStream {
  const live = parts.findIndex((part) => part.page !== undefined);
  const kept = parts.map((): string[] => []);
  let isBegun = false;

  /** Returns the text before the first part that depends on objects. */
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

/** One running part of the plan. */
interface Part {
  /** Returns the text that a page adds. Absent if the part does not depend on pages. */
  readonly page?: (objects: readonly KubeObject[]) => string;
  /** Returns the text that the end adds. */
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

/**
 * Keeps both ends of the list, and counts the objects between them: the count decides which indexes
 * are out of range.
 */
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

/** Formats the results of a part. */
interface Rendering {
  readonly open: string;
  readonly separator: string;
  readonly close: string;
  /** Returns the text of a part without results. */
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
      // Evaluates the body of an empty range for its errors.
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

/** Prints the first pass as it arrives, and keeps the later ones as text. */
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
  const links = linksOf(steps).map((nodes) => ({
    step: compilePath({ kind: 'path', steps: nodes }),
    isArray: nodes[0]?.kind === 'array',
    isCut: false,
  }));
  return (objects) => {
    let found: readonly Found[] = head === undefined ? objects : head([objects], run);
    for (const link of links) {
      if (link.isCut || found.length === 0) return [];
      run.isCut = false;
      found = link.step(found, run);
      // An empty slice ends this step for all further objects, as it does within one evaluation.
      link.isCut = link.isArray && run.isCut;
    }
    return found;
  };
}

/** Splits the steps of a pass. `..name` is one link: alone, `..` finds everything. */
function linksOf(steps: readonly StepNode[]): readonly (readonly StepNode[])[] {
  const links: StepNode[][] = [];
  for (const node of steps) {
    const last = links.at(-1);
    if (last?.length === 1 && last[0]?.kind === 'recursive' && node.kind === 'field') last.push(node);
    else links.push([node]);
  }
  return links;
}
