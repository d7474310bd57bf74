import { describe, expect, it } from 'vitest';
import { buildRawRequest, getPage, getRaw } from '../../../src/api/get.ts';
import { readText } from '../../../src/api/read.ts';
import { wellKnownType } from '../../../src/api/well-known.ts';
import { RefusedError } from '../../../src/errors.ts';
import { exchangeOf, replyOf } from '../../recorded.ts';
import { scriptedSend } from '../../scripted-send.ts';

const pods = wellKnownType('pods');
const jobs = wellKnownType('jobs');
if (pods === undefined || jobs === undefined) throw new Error('not well-known');
const now = (): Date => new Date('2026-11-22T04:00:00Z');

describe('getPage', () => {
  it('returns the object', async () => {
    const script = scriptedSend([exchangeOf('object/job')]);
    const page = await getPage(
      script.send,
      { type: jobs, namespace: 'default', name: 'my-job', as: 'objects' },
      { now },
    );
    script.verify();
    expect(page).toMatchObject({
      kind: 'objects',
      type: jobs,
      objects: [{ kind: 'Job', metadata: { name: 'my-job' } }],
    });
  });

  it('returns the row', async () => {
    const script = scriptedSend([exchangeOf('table/pod-one')]);
    const page = await getPage(
      script.send,
      { type: pods, namespace: 'default', name: 'downward', as: 'table' },
      { now },
    );
    script.verify();
    expect(page.kind === 'table' && page.table.rows.map(({ cells }) => cells[0])).toEqual(['downward']);
  });

  it('makes the row if the server does not', async () => {
    const { body } = replyOf('object/job');
    const script = scriptedSend([
      { request: 'GET /apis/batch/v1/namespaces/default/jobs/my-job', reply: { body } },
    ]);
    const page = await getPage(
      script.send,
      { type: jobs, namespace: 'default', name: 'my-job', as: 'table' },
      { now },
    );
    expect(page.kind === 'table' && page.table.rows.map(({ cells }) => cells)).toEqual([['my-job', '17m']]);
  });

  it.each([
    ['/statusz', 'Statusz'],
    ['/flagz', 'Flagz'],
    ['/statusz?verbose', 'Statusz'],
    ['/api/v1/nodes/n/proxy/flagz', 'Flagz'],
  ])('asks for the object behind %s first', (path, kind) => {
    const accept = buildRawRequest(path).headers?.['accept'];
    expect(accept).toMatch(new RegExp(`^application/json;v=v1;g=config[.]k8s[.]io;as=${kind},.*, \\*/\\*$`));
  });

  it.each(['/api/v1/namespaces/default/pods/statusz', '/apis/a.b/v1/statusz', '/x/statusz', '/statuszz'])(
    'asks for %s as for any other path',
    (path) => {
      expect(buildRawRequest(path).headers).toEqual({ accept: 'application/json, */*' });
    },
  );

  it('throws the refusal of the server', async () => {
    const script = scriptedSend([exchangeOf('error/notfound-object')]);
    const query = { type: pods, namespace: 'default', name: 'no-such', as: 'objects' } as const;
    const rediscover = (): never => {
      throw new Error('a missing object is no missing type');
    };
    const error: unknown = await getPage(script.send, query, { now, rediscover }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(RefusedError);
    expect(error).toMatchObject({ message: 'Error from server (NotFound): pods "no-such" not found' });
    script.verify();
  });

  it('resolves the type again when the server does not have it', async () => {
    const script = scriptedSend([
      { request: 'GET /apis/batch/v1/namespaces/default/jobs/j', reply: replyOf('error/notfound-group') },
      {
        request: 'GET /apis/batch/v2/namespaces/default/jobs/j',
        reply: { body: { metadata: { name: 'j' } } },
      },
    ]);
    const page = await getPage(
      script.send,
      { type: jobs, namespace: 'default', name: 'j', as: 'objects' },
      { now, rediscover: (type) => Promise.resolve({ ...type, version: 'v2' }) },
    );
    expect(page).toMatchObject({
      type: { version: 'v2' },
      objects: [{ apiVersion: 'batch/v2', kind: 'Job' }],
    });
    script.verify();
  });
});

describe('getRaw', () => {
  it('returns the response unread', async () => {
    const script = scriptedSend([
      {
        request: 'GET /healthz?verbose',
        headers: { accept: 'application/json, */*' },
        reply: { body: ['o', 'k'] },
      },
    ]);
    const response = await getRaw(script.send, '/healthz?verbose');
    expect(await readText(response)).toBe('ok');
    script.verify();
  });

  it('throws the refusal of the server', async () => {
    const script = scriptedSend([exchangeOf('error/notfound-path')]);
    await expect(getRaw(script.send, '/nope')).rejects.toThrow(
      'Error from server (NotFound): the server could not find the requested resource',
    );
    script.verify();
  });

  it.each([
    ['/api/v1/pods?watch=1', true],
    ['/api/v1/namespaces/d/pods/p/log?follow=true&tailLines=1', true],
    ['/api/v1/pods?watch=false', undefined],
    ['/api/v1/pods', undefined],
  ])('knows whether %s ends', (path, streaming) => {
    expect(buildRawRequest(path).streaming).toBe(streaming);
  });
});
