import { describe, expect, it } from 'vitest';
import { BugError } from '../../../src/errors.ts';
import type { Page } from '../../../src/model/page.ts';
import type { OutputFormat } from '../../../src/output/format.ts';
import { openPrinter } from '../../../src/output/printer.ts';
import { type MemorySink, memorySink, uncoloured } from './memory-sink.ts';
import { column, objectPage, plainOptions, pods, tablePage } from './things.ts';

type Kind = 'json' | 'yaml' | 'ndjson';

async function print(
  kind: Kind,
  shape: 'object' | 'list',
  pages: readonly Page[],
  options: { showManagedFields?: boolean; out?: MemorySink } = {},
): Promise<string> {
  const out = options.out ?? memorySink();
  const format: OutputFormat = { kind };
  const printer = await openPrinter(
    { ...plainOptions, format, shape, showManagedFields: options.showManagedFields ?? false },
    out,
  );
  for (const page of pages) await printer.page(page);
  await printer.end();
  return out.text();
}

const a = { metadata: { name: 'a', managedFields: [{ manager: 'kubectl' }] }, spec: { x: 'l1\nl2\n' } };
const b = { metadata: { name: 'b' } };

describe('json', () => {
  it('prints one object without a list', async () => {
    expect(await print('json', 'object', [objectPage(pods, b)])).toBe(
      '{\n    "apiVersion": "v1",\n    "kind": "Pod",\n    "metadata": {\n        "name": "b"\n    }\n}\n',
    );
  });

  it('wraps a list, page by page', async () => {
    expect(await print('json', 'list', [objectPage(pods, a), objectPage(pods), objectPage(pods, b)])).toBe(
      `{
    "apiVersion": "v1",
    "items": [
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {
                "name": "a"
            },
            "spec": {
                "x": "l1\\nl2\\n"
            }
        },
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {
                "name": "b"
            }
        }
    ],
    "kind": "List",
    "metadata": {
        "resourceVersion": ""
    }
}
`,
    );
  });

  it('prints an empty list', async () => {
    const empty =
      '{\n    "apiVersion": "v1",\n    "items": [],\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n';
    expect(await print('json', 'list', [objectPage(pods)])).toBe(empty);
    expect(await print('json', 'list', [])).toBe(empty);
  });

  it('is escaped on a terminal, coloured and still the same JSON', async () => {
    const page = objectPage(pods, {
      metadata: { name: 'x\u202e\u009b', n: 1.5, t: true, z: null, 'k:"': 'v"' },
    });
    const text = await print('json', 'object', [page], { out: memorySink(1) });
    expect(text).toContain('\u001b[36m"name"\u001b[39m: \u001b[32m"x\\u202e\\u009b"\u001b[39m');
    expect(text).toContain(': \u001b[33m1.5\u001b[39m');
    expect(text).toContain(': \u001b[35mnull\u001b[39m');
    expect(JSON.parse(uncoloured(text))).toEqual(page.objects[0]);
    expect(await print('json', 'object', [page], { out: memorySink(0) })).toBe(uncoloured(text));
  });
});

describe('yaml', () => {
  it('prints one object without a list and separates several', async () => {
    expect(await print('yaml', 'object', [objectPage(pods, a), objectPage(pods, b)])).toBe(
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  x: |\n    l1\n    l2\n' +
        '---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: b\n',
    );
  });

  it('wraps a list, page by page', async () => {
    expect(await print('yaml', 'list', [objectPage(pods, a), objectPage(pods, b)])).toBe(
      'apiVersion: v1\nitems:\n' +
        '- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: a\n  spec:\n    x: |\n      l1\n      l2\n' +
        '- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: b\n' +
        'kind: List\nmetadata:\n  resourceVersion: ""\n',
    );
  });

  it('prints an empty list', async () => {
    expect(await print('yaml', 'list', [])).toBe(
      'apiVersion: v1\nitems: []\nkind: List\nmetadata:\n  resourceVersion: ""\n',
    );
  });

  it('is coloured on a terminal without other changes', async () => {
    const page = objectPage(pods, a, {
      ...b,
      spec: { q: "it's ".repeat(30), d: '\t'.repeat(60), 'a: b': [1, {}] },
    });
    const text = await print('yaml', 'list', [page], { out: memorySink(1) });
    expect(text).toContain('\u001b[36mname\u001b[39m: \u001b[32ma\u001b[39m\n');
    expect(uncoloured(text)).toBe(await print('yaml', 'list', [page]));
  });
});

describe('ndjson', () => {
  it('prints one object per line without a list', async () => {
    expect(await print('ndjson', 'list', [objectPage(pods, a), objectPage(pods, b)])).toBe(
      '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"x":"l1\\nl2\\n"}}\n' +
        '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"b"}}\n',
    );
    expect(await print('ndjson', 'list', [])).toBe('');
  });
});

describe('all formats', () => {
  const kinds: readonly Kind[] = ['json', 'yaml', 'ndjson'];

  it.each(kinds)('%s shows managedFields if requested', async (kind) => {
    expect(await print(kind, 'list', [objectPage(pods, a)])).not.toContain('managedFields');
    expect(await print(kind, 'list', [objectPage(pods, a)], { showManagedFields: true })).toContain(
      'kubectl',
    );
  });

  it.each(kinds)('%s writes large pages in pieces', async (kind) => {
    const big = Array.from({ length: 100 }, (_, n) => ({
      metadata: { name: `n${n}`, text: 'x'.repeat(10_000) },
    }));
    const out = memorySink();
    await print(kind, 'list', [objectPage(pods, ...big)], { out });
    expect(out.writes.length).toBeGreaterThan(3);
    expect(out.writes.length).toBeLessThan(8);
  });

  it.each(kinds)('%s waits until its text is written', async (kind) => {
    let taken = 0;
    let waiting = 0;
    const out: MemorySink = {
      ...memorySink(),
      async write() {
        expect(waiting).toBe(0);
        waiting += 1;
        await Promise.resolve();
        waiting -= 1;
        taken += 1;
      },
    };
    await print(kind, 'list', [objectPage(pods, a), objectPage(pods, b)], { out });
    expect(taken).toBeGreaterThan(1);
  });

  it.each(kinds)('%s refuses rows', async (kind) => {
    await expect(print(kind, 'list', [tablePage(pods, [column('Name')], [['a']])])).rejects.toThrow(BugError);
  });
});
