// Merges several watches in one order.
import { describe, expect, it } from 'vitest';
import type { ListQuery } from '../../../src/api/object-request.ts';
import type { WatchItem } from '../../../src/api/watch.ts';
import { watchTypes, type WatchTypesOptions } from '../../../src/api/watch-types.ts';
import { Interrupted, RefusedError } from '../../../src/errors.ts';
import { scriptedSend, type Exchange, type Reply } from '../../scripted-send.ts';
import { frozenTime, whenIdle } from '../../virtual-time.ts';
import { deployments, nodes, pods } from '../output/things.ts';

const queries: readonly ListQuery[] = [pods, deployments, nodes].map((type) => ({ type, as: 'objects' }));
const paths = ['/api/v1/pods', '/apis/apps/v1/deployments', '/api/v1/nodes'];

const object = (name: string, rv: number): object => ({
  metadata: { name, uid: name, resourceVersion: String(rv) },
});

function list(at: number, rv: number, ...names: readonly string[]): Exchange {
  const items = names.map((name) => object(name, rv));
  return {
    request: `GET ${paths[at] ?? ''}?limit=500`,
    reply: { body: { kind: 'List', metadata: { resourceVersion: String(rv) }, items } },
  };
}

function watch(at: number, rv: number, reply: Reply): Exchange {
  return {
    request: `GET ${paths[at] ?? ''}?resourceVersion=${rv}&watch=true&allowWatchBookmarks=true`,
    reply,
  };
}

function added(name: string, rv: number): string {
  return `${JSON.stringify({ type: 'ADDED', object: object(name, rv) })}\n`;
}

/** Sends lines on demand, and never ends. */
function stage(): { readonly reply: Reply; say(text: string): void } {
  const texts: string[] = [];
  let wake: (() => void) | undefined;
  async function* body(): AsyncGenerator<string> {
    for (;;) {
      const text = texts.shift();
      if (text === undefined) await new Promise<void>((resolve) => (wake = resolve));
      else yield text;
    }
  }
  return {
    reply: { body: body() },
    say: (text) => {
      texts.push(text);
      wake?.();
    },
  };
}

const forbidden: Reply = {
  status: 403,
  body: { kind: 'Status', status: 'Failure', reason: 'Forbidden', code: 403, message: 'no' },
};

async function told(
  exchanges: readonly Exchange[],
  most: number,
  options: Partial<WatchTypesOptions> & { readonly onLine?: (line: string) => void } = {},
): Promise<{ lines: string[]; thrown: unknown }> {
  const script = scriptedSend(exchanges);
  const lines: string[] = [];
  let thrown: unknown;
  try {
    for await (const items of watchTypes(script.send, queries, {
      signal: new AbortController().signal,
      now: () => new Date(),
      warn: () => undefined,
      random: () => 0.5,
      ...frozenTime(),
      ...options,
    })) {
      for (const line of items.flatMap(lineOf)) {
        lines.push(line);
        options.onLine?.(line);
      }
      if (lines.length >= most) break;
    }
  } catch (error) {
    thrown = error;
  }
  // A body ends one turn of the event loop after its reader has left.
  await new Promise((resolve) => setImmediate(resolve));
  script.verify();
  return { lines, thrown };
}

function lineOf(item: WatchItem): string[] {
  if (item.kind === 'change')
    return [`${item.change.change} ${item.change.type.resource}/${item.change.name}`];
  return item.kind === 'synced' ? [`synced ${item.type.resource}`] : [];
}

describe('watchTypes', () => {
  it('returns the lists in the order of the queries, then all events as they arrive', async () => {
    const stages = [stage(), stage(), stage()] as const;
    const { lines } = await told(
      [
        ...[list(0, 1, 'p'), list(1, 2, 'd'), list(2, 3, 'n')],
        ...[watch(0, 1, stages[0].reply), watch(1, 2, stages[1].reply), watch(2, 3, stages[2].reply)],
      ],
      10,
      {
        onLine: (line) => {
          if (line === 'synced nodes') stages[2].say(added('n2', 4));
          if (line === 'ADDED nodes/n2') stages[0].say(added('p2', 5));
          if (line === 'ADDED pods/p2') stages[0].say(added('p3', 6));
          if (line === 'ADDED pods/p3') stages[1].say(added('d2', 7));
        },
      },
    );
    expect(lines).toEqual([
      'ADDED pods/p',
      'synced pods',
      'ADDED deployments/d',
      'synced deployments',
      'ADDED nodes/n',
      'synced nodes',
      'ADDED nodes/n2',
      'ADDED pods/p2',
      'ADDED pods/p3',
      'ADDED deployments/d2',
    ]);
  });

  it('waits for a slow first list before it returns the second', async () => {
    let release: (() => void) | undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    async function* slow(): AsyncGenerator<string> {
      await gate;
      yield JSON.stringify({ kind: 'PodList', metadata: { resourceVersion: '1' }, items: [object('p', 1)] });
    }
    void whenIdle().then(() => release?.());
    const { lines } = await told(
      [
        { request: `GET ${paths[0] ?? ''}?limit=500`, reply: { body: slow() } },
        ...[list(1, 2, 'd'), list(2, 3)],
        // The finished ones already wait for events.
        ...[watch(0, 1, stage().reply), watch(1, 2, stage().reply)],
      ],
      5,
    );
    expect(lines).toEqual([
      'ADDED pods/p',
      'synced pods',
      'ADDED deployments/d',
      'synced deployments',
      'synced nodes',
    ]);
  });

  it('continues without a refused type, if it may', async () => {
    const refused: string[] = [];
    const { lines, thrown } = await told(
      [
        ...[
          list(0, 1, 'p'),
          { request: `GET ${paths[1] ?? ''}?limit=500`, reply: forbidden },
          list(2, 3, 'n'),
        ],
        watch(0, 1, stage().reply),
      ],
      4,
      { refused: ({ type }, error) => refused.push(`${type.resource}: ${error.message}`) },
    );
    expect(thrown).toBeUndefined();
    expect(lines).toEqual(['ADDED pods/p', 'synced pods', 'ADDED nodes/n', 'synced nodes']);
    expect(refused).toEqual(['deployments: Error from server (Forbidden): no']);
  });

  it('throws when all are refused, and when the caller needs all of them', async () => {
    const all = paths.map((path): Exchange => ({ request: `GET ${path}?limit=500`, reply: forbidden }));
    expect((await told(all, 1, { refused: () => undefined })).thrown).toBeInstanceOf(RefusedError);
    const second = [list(0, 1), all[1]!, list(2, 3), watch(0, 1, stage().reply)];
    expect((await told(second, 9)).thrown).toBeInstanceOf(RefusedError);
  });

  it('ends with the reason of the signal', async () => {
    const stop = new AbortController();
    const reason = new Interrupted('SIGTERM');
    const { thrown } = await told(
      [
        ...[list(0, 1), list(1, 2), list(2, 3)],
        ...[watch(0, 1, stage().reply), watch(1, 2, stage().reply), watch(2, 3, stage().reply)],
      ],
      9,
      {
        signal: stop.signal,
        onLine: (line) => {
          if (line === 'synced nodes') void whenIdle().then(() => stop.abort(reason));
        },
      },
    );
    expect(thrown).toBe(reason);
  });
});
