import { describe, expect, it } from 'vitest';
import { askReadiness, askServerClock } from '../../../src/api/server-health.ts';
import { RefusedError } from '../../../src/errors.ts';
import { recorded, replyOf } from '../../recorded.ts';
import { scriptedSend, type Exchange, type ScriptedSend } from '../../scripted-send.ts';

const text = { 'content-type': 'text/plain; charset=utf-8' };
const answering = (request: string, reply: Exchange['reply']): ScriptedSend =>
  scriptedSend([{ request, reply }]);

describe('askServerClock', () => {
  it('reads version and time', async () => {
    const { status, body } = recorded('root/version').response;
    const headers = { 'content-type': 'application/json', date: 'Fri, 02 Jan 2026 03:04:05 GMT' };
    const script = answering('GET /version', { status, headers, body });
    expect(await askServerClock(script.send)).toMatchObject({
      version: { gitVersion: 'v1.36.2' },
      date: new Date('2026-01-02T03:04:05Z'),
    });
    script.verify();
  });

  it('reads the time also from a refusal', async () => {
    const reply = replyOf('error/unauthorized-401');
    const script = answering('GET /version', {
      ...reply,
      headers: { ...reply.headers, date: 'Fri, 02 Jan 2026 03:04:05 GMT' },
    });
    expect(await askServerClock(script.send)).toEqual({
      version: undefined,
      date: new Date('2026-01-02T03:04:05Z'),
    });
    script.verify();
  });

  it.each([undefined, 'soon'])('has no time if the server sends %s', async (date) => {
    const { status, body } = recorded('root/version').response;
    const headers = { 'content-type': 'application/json', ...(date === undefined ? {} : { date }) };
    const script = answering('GET /version', { status, headers, body });
    expect((await askServerClock(script.send)).date).toBeUndefined();
    script.verify();
  });

  it('throws when there is no such path', async () => {
    const script = answering('GET /version', replyOf('error/notfound-path'));
    await expect(askServerClock(script.send)).rejects.toThrow(RefusedError);
    script.verify();
  });
});

describe('askReadiness', () => {
  const ask = async (reply: Exchange['reply']): Promise<unknown> => {
    const script = answering('GET /readyz?verbose', reply);
    const answer = await askReadiness(script.send);
    script.verify();
    return answer;
  };

  it('counts the checks', async () => {
    const body = '[+]ping ok\n[+]etcd ok\nreadyz check passed\n';
    expect(await ask({ headers: text, body })).toEqual({ kind: 'ready', checks: 2 });
  });

  it('names the checks that fail', async () => {
    const body =
      '[+]ping ok\n[-]etcd failed: reason withheld\n[-]informer-sync failed\nreadyz check failed\n';
    expect(await ask({ status: 500, headers: text, body })).toMatchObject({
      kind: 'unready',
      failing: ['etcd', 'informer-sync'],
    });
  });

  it.each(['error/unauthorized-401', 'error/forbidden-anonymous-root', 'error/notfound-path'])(
    'is unknown after %s',
    async (name) => {
      expect(await ask(replyOf(name))).toMatchObject({ kind: 'untold' });
    },
  );
});
