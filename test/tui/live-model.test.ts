// Frames of the live table at fixed sizes.
import { describe, expect, it } from 'vitest';
import type { Change, ChangeType } from '../../src/model/change.ts';
import type { ResourceType } from '../../src/model/resource.ts';
import type { TableColumn } from '../../src/model/table.ts';
import { LiveModel, liveKeys, type Key, type LiveOptions } from '../../src/tui/live-model.ts';
import { textKeys } from '../../src/tui/text-view.ts';

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
      '↑↓ move  / filter  Enter YAML  d diff  e events  l log  s sort  p pause  ? keys  q quit          1/2',
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
    expect(body(model).at(-1)).toMatch(/web-5 /);
  });

  it('makes control characters of the server visible', () => {
    const model = filled(['evil']);
    model.change(change('MODIFIED', 'evil', { status: '\u001b[2J\u202e' }), false, start);
    model.notice('lost\u0007', start);
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
    // The first row is selected, so it has the style of the selection; its sign stays.
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

  it('are counted in events per second', () => {
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
    expect(text(model).at(-1)).toContain('paused, 1 change since');
    type_(model, 'p');
    expect(body(model)).toHaveLength(3);
  });

  it('update ages over time', () => {
    expect(body(filled(['a']), { at: start + 60_000 })[1]).toContain('11m');
  });
});

describe('keys', () => {
  it('filter while they are typed', () => {
    const model = filled(['web', 'db', 'webhook']);
    type_(model, '/', 'w', 'e', 'b');
    expect(body(model)).toHaveLength(3);
    expect(text(model).at(-1)).toBe('/web   Enter keeps the filter, Esc removes it');
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
    expect(model.key('enter')).toMatchObject({ kind: 'yaml', change: { name: 'b' } });
    expect(model.key({ character: 'c' })).toMatchObject({ kind: 'curl', change: { name: 'b' } });
    model.show('pods b', 'one\ntwo\n');
    expect(body(model)).toEqual(['one', 'two']);
    type_(model, 'q');
    expect(body(model)[0]).toContain('NAME');
    expect(model.key({ character: 'q' })).toEqual({ kind: 'quit' });
  });

  it('do nothing without rows', () => {
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

describe('the window', () => {
  const wideColumns = (count: number, width: number): readonly TableColumn[] =>
    Array.from({ length: count }, (_, at) => ({
      ...{ name: `Column${at}`.padEnd(at === 0 ? 1 : width, 'x'), type: 'string', format: '' },
      ...{ description: '', priority: 0 },
    }));

  function wideModel(cells: readonly string[]): LiveModel {
    const model = open();
    model.change(
      {
        ...change('ADDED', 'a'),
        entry: {
          kind: 'row',
          columns: wideColumns(cells.length, 4),
          row: { cells, object: { metadata: { name: 'a' } } },
        },
      },
      true,
      start,
    );
    model.connection(pods, 'watching');
    return model;
  }

  it.each(['end', 'pageDown', 'G', 'j'])('keeps the header on the screen after %s', (key) => {
    const model = filled(Array.from({ length: 200 }, (_, index) => `web-${index}`));
    for (let times = 0; times < 30; times++) type_(model, key);
    expect(text(model)[2]).toMatch(/^ {2}NAME/);
  });

  it('keeps the header of the type that is on top', () => {
    const model = filled(
      Array.from({ length: 20 }, (_, index) => `a-${index}`),
      { showKind: true },
    );
    for (let index = 0; index < 20; index++) {
      model.change(change('ADDED', `d-${index}`, { type: deployments }), true, start);
    }
    for (let times = 0; times < 40; times++) {
      const lines = body(model);
      expect(lines[0]).toMatch(/^ {2}NAME/);
      expect(lines.filter((line) => /^ {2}NAME/.test(line)).length).toBeLessThanOrEqual(2);
      type_(model, 'down');
    }
    expect(body(model).at(-1)).toMatch(/d-19/);
  });

  it.each([20, 40, 80, 140])(
    'scrolls every column of a wide table into a window of %i columns',
    (columns) => {
      const cells = Array.from({ length: 20 }, (_, at) => `cell${at}`.padEnd(12, '.'));
      const model = wideModel(cells);
      const seen = new Set<string>();
      for (let times = 0; times < 25; times++) {
        for (const line of text(model, { columns }))
          for (const [word] of line.matchAll(/cell\d+\.+/g)) seen.add(word);
        type_(model, 'right');
      }
      expect(cells.filter((cell) => !seen.has(cell))).toEqual([]);
      expect(text(model, { columns })[2]).toMatch(/^‹/);
      for (let times = 0; times < 25; times++) type_(model, 'left');
      expect(text(model, { columns })[2]).toMatch(/^ .*›$/);
    },
  );

  it('does not let one long cell hide the next columns', () => {
    const model = wideModel(['a', 'x'.repeat(170), 'after']);
    const row = text(model, { columns: 140 })[3] ?? '';
    expect(row).toContain('after');
    expect(row).toContain('…');
    type_(model, 'right');
    expect(text(model, { columns: 190 })[3]).toContain('x'.repeat(170));
  });

  it.each([10, 20, 40, 60, 80])(
    'has help and quit in the last line at %i columns, or the part that fits',
    (columns) => {
      const model = filled(['a']);
      const footer = text(model, { columns }).at(-1) ?? '';
      expect(footer).toContain(columns < 20 ? '?' : '? keys  q quit');
      type_(model, '/', 'a', 'enter');
      if (columns >= 40) expect(text(model, { columns }).at(-1)).toMatch(/^filter: a .*q quit/);
    },
  );

  it('shows the position of the selection', () => {
    const model = filled(Array.from({ length: 2_018 }, (_, index) => `web-${index}`));
    type_(model, 'end');
    expect(text(model).at(-1)).toMatch(/ 2018\/2018$/);
  });

  it('says that there are no objects, and why', () => {
    const model = open({ subject: 'pods in namespace empty' });
    expect(body(model)).toEqual([]);
    model.connection(pods, 'watching');
    expect(body(model)).toEqual(['no pods in namespace empty']);
    const some = filled(['a', 'b']);
    type_(some, '/', 'z', 'enter');
    expect(body(some)).toEqual(['no row has "z"; Esc removes the filter']);
    expect(text(some)[0]).toContain('watching 0 of 2 objects');
  });

  it('calls a paused table paused', () => {
    const model = filled(['a']);
    type_(model, 'p');
    expect(text(model)[0]).toMatch(/^kapi pods paused 1 object,/);
  });

  it('shows a notice with its time, and for some seconds only', () => {
    const model = filled(['a']);
    model.notice('the connection broke', start);
    expect(text(model)[1]).toBe('00:10:00Z the connection broke');
    expect(text(model, { at: start + 9_000 })[1]).toContain('the connection broke');
    expect(text(model, { at: start + 11_000 })[1]).toBe('');
  });

  it('leaves out parts of the header that do not fit', () => {
    const model = filled(['a'], { server: 'https://a-long-name.example.com:6443' });
    for (let columns = 20; columns < 120; columns++) {
      const [header = ''] = text(model, { columns });
      expect(header).not.toMatch(/https:(?!\/\/a-long-name\.example\.com:6443$)/);
      if (header.includes('resourceV')) expect(header).toContain('resourceVersion 7');
    }
  });

  it('has no yellow 0/1 for a completed pod', () => {
    const ready: readonly TableColumn[] = [
      ...columns.slice(0, 1),
      { name: 'Ready', type: 'string', format: '', description: '', priority: 0 },
      ...columns.slice(1, 2),
    ];
    const styles = (status: string): string[] => {
      const model = filled(['a']);
      const cells = ['b', '0/1', status];
      model.change(
        {
          ...change('ADDED', 'b'),
          entry: { kind: 'row', columns: ready, row: { cells, object: { metadata: { name: 'b' } } } },
        },
        true,
        start,
      );
      return (model.frame(100, 9, start)[4] ?? []).map(({ style }) => style);
    };
    expect(styles('Completed')).not.toContain('warning');
    expect(styles('Running')).toContain('warning');
  });
});

describe('questions about the selected row', () => {
  it.each([
    ['enter', 'yaml'],
    ['c', 'curl'],
    ['d', 'diff'],
    ['e', 'events'],
    ['l', 'log'],
    ['y', 'copy-curl'],
  ])('%s requests %s', (key, kind) => {
    const model = filled(['a', 'b']);
    type_(model, 'down');
    const pressed: Key = key === 'enter' ? 'enter' : { character: key };
    expect(model.key(pressed)).toMatchObject({ kind, change: { name: 'b' } });
  });

  it('include the cells that the last change changed', () => {
    const model = filled(['a']);
    model.change(change('MODIFIED', 'a', { status: 'Error', restarts: 3 }), false, start);
    expect(model.key({ character: 'd' })).toMatchObject({
      cellChanges: ['STATUS: Running -> Error', 'RESTARTS: 0 -> 3'],
    });
  });

  it('show answers that scroll with the keys of the table in both directions, and can be searched', () => {
    const model = filled(['a']);
    const answer = Array.from({ length: 100 }, (_, index) => `line ${index} ${'x'.repeat(200)} end${index}`);
    model.show('pods/a', answer.join('\n'));
    const first = (): string => body(model)[0] ?? '';
    first();
    for (const [key, line] of [
      ['G', 94],
      ['g', 0],
      ['end', 94],
      ['home', 0],
      ['j', 1],
      ['k', 0],
      ['pageDown', 5],
      ['pageUp', 0],
      ['down', 1],
    ] as const) {
      type_(model, key);
      expect(first()).toMatch(new RegExp(`^line ${line} x+›$`));
    }
    for (let times = 0; times < 20; times++) type_(model, 'right');
    expect(first()).toMatch(/^‹.*end1$/);
    type_(model, '/', 'e', 'n', 'd', '7', '7', 'enter');
    expect(first()).toContain('end77');
    type_(model, '?');
    expect(body(model)[0]).toMatch(/Scroll up/);
    type_(model, 'q', 'q');
    expect(first()).toContain('NAME');
  });

  it('have YAML in colours', () => {
    const model = filled(['a']);
    model.show('pods/a', 'kind: Pod\nspec:\n- image: "x"\n  port: 80\n', 'yaml');
    const styles = model.frame(100, 9, start).map((line) => line.map(({ style }) => style).join(' '));
    expect(styles.slice(2, 6)).toEqual(['key string', 'key', 'plain key string', 'plain key number']);
  });
});

describe('the help', () => {
  it('names every key of the table', () => {
    const model = filled(['a']);
    type_(model, '?');
    const lines = text(model, { rows: 40 });
    for (const { help } of liveKeys) expect(lines.some((line) => line.includes(help))).toBe(true);
  });

  it('has each key once', () => {
    for (const keymap of [liveKeys, textKeys]) {
      const keys = keymap.flatMap(({ keys: all }) => all);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });
});

describe('several types', () => {
  it('are below each other, each with its header, names with their kind', () => {
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
  it('cost a frame no more than the visible rows', () => {
    const model = filled(Array.from({ length: 5_000 }, (_, index) => `web-${index}`));
    model.frame(120, 40, start);
    const begun = performance.now();
    for (let index = 0; index < 100; index++) {
      model.key('down');
      model.frame(120, 40, start);
    }
    // Generous by a factor of thirty on an idle machine: measuring all rows would exceed it by far.
    expect(performance.now() - begun).toBeLessThan(3_000);
  });
});

describe('hostile text of a server', () => {
  const evil = 'X\u001b]0;PWN\u0007\u202e\u200b\n';

  it('is escaped on the terminal: names of columns, cells, names, namespaces, notices, titles', () => {
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
    model.notice(evil, start);
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
