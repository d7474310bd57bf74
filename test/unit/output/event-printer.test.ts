// Changes of a watch in every format, byte for byte.
import { describe, expect, it } from 'vitest';
import type { Change, ChangeType } from '../../../src/model/change.ts';
import type { FieldChange } from '../../../src/model/object-diff.ts';
import type { ResourceType } from '../../../src/model/resource.ts';
import { openEventPrinter } from '../../../src/output/event-printer.ts';
import type { EventPrintOptions, PrintedChange } from '../../../src/output/printed-change.ts';
import { memorySink, uncoloured } from './memory-sink.ts';
import { column, deployments, plainOptions, pods } from './things.ts';

const time = new Date('2026-01-02T03:04:05.678Z');
const columns = [column('Name'), column('Status'), column('Node', 1)];
const options: EventPrintOptions = { ...plainOptions, events: true, timestamps: false };

function row(change: ChangeType, name: string, state: string, more: Partial<Change> = {}): PrintedChange {
  const object = { metadata: { name, namespace: 'dev', labels: { app: name } } };
  return {
    time,
    change: {
      ...{ change, type: pods, namespace: 'dev', name, uid: '', resourceVersion: '1' },
      entry: { kind: 'row', columns, row: { cells: [name, state, 'node-a'], object } },
      ...more,
    },
  };
}

function object(change: ChangeType, name: string, fields?: readonly FieldChange[]): PrintedChange {
  const metadata = { name, namespace: 'dev', managedFields: [{}] };
  return {
    time,
    fields,
    change: {
      ...{ change, type: pods, namespace: 'dev', name, uid: '', resourceVersion: '1' },
      entry: {
        kind: 'object',
        object: { apiVersion: 'v1', kind: 'Pod', metadata, status: { phase: 'Running' } },
      },
    },
  };
}

async function printed(
  batches: readonly (readonly PrintedChange[])[],
  more: Partial<EventPrintOptions> = {},
): Promise<string> {
  const sink = memorySink();
  const printer = await openEventPrinter({ ...options, ...more }, sink);
  for (const batch of batches) await printer.print(batch);
  // A batch is one write.
  expect(sink.writes.length).toBeLessThanOrEqual(batches.length);
  return sink.text();
}

describe('tables', () => {
  it('show the event, keep the columns aligned and print the header once', async () => {
    expect(
      await printed([
        [row('ADDED', 'web', 'Pending'), row('ADDED', 'api', 'Running')],
        [row('MODIFIED', 'web', 'ContainerCreating')],
        [row('DELETED', 'api', 'Running')],
      ]),
    ).toBe(`EVENT      NAME   STATUS
ADDED      web    Pending
ADDED      api    Running
MODIFIED   web    ContainerCreating
DELETED    api    Running
`);
  });

  it('let columns grow and never shrink', async () => {
    const more = [[row('ADDED', 'a', 'x')], [row('ADDED', 'a-long-name', 'x')], [row('ADDED', 'b', 'x')]];
    expect(await printed(more, { noHeaders: true })).toBe(
      'ADDED      a     x\nADDED      a-long-name   x\nADDED      b             x\n',
    );
  });

  it("are kubectl's without events", async () => {
    expect(
      await printed([[row('ADDED', 'web', 'Pending')], [row('DELETED', 'web', 'Pending')]], {
        events: false,
      }),
    ).toBe('NAME   STATUS\nweb    Pending\nweb    Pending\n');
  });

  it('show the time first', async () => {
    expect(await printed([[row('ADDED', 'web', 'Pending')]], { timestamps: true })).toBe(
      'TIME                       EVENT      NAME   STATUS\n2026-01-02T03:04:05.678Z   ADDED      web    Pending\n',
    );
  });

  it('have the columns of list: wide, namespace, labels', async () => {
    expect(
      await printed([[row('ADDED', 'web', 'Pending')]], {
        ...{ withNamespace: true, showLabels: true, labelColumns: ['app'] },
        format: { kind: 'table', wide: true },
      }),
    ).toBe(
      'EVENT      NAMESPACE   NAME   STATUS    NODE     APP   LABELS\nADDED      dev         web    Pending   node-a   web   app=web\n',
    );
  });

  it('of several types keep their own widths, and the header comes again when the type changes', async () => {
    const deployment = (change: ChangeType, name: string): PrintedChange => {
      const object = { metadata: { name } };
      return row(change, name, '', {
        type: deployments,
        entry: {
          kind: 'row',
          columns: [column('Name'), column('Ready')],
          row: { cells: [name, '1/1'], object },
        },
      });
    };
    expect(
      await printed(
        [
          [row('ADDED', 'web', 'Pending'), deployment('ADDED', 'a-deployment')],
          [row('MODIFIED', 'web', 'Running'), deployment('MODIFIED', 'x'), row('DELETED', 'web', 'Running')],
        ],
        { showKind: true },
      ),
    ).toBe(`EVENT      NAME      STATUS
ADDED      pod/web   Pending

EVENT      NAME                           READY
ADDED      deployment.apps/a-deployment   1/1

EVENT      NAME      STATUS
MODIFIED   pod/web   Running

EVENT      NAME                           READY
MODIFIED   deployment.apps/x              1/1

EVENT      NAME      STATUS
DELETED    pod/web   Running
`);
  });

  it('have a new header when the server changes the columns', async () => {
    const wider = [column('Name'), column('Age')];
    const later = row('MODIFIED', 'web', '', {
      entry: { kind: 'row', columns: wider, row: { cells: ['web', '5s'] } },
    });
    expect(await printed([[row('ADDED', 'web', 'Pending')], [later]])).toBe(
      'EVENT      NAME   STATUS\nADDED      web    Pending\nEVENT      NAME   AGE\nMODIFIED   web    5s\n',
    );
  });

  it('show the changed fields under the row', async () => {
    const fields = [
      { path: 'status.phase', before: 'Pending', after: 'Running' },
      { path: 'spec.nodeName', before: undefined, after: 'node-a' },
    ];
    expect(
      await printed([
        [
          row('ADDED', 'web', 'Pending'),
          { ...row('MODIFIED', 'web', 'Running'), fields },
          row('DELETED', 'web', 'Running'),
        ],
      ]),
    ).toBe(`EVENT      NAME   STATUS
ADDED      web    Pending
MODIFIED   web    Running
    status.phase: Pending -> Running
    spec.nodeName: <none> -> node-a
DELETED    web    Running
`);
  });

  it('colour the event on a terminal', async () => {
    const sink = memorySink(1);
    const printer = await openEventPrinter(options, sink);
    await printer.print([row('ADDED', 'a', 'x'), row('MODIFIED', 'a', 'x'), row('DELETED', 'a', 'x')]);
    expect(sink.text()).toContain('\u001b[32mADDED   \u001b[39m');
    expect(sink.text()).toContain('\u001b[33mMODIFIED\u001b[39m');
    expect(sink.text()).toContain('\u001b[31mDELETED \u001b[39m');
    expect(uncoloured(sink.text())).toContain('DELETED    a      x\n');
  });

  it('escape control characters', async () => {
    expect(await printed([[row('ADDED', 'web', '\u001b[31mred\u0007')]], { noHeaders: true })).toBe(
      'ADDED      web   ^[[31mred^G\n',
    );
  });
});

describe('custom columns', () => {
  const format = {
    kind: 'custom-columns',
    spec: 'N:.metadata.name,P:.status.phase',
    source: 'spec',
  } as const;

  it('show the event', async () => {
    expect(await printed([[object('ADDED', 'web')], [object('DELETED', 'web')]], { format })).toBe(
      'EVENT      N     P\nADDED      web   Running\nDELETED    web   Running\n',
    );
  });

  it("are kubectl's without", async () => {
    expect(await printed([[object('ADDED', 'web')]], { format, events: false })).toBe(
      'N     P\nweb   Running\n',
    );
  });

  it('show the changed fields too', async () => {
    const fields = [{ path: 'a', before: 1, after: 2 }];
    expect(
      await printed([[object('MODIFIED', 'web', fields), object('ADDED', 'x')]], { format, noHeaders: true }),
    ).toBe('MODIFIED   web   Running\n    a: 1 -> 2\nADDED      x     Running\n');
  });
});

describe('documents', () => {
  const bare =
    '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web","namespace":"dev"},"status":{"phase":"Running"}}';

  it('ndjson is one {type, object} per line', async () => {
    expect(
      await printed([[object('ADDED', 'web'), object('DELETED', 'web')]], { format: { kind: 'ndjson' } }),
    ).toBe(`{"type":"ADDED","object":${bare}}\n{"type":"DELETED","object":${bare}}\n`);
  });

  it('ndjson has time and changes if they are requested', async () => {
    const fields = [
      { path: 'a', before: 1, after: undefined },
      { path: 'b', before: undefined, after: ['x'] },
    ];
    expect(
      await printed([[object('MODIFIED', 'web', fields)]], { format: { kind: 'ndjson' }, timestamps: true }),
    ).toBe(
      `{"type":"MODIFIED","time":"2026-01-02T03:04:05.678Z","changes":[{"before":1,"path":"a"},{"after":["x"],"path":"b"}],"object":${bare}}\n`,
    );
  });

  it('ndjson without events is the object alone', async () => {
    expect(await printed([[object('ADDED', 'web')]], { format: { kind: 'ndjson' }, events: false })).toBe(
      `${bare}\n`,
    );
  });

  it('json is a sequence of indented documents', async () => {
    const text = await printed([[object('ADDED', 'web')], [object('DELETED', 'web')]], {
      format: { kind: 'json' },
    });
    expect(text).toBe(
      ['ADDED', 'DELETED']
        .map((type) => `${JSON.stringify({ type, object: JSON.parse(bare) }, undefined, 4)}\n`)
        .join(''),
    );
  });

  it("json without events is kubectl's", async () => {
    expect(
      await printed([[object('ADDED', 'web')], [object('DELETED', 'web')]], {
        format: { kind: 'json' },
        events: false,
      }),
    ).toBe(`${JSON.stringify(JSON.parse(bare), undefined, 4)}\n`.repeat(2));
  });

  it('yaml separates documents and puts the type first', async () => {
    const document = (type: string): string => `type: ${type}
object:
  apiVersion: v1
  kind: Pod
  metadata:
    name: web
    namespace: dev
  status:
    phase: Running
`;
    expect(
      await printed([[object('ADDED', 'web')], [object('DELETED', 'web')]], { format: { kind: 'yaml' } }),
    ).toBe(`${document('ADDED')}---\n${document('DELETED')}`);
  });

  it('yaml without events is the object alone', async () => {
    const document =
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  namespace: dev\nstatus:\n  phase: Running\n';
    expect(
      await printed([[object('ADDED', 'web'), object('ADDED', 'web')]], {
        format: { kind: 'yaml' },
        events: false,
      }),
    ).toBe(`${document}---\n${document}`);
  });

  it('keep managed fields if they are requested', async () => {
    expect(
      await printed([[object('ADDED', 'web')]], { format: { kind: 'ndjson' }, showManagedFields: true }),
    ).toContain('"managedFields":[{}]');
  });

  it('write a large batch in pieces', async () => {
    const sink = memorySink();
    const printer = await openEventPrinter({ ...options, format: { kind: 'ndjson' } }, sink);
    await printer.print(Array.from({ length: 5_000 }, () => object('ADDED', 'web')));
    expect(sink.writes.length).toBeGreaterThan(1);
    expect(sink.text().split('\n')).toHaveLength(5_001);
  });
});

describe('names and templates', () => {
  it('name shows the event', async () => {
    const type: ResourceType = deployments;
    expect(
      await printed([[row('ADDED', 'web', ''), row('DELETED', 'web', '', { type })]], {
        format: { kind: 'name' },
      }),
    ).toBe('ADDED pod/web\nDELETED deployment.apps/web\n');
  });

  it('name has time and fields too, and only the name without events', async () => {
    const fields = [{ path: 'a', before: 1, after: 2 }];
    const change = { ...row('MODIFIED', 'web', ''), fields };
    expect(await printed([[change]], { format: { kind: 'name' }, timestamps: true })).toBe(
      '2026-01-02T03:04:05.678Z MODIFIED pod/web\n    a: 1 -> 2\n',
    );
    expect(await printed([[row('ADDED', 'web', '')]], { format: { kind: 'name' }, events: false })).toBe(
      'pod/web\n',
    );
  });

  it('jsonpath is applied to each object separately', async () => {
    const format = { kind: 'jsonpath', template: '{.metadata.name}={.status.phase}{"\\n"}' } as const;
    expect(await printed([[object('ADDED', 'a'), object('ADDED', 'b')]], { format })).toBe(
      'a=Running\nb=Running\n',
    );
  });

  it('jsonpath writes nothing if it finds nothing', async () => {
    const format = { kind: 'jsonpath', template: '{.nope}' } as const;
    expect(await printed([[object('ADDED', 'a')]], { format })).toBe('');
  });
});
