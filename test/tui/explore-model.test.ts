// Screens of kapi explore at fixed sizes, and the requests of keys.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ResourceType } from '../../src/model/resource.ts';
import { ExploreModel, exploreKeys, type ExploreOptions } from '../../src/tui/explore-model.ts';
import type { Key, Keymap } from '../../src/tui/keymap.ts';
import { liveKeys } from '../../src/tui/live-model.ts';
import { textKeys } from '../../src/tui/text-view.ts';
import { root } from '../markdown.ts';

const start = Date.parse('2026-01-01T00:10:00Z');
const pods: ResourceType = {
  ...{ group: '', version: 'v1', resource: 'pods', kind: 'Pod', singular: 'pod', namespaced: true },
  ...{ shortNames: ['po'], categories: [], verbs: ['list', 'get'], subresources: [] },
};

function open(options: Partial<ExploreOptions> = {}): ExploreModel {
  return new ExploreModel({ server: 'https://api.test', color: 1, namespace: 'default', ...options });
}

function text(model: ExploreModel, columns = 80, rows = 12, at = start): string[] {
  return model.frame(columns, rows, at).map((line) =>
    line
      .map((segment) => segment.text)
      .join('')
      .trimEnd(),
  );
}

function press(model: ExploreModel, ...keys: readonly string[]): ReturnType<ExploreModel['key']> {
  let asked: ReturnType<ExploreModel['key']>;
  for (const key of keys) asked = model.key(key.length === 1 ? { character: key } : (key as Key));
  return asked;
}

function withPods(count: number): ExploreModel {
  const model = open();
  const page = model.open({ kind: 'objects', type: pods, namespace: 'default' });
  model.showList(page, ['Name', 'Ready', 'Status']);
  for (let at = 0; at < count; at += 500) {
    model.addRows(
      page,
      Array.from({ length: Math.min(500, count - at) }, (_, index) => ({
        key: `default/web-${at + index}`,
        cells: [`web-${at + index}`, '1/1', 'Running'],
        data: {
          place: { kind: 'object', type: pods, namespace: 'default', name: `web-${at + index}` },
        },
      })),
    );
  }
  page.isReading = false;
  return model;
}

function withPod(): ExploreModel {
  const model = withPods(1);
  const page = model.open({ kind: 'object', type: pods, namespace: 'default', name: 'web-0' });
  model.showTree(page, { kind: 'Pod', spec: { nodeName: 'node-a', containers: [{ image: 'nginx' }] } });
  page.facts = () => ({
    ...{ type: 'string', isRequired: true, fallback: '', values: [], problem: '' },
    description: 'NodeName is the name of a node.',
    owners: ['kubectl, Update, 2026-01-01T00:00:00Z'],
  });
  return model;
}

describe('a screen', () => {
  it('has the path, a header, rows, and keys with the position', () => {
    expect(text(withPods(3), 90, 8)).toEqual([
      'kapi pods in default   https://api.test',
      '',
      '  NAME    READY   STATUS',
      '  web-0   1/1     Running',
      '  web-1   1/1     Running',
      '  web-2   1/1     Running',
      '',
      '↑↓ move  Enter open  Esc back  / search  y copy  c curl  k kapi  ? keys  q quit        1/3',
    ]);
  });

  it.each([
    [80, 24],
    [140, 40],
    [40, 12],
    [20, 5],
    [1, 1],
  ])('fits %i columns and %i rows, whatever it shows', (columns, rows) => {
    const evil = '\u001b]0;PWN\u0007\u202e日本\n';
    const model = open({ server: evil });
    const list = model.open({ kind: 'path', path: evil });
    const check = (): void => {
      const lines = text(model, columns, rows);
      expect(lines.length).toBeLessThanOrEqual(rows);
      expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u202e]/);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
    };
    check();
    model.showList(list, [evil, evil]);
    model.addRows(list, [{ key: evil, cells: [evil, evil], data: { place: undefined } }]);
    check();
    list.failure = `${evil}\n${evil}`;
    check();
    const tree = model.open({ kind: 'document', name: evil });
    model.showTree(tree, { [evil]: [evil], a: evil });
    tree.facts = () => ({
      ...{ type: evil, isRequired: false, fallback: evil, values: [evil], problem: evil },
      ...{ description: evil.repeat(40), owners: [evil] },
    });
    for (const key of ['down', 'enter', 'y', 'escape', '?', 'q', '/', 'z', 'enter']) {
      press(model, key);
      check();
    }
    const answer = model.open({ kind: 'document', name: evil });
    model.showText(answer, evil.repeat(50));
    model.notice(evil, start);
    check();
  });

  it('shows a field with its type, its owner and its documentation, below or next to the tree', () => {
    const model = withPod();
    press(model, 'down', 'down');
    for (const [columns, rows] of [
      [80, 24],
      [140, 40],
    ] as const) {
      const screen = text(model, columns, rows).join('\n');
      for (const fact of [
        '{.spec.nodeName}',
        'type string, required',
        'set by kubectl, Update',
        'NodeName is',
      ]) {
        expect(screen).toContain(fact);
      }
    }
    expect(text(model, 40, 12).join('\n')).not.toContain('NodeName is');
    press(model, 'i');
    expect(text(model, 140, 40).join('\n')).not.toContain('NodeName is');
  });

  it('marks the selected row without colours', () => {
    const model = open({ color: 0 });
    const page = model.open({ kind: 'document', name: 'x' });
    model.showTree(page, { a: 1, b: 2 });
    press(model, 'down');
    expect(text(model).filter((line) => line.startsWith('>'))).toEqual(['>   b: 2']);
  });

  it('shows a refusal in its place, and the key that reads it again', () => {
    const model = withPods(1);
    const page = model.open({ kind: 'objects', type: pods, namespace: 'dev' });
    page.isReading = false;
    page.failure = 'pods is forbidden\nhint: you need verb "list" on resource "pods"';
    expect(text(model).slice(2, 5)).toEqual([
      'pods is forbidden',
      'hint: you need verb "list" on resource "pods"',
      'r reads it again',
    ]);
    expect(press(model, 'r')).toEqual({ kind: 'reload' });
    expect(press(model, 'escape')).toEqual({ kind: 'back' });
  });
});

describe('keys', () => {
  it('open the selection and request its details', () => {
    const model = withPods(3);
    press(model, 'down');
    expect(press(model, 'enter')).toMatchObject({ kind: 'open', place: { kind: 'object', name: 'web-1' } });
    for (const [key, question] of [
      ['e', 'events'],
      ['h', 'history'],
      ['l', 'log'],
    ] as const) {
      expect(press(model, key)).toMatchObject({
        place: { kind: 'answer', question, about: { name: 'web-1' } },
      });
    }
    expect(press(model, 'c')).toMatchObject({ place: { question: 'curl', about: { kind: 'objects' } } });
    expect(press(model, 'w')).toMatchObject({ kind: 'live', place: { type: pods } });
    expect(press(model, 'A')).toMatchObject({ place: { kind: 'objects', namespace: undefined } });
    expect(press(model, 'q')).toEqual({ kind: 'quit' });
  });

  it.each([
    ['y', '{.spec.nodeName}'],
    ['c', 'object.spec.nodeName'],
    ['p', '/spec/nodeName'],
    ['v', 'node-a'],
    ['n', 'web-0'],
  ])('y %s copies %s', (key, copied) => {
    const model = withPod();
    press(model, 'down', 'down', 'y');
    expect(text(model).join('\n')).toContain(copied);
    expect(press(model, key)).toMatchObject({ kind: 'copy', text: copied });
    expect(text(model).join('\n')).toContain('nodeName:');
  });

  it('filter 5,000 rows and go to both ends', () => {
    const model = withPods(5_000);
    press(model, 'end');
    expect(text(model).at(-1)).toMatch(/5000\/5000$/);
    press(model, '/', '4', '9', '9', '9', 'enter');
    expect(text(model).at(-1)).toMatch(/1\/1 of 5000$/);
    press(model, 'escape', 'home');
    expect(text(model).at(-1)).toMatch(/1\/5000$/);
  });

  it('search an object in the background', () => {
    const model = withPod();
    press(model, '/', 'n', 'g', 'i', 'n', 'x', 'enter');
    while (model.work(start));
    expect(text(model, 80, 24).join('\n')).toContain('{.spec.containers[0].image}');
    press(model, '/', 'q', 'q', 'enter');
    while (model.work(start));
    expect(text(model)[1]).toBe('00:10:00Z nothing has "qq"');
  });

  it('do nothing while a screen is loading', () => {
    for (const { keys } of exploreKeys) {
      const model = open();
      model.open({ kind: 'paths' });
      for (const key of keys) press(model, key);
      expect(text(model)).toHaveLength(12);
    }
  });
});

describe('docs/explore.md', () => {
  const table = (keymap: Keymap): string =>
    keymap.map(({ label, help }) => `| \`${label}\` | ${help} |`).join('\n');
  const plain = (document: string): string =>
    document.replaceAll(/ +\| */g, ' | ').replaceAll(/^\| +| +\|$/gm, '|');

  it.each([
    ['explore', exploreKeys],
    ['watch', liveKeys],
    ['text', textKeys],
  ] as const)('lists the keys of %s', (_, keymap) => {
    const document = readFileSync(join(root, 'docs/explore.md'), 'utf8');
    expect(plain(document)).toContain(plain(table(keymap)));
  });
});
