// Requests of clients to the proxy and to the sandbox: each target is read in one way, and no
// response blames the server.
import { Agent, request } from 'node:https';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect } from 'vitest';

import { requestInfoOf } from '../../src/model/request-info.ts';
import { readTarget } from '../../src/proxy/target.ts';
import { openSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { awkwardText, fuzz, json, mutated, wellFormed } from './fuzz.ts';

const segment = fc.oneof(
  fc.constantFrom(
    'api', 'v1', 'apis', 'apps', 'namespaces', 'default', 'pods', 'curl', 'log', 'exec', 'watch', 'proxy', 'secrets', 'status', '', '.', '..', '%2e', '%2e%2e',
    '%2f', '%5c', '%00', '%c0%af', '%252f', ';a=b', '%3b', 'a%20b', '한', '%ED%95%9C', '%zz', '%', '~', '*', ':', '@', '\\', '?', '#', '%23', '%3f',
  ),
  awkwardText.map((text) => encodeURIComponent(wellFormed(text))),
); // prettier-ignore
const query = fc.constantFrom(
  '',
  '?watch=1',
  '?watch',
  '?limit=5&continue=%zz',
  '?labelSelector=a%20in%20(b',
  '?timeoutSeconds=1',
  '?a=%',
  '?&&=',
);
const target = fc
  .tuple(fc.array(segment, { maxLength: 8 }), query, fc.constantFrom('', '/', '//'))
  .map(([segments, asked, end]) => `/${segments.join('/')}${end}${asked}`);

describe('targets of the proxy', () => {
  fuzz('what is sent on has the one meaning that was judged', 20_000, target, (raw) => {
    const reading = readTarget(raw, []);
    if (reading.kind === 'refused') return;
    const { path, wire } = reading.target;
    // Another parser with the rules of browsers, which would normalize dot segments and
    // backslashes.
    const url = new URL(`http://h${wire}`);
    expect(url.pathname).toBe(wire.split('?')[0]);
    expect(decodeURIComponent(url.pathname)).toBe(path);
    expect(path.split('/').slice(1, -1)).not.toContain('');
    expect(path.split('/')).not.toContain('..');
    // Reading the result again gives the same, so that two proxies in a row agree.
    expect(readTarget(wire, [])).toEqual(reading);
  });
  fuzz(
    'any request is one that the API server knows, or a path',
    20_000,
    fc.tuple(fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'X'), target),
    ([method, path]) => {
      requestInfoOf({ method, path });
    },
  );
});

interface Asked {
  readonly path: string;
  readonly method: string;
  readonly token: string;
  readonly contentType: string;
  readonly accept: string;
  readonly body: Buffer;
}

describe('requests to the sandbox', () => {
  let sandbox: Sandbox;
  let agent: Agent;
  beforeAll(async () => {
    const now = (): Date => new Date();
    sandbox = await openSandbox({ port: 0, faults: [], objects: [], pods: 0, lively: false, now });
    agent = new Agent({ ca: sandbox.caCertificate, keepAlive: true });
  });
  afterAll(async () => {
    agent.destroy();
    await sandbox.close();
  });

  /**
   * Resolves to the status and the body. Rejects if no complete response arrives within 10 seconds.
   */
  function send(asked: Asked): Promise<{ readonly status: number; readonly text: string }> {
    const { path, method, token, contentType, accept, body } = asked;
    const isRead = method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
    const headers = {
      accept,
      ...(token === 'none'
        ? {}
        : { authorization: `Bearer ${token === 'admin' ? sandbox.admin.token : token}` }),
      ...(isRead ? {} : { 'content-type': contentType, 'content-length': body.length }),
    };
    return new Promise((resolve, reject) => {
      const outgoing = request(
        { agent, host: '127.0.0.1', port: sandbox.port, path, method, headers, timeout: 10_000 },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', reject);
          answer.on('end', () =>
            resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
          );
        },
      );
      outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer to ${method} ${path}`)));
      outgoing.on('error', reject);
      outgoing.end(isRead ? undefined : body);
    });
  }

  const documents = [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'fuzz' }, data: { a: 'b' } },
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'fuzz' }, spec: { containers: [{ name: 'c', image: 'i' }] } },
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'fuzz' }, spec: { selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } } } },
    { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes: { verb: 'get', resource: 'pods' } } },
  ]; // prettier-ignore
  const body = fc.oneof(
    mutated(documents).map((value) => Buffer.from(JSON.stringify(value))),
    json.map((value) => Buffer.from(JSON.stringify(value))),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    fc.constant(Buffer.from(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`)),
  );
  // node:http sends ASCII only.
  const path = fc.oneof(
    target.map((raw) => raw.replaceAll(/[^\x21-\x7e]+/g, encodeURIComponent)),
    fc.constantFrom(
      '/api/v1/namespaces/default/pods', '/api/v1/namespaces/default/configmaps', '/apis/apps/v1/namespaces/default/deployments',
      '/api/v1/namespaces/default/configmaps/fuzz', '/api/v1/namespaces/default/pods/curl', '/apis/apps/v1/namespaces/default/deployments/web/scale',
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', '/api/v1/namespaces/default/pods/curl/status', '/openapi/v3', '/version',
    ),
  ); // prettier-ignore
  const ask = fc.record({
    path,
    method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'),
    token: fc.constantFrom('admin', 'admin', 'none', 'bad'),
    contentType: fc.constantFrom(
      'application/json', 'application/yaml', 'application/merge-patch+json', 'application/json-patch+json', 'application/strategic-merge-patch+json',
      'application/apply-patch+yaml', 'application/vnd.kubernetes.protobuf', 'text/plain', 'a',
    ),
    accept: fc.constantFrom('application/json', 'application/json;as=Table;v=v1;g=meta.k8s.io', 'application/yaml', 'application/vnd.kubernetes.protobuf', '*/*', 'x'),
    body,
  }); // prettier-ignore
  fuzz('get an answer that does not blame the server', 2_500, ask, async (asked) => {
    // An endless watch or log would block the run.
    const isEndless = /watch|log/.test(asked.path);
    const path = isEndless
      ? `${asked.path}${asked.path.includes('?') ? '&' : '?'}timeoutSeconds=1`
      : asked.path;
    const { status, text } = await send({ ...asked, path });
    expect(status, `${asked.method} ${path}: ${text.slice(0, 300)}`).not.toBe(500);
  });
});
