// The grammar of --fault, and each fault as a client sees it.

import { afterEach, describe, expect, test } from 'vitest';
import { objectAt } from '../../../src/model/object.ts';
import { parseFault } from '../../../src/sandbox/faults.ts';
import { openWire, type Wire } from './wire.ts';

describe('parseFault', () => {
  test.each([
    ['drop-watch=5s', { kind: 'drop-watch', afterMs: 5000 }],
    ['compact=1m', { kind: 'compact', everyMs: 60_000 }],
    ['forget=5s', { kind: 'forget', everyMs: 5_000 }],
    ['throttle=2', { kind: 'throttle', retryAfterSeconds: 2, filter: { every: 1, path: '' } }],
    ['fail=503,every=3,path=/apis', { kind: 'fail', status: 503, filter: { every: 3, path: '/apis' } }],
    ['latency=250ms', { kind: 'latency', ms: 250, filter: { every: 1, path: '' } }],
    ['truncate=100', { kind: 'truncate', bytes: 100, filter: { every: 1, path: '' } }],
    [
      'unavailable=metrics.k8s.io/v1beta1',
      { kind: 'unavailable', api: { group: 'metrics.k8s.io', version: 'v1beta1' } },
    ],
  ])('%s', (text, fault) => {
    expect(parseFault(text)).toEqual(fault);
  });

  test.each([
    ['foo=1', '--fault foo=1: there is no fault "foo"'],
    ['drop-watch=5', '--fault drop-watch=5: expected a duration such as 500ms, 5s or 1m'],
    ['drop-watch=5s,every=2', '--fault drop-watch=5s,every=2: drop-watch takes no options'],
    ['fail=200', '--fault fail=200: expected a number from 400 to 599'],
    ['throttle=1,each=2', '--fault throttle=1,each=2: unknown option "each=2"'],
    ['unavailable=metrics', '--fault unavailable=metrics: expected GROUP/VERSION'],
  ])('%s is refused', (text, message) => {
    expect(() => parseFault(text)).toThrow(message);
  });
});

describe('on the wire', () => {
  let wire: Wire | undefined;
  const open = async (...faults: string[]): Promise<Wire> => (wire = await openWire({ faults }));
  afterEach(() => wire?.close());

  test('a watch is cut without a final chunk', async () => {
    const { watch } = await open('drop-watch=50ms');
    const reader = await watch('/api/v1/namespaces/kube-public/pods?watch=1');
    expect(await reader.next()).toBeUndefined();
  });

  test('history is forgotten', async () => {
    const { watch, sandbox } = await open('forget=50ms');
    const revision = sandbox.state.store.revision;
    const reader = await watch(`/api/v1/namespaces/kube-public/pods?watch=1&resourceVersion=${revision}`);
    await new Promise((resolve) => setTimeout(resolve, 120));
    const late = await watch(`/api/v1/namespaces/kube-public/pods?watch=1&resourceVersion=${revision}`);
    expect(await late.next()).toMatchObject({ type: 'ERROR', object: { code: 410 } });
    reader.stop();
  });

  test('compaction drops old states, and changes are remembered', async () => {
    const { ask, watch, sandbox } = await open('compact=50ms');
    const pods = '/api/v1/namespaces/kube-public/pods';
    const { revision } = sandbox.state.store;
    const exact = `${pods}?resourceVersion=${revision}&resourceVersionMatch=Exact`;
    const deadline = Date.now() + 30_000;
    while ((await ask(exact)).status !== 410 && Date.now() < deadline) continue;
    expect((await ask(exact)).status).toBe(410);
    const late = await watch(`${pods}?watch=1&resourceVersion=${revision}&timeoutSeconds=1`);
    expect(await late.next()).toBeUndefined();
  });

  test('every second request of a path is throttled', async () => {
    const { ask } = await open('throttle=7,every=2,path=/version');
    expect((await ask('/version')).status).toBe(200);
    const second = await ask('/version');
    expect([second.status, second.headers['retry-after'], objectAt(second.body, 'details')]).toEqual([
      429,
      '7',
      { retryAfterSeconds: 7 },
    ]);
    expect((await ask('/healthz')).status).toBe(200);
  });

  test('a body breaks off', async () => {
    const { ask } = await open('truncate=10,path=/api/v1');
    const answer = await ask('/api/v1/namespaces');
    expect([answer.text.length, answer.broken]).toEqual([10, true]);
    expect((await ask('/version')).broken).toBe(false);
  });

  test('an API server behind the aggregator is unavailable', async () => {
    const { ask } = await open('unavailable=metrics.k8s.io/v1beta1');
    const answer = await ask('/apis/metrics.k8s.io/v1beta1/pods');
    expect([answer.status, answer.text]).toEqual([503, 'service unavailable\n']);
    const discovery = await ask('/apis', {
      accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
    });
    expect(discovery.text).toContain(
      '{"metadata":{"name":"metrics.k8s.io"},"versions":[{"version":"v1beta1","freshness":"Stale"}]}',
    );
  });
});
