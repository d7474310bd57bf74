// Frames of the live table at fixed sizes.
import { describe, expect, it } from 'vitest';
import type { Change, ChangeType } from '../../src/model/change.ts';
import type { ResourceType } from '../../src/model/resource.ts';
import type { TableColumn } from '../../src/model/table.ts';
import { LiveModel, type Key, type LiveOptions } from '../../src/tui/live-model.ts';

function type(kind: string, group = ''): ResourceType {
  const singular = kind.toLowerCase();
  return {
    ...{ group, version: 'v1', resource: `${singular}s`, kind, singular, namespaced: true },
    ...{ shortNames: [], categories: [], verbs: [], subresources: [] },
  };
}

const pods = type('Pod');
const deployments = type('Deployment', 'apps');
const columns: readonly TableColumn[] = [
  { name: 'Name', type: 'string', format: 'name', description: '', priority: 0 },
  { name: 'Status', type: 'string', format: '', description: '', priority: 0 },
  { name: 'Restarts', type: 'integer', format: '', description: '', priority: 0 },
  { name: 'Age', type: 'string', format: '', description: '', priority: 0 },
  { name: 'Node', type: 'string', format: '', description: '', priority: 1 },
];
const start = Date.parse('2026-01-01T00:10:00Z');

interface Cells {
  readonly status?: string;
  readonly restarts?: number;
  readonly created?: string;
  readonly namespace?: string;
  readonly type?: ResourceType;
}

function change(what: ChangeType, name: string, cells: Cells = {}): Change {
  const { status = 'Running', restarts = 0, created = '2026-01-01T00:00:00Z', namespace = 'default' } = cells;
  return {
    ...{ change: what, type: cells.type ?? pods, namespace, name, uid: name, resourceVersion: '7' },
    entry: {
      kind: 'row',
      columns,
      row: {
        cells: [name, status, restarts, '1s', 'node-a'],
        object: { metadata: { name, creationTimestamp: created } },
      },
    },
  };
}

function open(options: Partial<LiveOptions> = {}): LiveModel {
  return new LiveModel({
    ...{
      server: 'https://api.test',
      subject: 'pods',
      withNamespace: false,
      showKind: false,
      wide: false,
      color: 1,
    },
    ...options,
  });
}

function filled(names: readonly string[], options: Partial<LiveOptions> = {}): LiveModel {
  const model = open(options);
  for (const name of names) model.change(change('ADDED', name), true, start);
  model.connection(pods, 'watching');
  return model;
}

function text(model: LiveModel, { columns: width = 100, rows = 9, at = start } = {}): string[] {
  return model.frame(width, rows, at).map((line) =>
    line
      .map((segment) => segment.text)
      .join('')
      .trimEnd(),
  );
}

/** Presses keys: names of keys, or single characters. */
function type_(model: LiveModel, ...keys: readonly string[]): void {
  for (const key of keys)
    model.key(typeof key === 'string' && key.length === 1 ? { character: key } : (key as Key));
}

const body = (model: LiveModel, size?: Parameters<typeof text>[1]): string[] =>
  text(model, size)
    .slice(2, -1)
    .filter((line) => line !== '');

describe('a frame', () => {
  it('has a header, rows in order of names and a line of keys', () => {
    expect(text(filled(['web-10', 'web-9']))).toEqual([
      'kapi pods watching 2 objects, 0.0 events/s, resourceVersion 7 https://api.test',
      '',
      '  NAME     STATUS    RESTARTS   AGE',
      '  web-9    Running   0          10m',
      '  web-10   Running   0          10m',
      '',
      '',
      '',
      'arrows move, / filter, s sort, S reverse, w wide, p pause, Enter YAML, c curl, q quit',
    ]);
  });

  it.each([
    [20, 5],
    [1, 1],
    [200, 50],
  ])('is never wider than %i nor higher than %i', (width, height) => {
    const model = filled(Array.from({ length: 300 }, (_, index) => `日本-${index}-${'x'.repeat(80)}`));
    const lines = text(model, { columns: width, rows: height });
    expect(lines.length).toBeLessThanOrEqual(height);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
  });

  it('keeps the selected row in the window and follows it', () => {
    const model = filled(Array.from({ length: 50 }, (_, index) => `web-${index}`));
    expect(body(model)[1]).toMatch(/web-0 /);
    type_(model, 'end');
    expect(body(model).at(-1)).toMatch(/web-49 /);
    type_(model, 'home');
    expect(body(model)[0]).toMatch(/NAME/);
    type_(model, 'pageDown');
    expect(body(model).at(-1)).toMatch(/web-6 /);
  });

  it('makes control characters of the server visible', () => {
    const model = filled(['evil']);
    model.change(change('MODIFIED', 'evil', { status: '\u001b[2J\u202e' }), false, start);
    model.notice('lost\u0007');
    const all = text(model).join('\n');
    expect(all).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(all).toContain('^[[2J');
  });
});

describe('changes', () => {
  it('are marked, fade, and deleted rows leave', () => {
    const model = filled(['old', 'gone']);
    model.change(change('MODIFIED', 'old', { status: 'Error' }), false, start);
    model.change(change('DELETED', 'gone'), false, start);
    model.change(change('ADDED', 'new'), false, start);
    // The first row is selected, so its style is the selection's; its sign stands.
    expect(body(model)).toEqual([
      '  NAME   STATUS    RESTARTS   AGE',
      '- gone   Running   0          10m',
      '+ new    Running   0          10m',
      '~ old    Error     0          10m',
    ]);
    const styles = (at: number): string[] =>
      model
        .frame(100, 9, at)
        .slice(3, 6)
        .map(([first]) => first?.style ?? '');
    expect(styles(start)).toEqual(['selected', 'added', 'modified']);
    expect(styles(start + 2_000)).toEqual(['selected', 'added-faint', 'modified-faint']);
    model.tick(start + 5_000);
    expect(body(model, { at: start + 5_000 })).toEqual([
      '  NAME   STATUS    RESTARTS   AGE',
      '  new    Running   0          10m',
      '  old    Error     0          10m',
    ]);
  });

  it('are counted in events a second', () => {
    const model = filled(['a']);
    for (let index = 0; index < 50; index++) model.change(change('MODIFIED', 'a'), false, start);
    expect(text(model)[0]).toContain('10.0 events/s');
    expect(text(model, { at: start + 6_000 })[0]).toContain('0.0 events/s');
  });

  it('wait while the table is paused', () => {
    const model = filled(['a']);
    type_(model, 'p');
    model.change(change('ADDED', 'b'), false, start);
    expect(body(model)).toHaveLength(2);
    expect(text(model).at(-1)).toContain('paused, 1 changes since');
    type_(model, 'p');
    expect(body(model)).toHaveLength(3);
  });

  it('let ages go on by themselves', () => {
    expect(body(filled(['a']), { at: start + 60_000 })[1]).toContain('11m');
  });
});

describe('keys', () => {
  it('filter while they are typed', () => {
    const model = filled(['web', 'db', 'webhook']);
    type_(model, '/', 'w', 'e', 'b');
    expect(body(model)).toHaveLength(3);
    expect(text(model).at(-1)).toBe('/web   Enter keeps the filter, Esc drops it');
    type_(model, 'backspace', 'escape');
    expect(body(model)).toHaveLength(4);
    type_(model, '/', 'd', 'enter', 'q');
    expect(text(model).at(-1)).toMatch(/^filter: d /);
  });

  it('sort by one column after the other, numbers as numbers, and turn the order', () => {
    const model = open();
    for (const [name, restarts] of [
      ['a', 10],
      ['b', 9],
      ['c', 100],
    ] as const) {
      model.change(change('ADDED', name, { restarts }), true, start);
    }
    const names = (): string[] =>
      body(model)
        .slice(1)
        .map((line) => line.trim().charAt(0));
    type_(model, 's', 's', 's');
    expect(body(model)[0]).toContain('RESTARTS↑');
    expect(names()).toEqual(['b', 'a', 'c']);
    type_(model, 'S');
    expect(names()).toEqual(['c', 'a', 'b']);
    type_(model, 's', 's');
    expect(body(model)[0]).not.toMatch(/[↑↓]/);
  });

  it('widen the table', () => {
    const model = filled(['a']);
    type_(model, 'w');
    expect(body(model)[0]).toBe('  NAME   STATUS    RESTARTS   AGE   NODE');
  });

  it('ask for the YAML and the curl command of the selected row', () => {
    const model = filled(['a', 'b']);
    type_(model, 'down');
    expect(model.key('enter')).toMatchObject({ kind: 'show-yaml', change: { name: 'b' } });
    expect(model.key({ character: 'c' })).toMatchObject({ kind: 'show-curl', change: { name: 'b' } });
    model.show('pods b', 'one\ntwo\n');
    expect(body(model)).toEqual(['one', 'two']);
    type_(model, 'q');
    expect(body(model)[0]).toContain('NAME');
    expect(model.key({ character: 'q' })).toEqual({ kind: 'quit' });
  });

  it('do nothing where there is nothing', () => {
    const model = open();
    for (const key of [
      'up',
      'down',
      'pageUp',
      'pageDown',
      'home',
      'end',
      'enter',
      'escape',
      'backspace',
    ] as const) {
      expect(model.key(key)).toBeUndefined();
    }
    expect(body(model)).toEqual([]);
  });
});

describe('several types', () => {
  it('stand below each other, each with its header, names with their kind', () => {
    const model = filled(['a'], { showKind: true, withNamespace: true });
    model.change(change('ADDED', 'web', { type: deployments, namespace: 'dev' }), true, start);
    model.connection(deployments, 'waiting');
    expect(text(model, { rows: 10 }).slice(0, 7)).toEqual([
      'kapi pods waiting 2 objects, 0.0 events/s, resourceVersion 7 https://api.test',
      '',
      '  NAMESPACE   NAME    STATUS    RESTARTS   AGE',
      '  default     pod/a   Running   0          10m',
      '',
      '  NAMESPACE   NAME                  STATUS    RESTARTS   AGE',
      '  dev         deployment.apps/web   Running   0          10m',
    ]);
  });
});

describe('5,000 rows', () => {
  it('cost a frame no more than what is visible', () => {
    const model = filled(Array.from({ length: 5_000 }, (_, index) => `web-${index}`));
    model.frame(120, 40, start);
    const begun = performance.now();
    for (let index = 0; index < 100; index++) {
      model.key('down');
      model.frame(120, 40, start);
    }
    // Generous by a factor of thirty on an idle machine: the cost of measuring all rows would be far beyond it.
    expect(performance.now() - begun).toBeLessThan(3_000);
  });
});

describe('what a server may put into the table', () => {
  const evil = 'X\u001b]0;PWN\u0007\u202e\u200b\n';

  it('reaches the terminal visibly: names of columns, cells, names, namespaces, notices, titles', () => {
    const model = open({ withNamespace: true, subject: evil, server: evil });
    const row = change('ADDED', evil);
    model.change(
      {
        ...row,
        namespace: evil,
        row: {
          columns: [{ name: evil, type: 'string', format: '', description: '', priority: 0 }],
          cells: [evil],
        },
      } as Change,
      true,
      start,
    );
    model.notice(evil);
    const frames = [model.frame(200, 20, start)];
    model.show(evil, evil);
    frames.push(model.frame(200, 20, start));
    for (const { text } of frames.flat(2)) expect(text).not.toMatch(/[\u0000-\u001f\u202e\u200b]/);
    expect(frames.flat(2).filter(({ text }) => text.includes('PWN')).length).toBeGreaterThan(3);
  });

  it('leaves the selected row visible without colours', () => {
    const model = filled(['a', 'b'], { color: 0 });
    model.key('down');
    expect(text(model).filter((line) => line.startsWith('>'))).toHaveLength(1);
  });
});
