import { describe, expect, it } from 'vitest';
import type { Page } from '../../../src/model/page.ts';
import { cellText, labelsText, openTablePrinter, type TableOptions } from '../../../src/output/table.ts';
import { memorySink, uncoloured } from './memory-sink.ts';
import { column, deployments, nodes, objectPage, plainOptions, pods, tablePage } from './things.ts';

const podColumns = [column('Name'), column('Ready'), column('Status'), column('IP', 1)];
const web = ['web-0', '1/1', 'Running', '10.0.0.7'];
const job = ['job-long-name', '0/1', 'Pending', '<none>'];

async function print(pages: readonly Page[], options: Partial<TableOptions> = {}): Promise<string> {
  const out = memorySink();
  const printer = await openTablePrinter({ ...plainOptions, wide: false, ...options }, out);
  for (const page of pages) await printer.page(page);
  await printer.end();
  return out.text();
}

function row(cells: readonly string[], metadata: Record<string, string | Record<string, string>>) {
  return { cells, object: { metadata } };
}

describe('one page', () => {
  const page = tablePage(pods, podColumns, [web, job]);

  it('has a header in upper case and leaves out columns of low priority', async () => {
    expect(await print([page])).toBe(
      'NAME            READY   STATUS\nweb-0           1/1     Running\njob-long-name   0/1     Pending\n',
    );
  });

  it('shows all columns when wide', async () => {
    expect(await print([page], { wide: true })).toBe(
      'NAME            READY   STATUS    IP\n' +
        'web-0           1/1     Running   10.0.0.7\n' +
        'job-long-name   0/1     Pending   <none>\n',
    );
  });

  it('omits the header', async () => {
    expect(await print([page], { noHeaders: true })).toBe(
      'web-0           1/1   Running\njob-long-name   0/1   Pending\n',
    );
  });

  it('keeps trailing spaces before an empty last cell', async () => {
    expect(await print([tablePage(nodes, [column('Name'), column('Roles')], [['n1', '']])])).toBe(
      'NAME   ROLES\nn1     \n',
    );
  });

  it('prints nothing if there are no rows', async () => {
    expect(await print([tablePage(pods, podColumns, [])])).toBe('');
  });

  it('ignores cells without a column and treats missing ones as empty', async () => {
    const columns = [column('Name'), column('Age'), column('X')];
    expect(await print([tablePage(pods, columns, [['a', '5d', 'x', 'more'], ['b']])])).toBe(
      'NAME   AGE   X\na      5d    x\nb            \n',
    );
  });

  it('writes once', async () => {
    const out = memorySink();
    const printer = await openTablePrinter({ ...plainOptions, wide: false }, out);
    await printer.page(page);
    await printer.end();
    expect(out.writes).toHaveLength(1);
  });
});

describe('namespace, labels, kind', () => {
  const page = tablePage(pods, podColumns, [
    row(web, { namespace: 'default', labels: { tier: 'front', app: 'web' } }),
    row(job, { namespace: 'kube-system' }),
  ]);

  it('shows the namespace first', async () => {
    expect(await print([page], { withNamespace: true })).toBe(
      'NAMESPACE     NAME            READY   STATUS\n' +
        'default       web-0           1/1     Running\n' +
        'kube-system   job-long-name   0/1     Pending\n',
    );
  });

  it('shows no namespace of cluster-scoped types', async () => {
    const page = tablePage(nodes, [column('Name')], [row(['n1'], {})]);
    expect(await print([page], { withNamespace: true })).toBe('NAME\nn1\n');
  });

  it('keeps the column for cluster-scoped types that follow namespaced ones, as kubectl does', async () => {
    const ofNodes = tablePage(nodes, [column('Name')], [row(['n1'], {})]);
    expect(await print([page, ofNodes], { withNamespace: true })).toMatch(
      /\n\nNAMESPACE {3}NAME\n {12}n1\n$/,
    );
  });

  it('shows all labels, sorted, and some as columns', async () => {
    expect(
      await print([page], { showLabels: true, labelColumns: ['app', 'example.org/tier'], noHeaders: false }),
    ).toBe(
      'NAME            READY   STATUS    APP   TIER   LABELS\n' +
        'web-0           1/1     Running   web          app=web,tier=front\n' +
        'job-long-name   0/1     Pending                <none>\n',
    );
  });

  it('leaves the cells empty if the row has no object', async () => {
    const bare = tablePage(pods, [column('Name'), column('Ready')], [['web-0', '1/1']]);
    expect(await print([bare], { withNamespace: true, showLabels: true, labelColumns: ['app'] })).toBe(
      'NAMESPACE   NAME    READY   APP   LABELS\n            web-0   1/1           \n',
    );
  });

  it('shows the kind before names', async () => {
    const ofDeployments = tablePage(deployments, [column('Ready'), column('Name')], [['1/1', 'web']]);
    expect(await print([page, ofDeployments], { showKind: true })).toBe(
      'NAME                READY   STATUS\n' +
        'pod/web-0           1/1     Running\n' +
        'pod/job-long-name   0/1     Pending\n' +
        '\n' +
        'READY   NAME\n' +
        '1/1     deployment.apps/web\n',
    );
  });
});

describe('several pages', () => {
  const first = tablePage(pods, podColumns, [web]);
  const second = tablePage(pods, podColumns, [job]);

  it('print the header once, and widths only grow', async () => {
    const third = tablePage(pods, [], [web]);
    expect(await print([first, second, third])).toBe(
      'NAME    READY   STATUS\n' +
        'web-0   1/1     Running\n' +
        'job-long-name   0/1     Pending\n' +
        'web-0           1/1     Running\n',
    );
  });

  it('of several types are separated, empty ones left out', async () => {
    const none = tablePage(nodes, [column('Name')], []);
    const ofDeployments = tablePage(deployments, [column('Name')], [['web']]);
    expect(await print([none, first, none, ofDeployments])).toBe(
      'NAME    READY   STATUS\nweb-0   1/1     Running\n\nNAME\nweb\n',
    );
    expect(await print([first, ofDeployments], { noHeaders: true })).toBe('web-0   1/1   Running\nweb\n');
  });

  it('print another header when the columns change', async () => {
    const other = tablePage(pods, [column('Name'), column('Age')], [['web-0', '5d']]);
    expect(await print([first, other])).toBe(
      'NAME    READY   STATUS\nweb-0   1/1     Running\nNAME    AGE\nweb-0   5d\n',
    );
  });

  it('wait for rows before they print a header', async () => {
    const empty = tablePage(pods, podColumns, []);
    expect(await print([empty, first])).toBe('NAME    READY   STATUS\nweb-0   1/1     Running\n');
  });
});

describe('objects without a table', () => {
  it('show name and age', async () => {
    const page = objectPage(
      pods,
      {
        metadata: {
          name: 'a',
          namespace: 'dev',
          creationTimestamp: '2026-08-20T11:55:57Z',
          labels: { x: 'y' },
        },
      },
      { metadata: { name: 'b\u001b[1m', namespace: 'dev' } },
    );
    expect(await print([page], { withNamespace: true, showLabels: true, showKind: true })).toBe(
      'NAMESPACE   NAME         AGE         LABELS\n' +
        'dev         pod/a        4m3s        x=y\n' +
        'dev         pod/b^[[1m   <unknown>   <none>\n',
    );
  });
});

describe('cellText', () => {
  const cases = [
    [null, ''],
    [undefined, ''],
    ['first\nsecond', 'first...'],
    ['first\rsecond', 'first...'],
    ['first\fsecond', 'first...'],
    ['\n', '...'],
    ['a\tb', String.raw`a\tb`],
    ['\u001b[31mred', '^[[31mred'],
    ['\u202e', String.raw`\u202e`],
    [3, '3'],
    [0.5, '0.5'],
    [1e21, '1e+21'],
    [9007199254740993n, '9007199254740993'],
    [true, 'true'],
    [['a', 'b'], '[a b]'],
  ] as const;
  it.each(cases)('%o: %s', (cell, expected) => {
    expect(cellText(cell)).toBe(expected);
  });
});

it('labelsText sorts the pairs by bytes', () => {
  expect(labelsText({ app: 'web', 'app.kubernetes.io/name': 'web', 'app-kind': 'x' })).toBe(
    'app-kind=x,app.kubernetes.io/name=web,app=web',
  );
  expect(labelsText({ b: '1', B: '2', 'a/b': '3' })).toBe('B=2,a/b=3,b=1');
  expect(labelsText({})).toBe('<none>');
  expect(labelsText(undefined)).toBe('<none>');
});

describe('on a terminal', () => {
  it('colours the header, namespaces and states, and aligns as in a pipe', async () => {
    const out = memorySink(1);
    const printer = await openTablePrinter({ ...plainOptions, wide: false, withNamespace: true }, out);
    const page = tablePage(pods, podColumns, [
      row(web, { namespace: 'default' }),
      row(job, { namespace: 'default' }),
      row(['bad', '0/1', 'CrashLoopBackOff', ''], { namespace: 'default' }),
    ]);
    await printer.page(page);
    const lines = out.text().split('\n');
    expect(lines[0]).toBe(
      '\u001b[1mNAMESPACE\u001b[22m   \u001b[1mNAME\u001b[22m            \u001b[1mREADY\u001b[22m   \u001b[1mSTATUS\u001b[22m',
    );
    expect(lines[1]).toBe(
      '\u001b[2mdefault\u001b[22m     web-0           1/1     \u001b[32mRunning\u001b[39m',
    );
    expect(lines[2]).toBe(
      '\u001b[2mdefault\u001b[22m     job-long-name   \u001b[33m0/1\u001b[39m     \u001b[33mPending\u001b[39m',
    );
    expect(lines[3]).toContain('\u001b[31mCrashLoopBackOff\u001b[39m');
    expect(uncoloured(out.text())).toBe(await print([page], { withNamespace: true }));
  });
});
