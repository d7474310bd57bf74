import { describe, expect, it } from 'vitest';
import {
  errorOf,
  errorOfResponse,
  isMissingType,
  statusOf,
  type ErrorSubject,
} from '../../../src/api/status.ts';
import { RefusedError, ServerError } from '../../../src/errors.ts';
import type { RequestSpec } from '../../../src/model/request.ts';
import { recorded, replyOf } from '../../recorded.ts';
import { scriptedSend } from '../../scripted-send.ts';

const pods = { group: '', version: 'v1', resource: 'pods' };
const deployments = { group: 'apps', version: 'v1', resource: 'deployments' };

/** Returns the error of a recorded response. */
async function ofRecording(name: string, subject?: ErrorSubject): Promise<RefusedError | ServerError> {
  const { request } = recorded(name);
  const spec: RequestSpec = { method: request.method, path: request.path };
  const script = scriptedSend([{ request: `${spec.method} ${spec.path}`, reply: replyOf(name) }]);
  const error = await errorOf(spec, await script.send(spec), subject);
  script.verify();
  return error;
}

function ofAnswer(
  line: string,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
  subject?: ErrorSubject,
): RefusedError | ServerError {
  const [method = '', path = ''] = line.split(' ');
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return errorOfResponse({ method, path }, { status, headers }, text, subject);
}

/** Returns the text that stderr shows. */
function shown(error: RefusedError | ServerError): string {
  return [`${error.prefix}${error.message}`, ...error.causes].join('\n');
}

describe('answers of a real server in kubectl’s words', () => {
  it.each([
    ['notfound-object', 'Error from server (NotFound): pods "no-such" not found'],
    ['notfound-path', 'Error from server (NotFound): the server could not find the requested resource'],
    ['notfound-resource', 'Error from server (NotFound): the server could not find the requested resource'],
    ['unauthorized-401', 'error: You must be logged in to the server (Unauthorized)'],
    [
      'forbidden-jane-pods-default',
      'Error from server (Forbidden): pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default"',
    ],
    [
      'forbidden-anonymous-root',
      'Error from server (Forbidden): forbidden: User "system:anonymous" cannot get path "/"',
    ],
    ['conflict-already-exists', 'Error from server (AlreadyExists): namespaces "default" already exists'],
    [
      'conflict-resourceversion',
      'Error from server (Conflict): Operation cannot be fulfilled on namespaces "dev": the object has been modified; please apply your changes to the latest version and try again',
    ],
    [
      'method-not-allowed',
      'Error from server (MethodNotAllowed): the server does not allow this method on the requested resource',
    ],
    [
      'bad-continue',
      "Error from server (BadRequest): invalid continue token: continue key is not valid: invalid character '\\x81' looking for beginning of value",
    ],
    [
      'not-acceptable',
      'Error from server (NotAcceptable): 406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch',
    ],
    [
      'unsupported-media',
      'Error from server (UnsupportedMediaType): the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    ],
    [
      'invalid-422',
      `The Namespace "Bad_Name" is invalid: metadata.name: Invalid value: "Bad_Name": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
    ],
  ])('%s', async (name, text) => {
    const error = await ofRecording(`error/${name}`);
    expect(shown(error)).toBe(text);
    expect(error).toBeInstanceOf(RefusedError);
    expect(error.facts?.httpStatus).toBe(recorded(`error/${name}`).response.status);
  });

  it('puts type and selectors before the refusal of a list', async () => {
    const list = { type: pods, list: { fieldSelector: 'spec.nope=1' } };
    expect(shown(await ofRecording('error/bad-field-selector', list))).toBe(
      'Error from server (BadRequest): Unable to find "/v1, Resource=pods" that match label selector "", field selector "spec.nope=1": field label not supported: spec.nope',
    );
    expect(shown(await ofRecording('error/notfound-group', { type: deployments, list: {} }))).toBe(
      'Error from server (NotFound): Unable to list "apps/v1, Resource=deployments": the server could not find the requested resource (get deployments.apps)',
    );
  });

  it('keeps the Status and the request as facts', async () => {
    const error = await ofRecording('error/notfound-object');
    expect(error.facts).toEqual({
      httpStatus: 404,
      reason: 'NotFound',
      status: recorded('error/notfound-object').response.body,
      method: 'GET',
      path: '/api/v1/namespaces/default/pods/no-such',
    });
    expect(error.code).toBe('NotFound');
    expect(statusOf(error)?.details?.name).toBe('no-such');
  });
});

describe('answers without a Status', () => {
  it.each([
    [
      'GET /x',
      400,
      'oops',
      'Error from server (BadRequest): the server rejected our request for an unknown reason',
    ],
    [
      'GET /x',
      401,
      '',
      'error: You must be logged in to the server (the server has asked for the client to provide credentials)',
    ],
    ['GET /x', 403, '<h1>Blocked</h1> by <i>WAF</i>', 'Error from server (Forbidden): Blocked by WAF'],
    ['POST /x', 409, '', 'Error from server (AlreadyExists): the server reported a conflict'],
    [
      'GET /x',
      429,
      'slow down',
      'Error from server (TooManyRequests): the server has received too many requests and has asked us to try again later',
    ],
    [
      'GET /x',
      502,
      '<html><body><h1>502 Bad Gateway</h1></body></html>',
      'Error from server (InternalError): an error on the server ("502 Bad Gateway") has prevented the request from succeeding',
    ],
    [
      'GET /x',
      503,
      '{"kind":"Status","status":"Fail',
      'Error from server (ServiceUnavailable): the server is currently unable to handle the request',
    ],
    [
      'GET /x',
      504,
      '',
      'Error from server (Timeout): the server was unable to return a response in the time allotted, but may still be processing the request',
    ],
    [
      'GET /x',
      418,
      '',
      'Error from server: the server responded with the status code 418 but did not return more information',
    ],
    [
      'PATCH /x',
      422,
      '',
      'The request is invalid: the server rejected our request due to an error in our request',
    ],
    ['GET /x', 415, '', 'Error from server (UnsupportedMediaType): unknown'],
  ])('%s %i %j', (line, status, body, text) => {
    expect(shown(ofAnswer(line, status, body))).toBe(text);
  });

  it('names the target of a redirect', () => {
    const error = ofAnswer('GET /x', 302, '', { location: 'https://login.example/\u001b[2J' });
    expect(error).toBeInstanceOf(ServerError);
    expect(error.message).toBe(
      'Error from server: the server responded with the status code 302 but did not return more information (it points to https://login.example/ [2J)',
    );
  });

  it('names the object if the caller knows it', () => {
    const error = ofAnswer(
      'GET /apis/apps/v1/namespaces/x/deployments/d',
      404,
      '404 page not found',
      {},
      {
        type: deployments,
        name: 'd',
      },
    );
    expect(error.message).toBe(
      'Error from server (NotFound): the server could not find the requested resource (get deployments.apps d)',
    );
  });
});

describe('causes', () => {
  const invalid = (causes: unknown[], message = 'long message') => ({
    kind: 'Status',
    status: 'Failure',
    reason: 'Invalid',
    message,
    details: { kind: 'Pod', name: 'p', causes },
  });

  it('are printed one on a line, each once', () => {
    const a = { field: 'spec.a', message: 'Required value' };
    const error = ofAnswer('POST /x', 422, invalid([a, { field: 'spec.b', message: 'Too long' }, a]));
    expect(shown(error)).toBe('The Pod "p" is invalid:\n* spec.a: Required value\n* spec.b: Too long');
  });

  it('name what an eviction waits for', () => {
    const error = ofAnswer('POST /api/v1/namespaces/d/pods/p/eviction', 429, {
      kind: 'Status',
      status: 'Failure',
      reason: 'TooManyRequests',
      message: "Cannot evict pod as it would violate the pod's disruption budget.",
      details: {
        retryAfterSeconds: 10,
        causes: [
          {
            reason: 'DisruptionBudget',
            message: 'The disruption budget web needs 2 healthy pods and has 2 currently',
          },
        ],
      },
    });
    expect(error).toBeInstanceOf(ServerError);
    expect(shown(error)).toBe(
      "Error from server (TooManyRequests): Cannot evict pod as it would violate the pod's disruption budget.\n" +
        '* The disruption budget web needs 2 healthy pods and has 2 currently',
    );
    expect(error.facts?.retryAfterSeconds).toBe(10);
    expect(error.hint).toBe(
      'the server is busy or the request has to wait its turn; try again in 10 seconds',
    );
  });

  it('tolerate a Status with fields of the wrong type', () => {
    const error = ofAnswer('GET /x', 400, {
      kind: 'Status',
      status: 7,
      message: ['x'],
      reason: null,
      details: { causes: [null, 'x', { message: 5 }], retryAfterSeconds: 'soon' },
    });
    expect(shown(error)).toBe('Error from server: the server sent no message');
  });
});

describe('hints', () => {
  it.each([
    [
      'error/forbidden-jane-pods-default',
      'you need verb "list" on resource "pods" in namespace "default"; `kapi … --suggest-rbac` prints the role and binding that grant it; `kapi can-i list pods -n default --why` asks the server for its reason',
    ],
    [
      'error/forbidden-jane-secret',
      'you need verb "get" on resource "secrets" named "other" in namespace "dev"; `kapi … --suggest-rbac` prints the role and binding that grant it; `kapi can-i get secrets other -n dev --why` asks the server for its reason',
    ],
    [
      'error/forbidden-anonymous-pods',
      'you need verb "list" on resource "pods" in the whole cluster; `kapi … --suggest-rbac` prints the role and binding that grant it; `kapi can-i list pods -A --why` asks the server for its reason',
    ],
    [
      'error/forbidden-anonymous-root',
      'you need verb "get" on path "/"; `kapi … --suggest-rbac` prints the role and binding that grant it; `kapi can-i get / --why` asks the server for its reason',
    ],
    [
      'error/unauthorized-401',
      'the server does not accept these credentials; `kapi whoami` shows which ones kapi sends and where they come from',
    ],
    [
      'error/notfound-object',
      'looked in namespace "default"; `kapi list pods -A --field-selector metadata.name=no-such` looks in all of them',
    ],
    ['error/notfound-path', '`kapi paths` lists the paths that the server has'],
    [
      'error/notfound-resource',
      'the server has no such type at this path; `kapi resources` lists the types and their versions',
    ],
    ['error/bad-label-selector', undefined],
    ['error/conflict-already-exists', undefined],
    [
      'error/conflict-resourceversion',
      'someone else changed the object in the meantime: read it again and repeat the change on what you got',
    ],
  ])('%s', async (name, hint) => {
    expect((await ofRecording(name)).hint).toBe(hint);
  });

  it('distinguishes a missing subresource from a missing type', () => {
    expect(
      ofAnswer('GET /apis/apps/v1/namespaces/d/deployments/web/nope', 404, '404 page not found').hint,
    ).toBe('deployments.apps has no subresource "nope"; `kapi resources --subresources` lists those it has');
  });

  it('does not name the namespace in which it looked for a Namespace', () => {
    const error = ofAnswer('GET /api/v1/namespaces/nope', 404, {
      kind: 'Status',
      status: 'Failure',
      reason: 'NotFound',
      message: 'namespaces "nope" not found',
      details: { name: 'nope', kind: 'namespaces' },
    });
    expect(error.hint).toBeUndefined();
  });

  it('does not report a missing permission if admission may have refused', () => {
    const error = ofAnswer('POST /api/v1/namespaces/dev/pods', 403, {
      kind: 'Status',
      status: 'Failure',
      reason: 'Forbidden',
      message: 'pods "x" is forbidden: exceeded quota: q',
      details: { name: 'x', kind: 'pods' },
    });
    expect(error.hint).toBeUndefined();
  });

  it('names the missing permission of a write that authorization refused', () => {
    const error = ofAnswer('POST /api/v1/namespaces/dev/pods', 403, {
      kind: 'Status',
      status: 'Failure',
      reason: 'Forbidden',
      message:
        'pods is forbidden: User "jane" cannot create resource "pods" in API group "" in the namespace "dev"',
      details: { kind: 'pods' },
    });
    expect(error.hint).toMatch(
      /^you need verb "create" on resource "pods" in namespace "dev"; `kapi … --suggest-rbac` prints/,
    );
  });

  it('gives no hint about roles if a server refuses in its own words', () => {
    const message = '[00] access denied';
    const error = ofAnswer('GET /version', 403, {
      kind: 'Status',
      status: 'Failure',
      reason: 'Forbidden',
      message,
    });
    expect([error.message, error.hint]).toEqual([`Error from server (Forbidden): ${message}`, undefined]);
  });

  it.each([
    ['conversion webhook for v1.G failed: connection refused', /kapi get crd convs.conv.example.com/],
    ['Internal error occurred: failed calling webhook "x": timeout', /webhookconfigurations/],
    ['no preferred addresses found; known addresses: []', /no address of the node/],
  ])('500 %s', (message, hint) => {
    const status = { kind: 'Status', status: 'Failure', reason: 'InternalError', message, code: 500 };
    expect(ofAnswer('GET /apis/conv.example.com/v2/convs', 500, status).hint).toMatch(hint);
  });

  const html = '<html><body>oops</body></html>';
  it.each<[number, string, Record<string, string>, string | undefined]>([
    [404, html, { 'content-type': 'text/html', server: 'nginx' }, 'the answer says: "oops"'],
    [502, html, { 'content-type': 'text/html' }, undefined],
    [503, html, { 'content-type': 'text/html' }, 'the answer says: "oops"'],
    [
      401,
      '',
      { 'www-authenticate': 'Basic realm="corp"' },
      'it asks for the credentials: Basic realm="corp"',
    ],
    [421, 'no such host', {}, undefined],
    [502, 'no healthy upstream', { 'content-type': 'text/plain' }, undefined],
    ...[400, 401, 404, 405, 408, 410, 413, 429, 431, 451, 499, 500, 503, 504, 520, 599].map(
      (status): [number, string, Record<string, string>, undefined] => [
        ...([status, ' \n'] as const),
        { 'content-type': 'text/plain' },
        undefined,
      ],
    ),
    [511, html, { 'content-type': 'text/html' }, undefined],
    [
      401,
      '{"type":"error","message":"clusterID does not match"}',
      {},
      'the answer says: "clusterID does not match"',
    ],
    [404, '{"type":"error","message":"cluster not found"}', {}, 'the answer says: "cluster not found"'],
  ])(
    '%i %s from a proxy names who answered and claims nothing about the API server',
    (status, body, headers, cause) => {
      const error = ofAnswer('GET /api/v1/pods', status, body, headers);
      expect(error.hint).toMatch(
        /^the answer \(.*\) is not a Kubernetes Status: a load balancer, gateway or proxy may/,
      );
      expect(error.hint).not.toMatch(
        /readyz|kapi paths|kapi resources|whoami|can-i|suggest-rbac|moment of the list|busy/,
      );
      if (cause !== undefined) expect(error.causes).toContain(cause);
    },
  );

  it.each<[number, string, Record<string, string>]>([
    [404, '404 page not found\n', { 'content-type': 'text/plain' }],
    [401, 'Unauthorized', { 'audit-id': '1', 'content-type': 'text/plain' }],
    [403, 'Forbidden (user=jane, verb=get, resource=nodes, subresource=proxy)', { 'audit-id': '1' }],
    [500, '<html>oops</html>', { 'audit-id': '1', 'content-type': 'text/html' }],
    [503, '', { 'audit-id': '1' }],
  ])('%i %s of what the API server forwards to names its target', (status, body, headers) => {
    for (const [path, target] of [
      ['/api/v1/nodes/n/proxy/metrics', 'nodes/n'],
      ['/api/v1/namespaces/dev/services/https:web:8443/proxy/x?y=1', 'services/https:web:8443'],
      ['/api/v1/namespaces/dev/pods/p/proxy', 'pods/p'],
    ]) {
      expect(ofAnswer(`GET ${path}`, status, body, headers).hint).toMatch(
        new RegExp(
          `^the answer \\(.*\\) is not a Kubernetes Status: the API server forwards this path to ${target}, which may have answered$`,
        ),
      );
    }
  });

  it.each([
    'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using v1: .data.a',
    'Operation cannot be fulfilled on namespaces "x": The system is ensuring all content is removed from this namespace.',
    'Precondition failed: UID in precondition: a, UID in object meta: b',
  ])('409 %s has a reason that is not a change by someone else', (message) => {
    const status = { kind: 'Status', status: 'Failure', reason: 'Conflict', message, code: 409 };
    expect(ofAnswer('PATCH /api/v1/namespaces/x', 409, status).hint).toBeUndefined();
  });

  it.each(['/openapi/v3', '/metrics', '/version'])('404 of %s does not suggest the same path', (path) => {
    expect(ofAnswer(`GET ${path}`, 404, '404 page not found').hint).toBe(
      '`kapi paths` lists the paths that the server has',
    );
  });

  it('410 is about the moment of a list only if the request is a list', () => {
    const status = { kind: 'Status', status: 'Failure', reason: 'Gone', message: 'moved away', code: 410 };
    expect(ofAnswer('GET /api/v1/namespaces/x', 410, status).hint).toBeUndefined();
    expect(ofAnswer('GET /api/v1/pods?continue=x', 410, status).hint).toMatch(/moment of the list/);
  });

  it('an answer with an Audit-Id comes from an API server, whatever its form', () => {
    const error = ofAnswer('GET /x', 404, '<html>', { 'audit-id': '1', 'content-type': 'text/html' });
    expect(error.hint).toBe('`kapi paths` lists the paths that the server has');
  });

  it('does not blame the type if impersonation was refused', () => {
    const error = ofAnswer('GET /api/v1/pods', 403, {
      kind: 'Status',
      status: 'Failure',
      reason: 'Forbidden',
      message:
        'users "bob" is forbidden: User "jane" cannot impersonate resource "users" in API group "" at the cluster scope',
      details: { name: 'bob', kind: 'users' },
    });
    expect(error.hint).toBe(
      'the missing right is one on users, not on pods: it is needed when you act as someone else (--as, --as-group, --as-uid)',
    );
  });

  it('points to the API behind the server and to its health', () => {
    expect(ofAnswer('GET /apis/metrics.k8s.io/v1beta1/nodes', 503, 'service unavailable').hint).toBe(
      'group metrics.k8s.io may be served by an API behind the API server; `kapi get apiservice v1beta1.metrics.k8s.io` shows whether it answers',
    );
    expect(ofAnswer('GET /api/v1/nodes', 503, 'starting', { 'retry-after': '1' }).hint).toBe(
      "`kapi get '/readyz?verbose'` shows whether the server is ready; try again in 1 second",
    );
  });
});

describe('isMissingType', () => {
  it.each([
    ['error/notfound-object', false],
    ['error/notfound-resource', true],
    ['error/notfound-group', true],
    ['error/forbidden-jane-pods-default', false],
  ])('%s: %s', async (name, missing) => {
    expect(isMissingType(await ofRecording(name))).toBe(missing);
  });
});

describe('answers that say little', () => {
  it.each([{ code: 403 }, { code: 500, message: { a: 1 }, reason: 7 }])(
    'a Status without a message: %j',
    (more) => {
      const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', ...more };
      expect(shown(ofAnswer('GET /api', more.code, status))).toBe(
        'Error from server: the server sent no message',
      );
    },
  );

  it('an array is not from an API server', () => {
    const error = ofAnswer('GET /api', 500, [1], { 'content-type': 'application/json' });
    expect(error.hint).toContain('is not a Kubernetes Status');
  });
});
