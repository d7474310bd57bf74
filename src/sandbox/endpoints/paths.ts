// Answers non-resource paths: `/`, `/version`, health, metrics, discovery, OpenAPI, the documents
// of the token issuer. Entry point: answerPath. Authorization has already happened.

import type { SandboxState } from '../store/state.ts';
import type { JsonObject } from '../../model/object.ts';
import { objectAnswer, pageNotFound, textAnswer, type Answer, type Call } from '../http/call.ts';
import {
  aggregatedDiscovery,
  aggregatedVersions,
  coreVersions,
  etagOf,
  groupDocument,
  groupList,
  resourceList,
  type UnavailableApi,
} from './discovery.ts';
import { encodeJson } from '../http/encoding.ts';
import { encodeOpenApiV2, openApiV2Protobuf } from './openapi-protobuf.ts';
import { healthAnswer, healthChecks } from './health.ts';
import { metricsText } from './metrics.ts';
import { accepts, negotiate, parseAccept, formRequestOf } from '../http/negotiation.ts';
import { methodNotAllowed, notAcceptable } from '../http/status.ts';
import { tokenIssuer } from '../access/tokens.ts';

const json = 'application/json';

/** The version of the sandbox. The git fields show that it is not a build of Kubernetes. */
export const serverVersion = {
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: 'v1.36.2+kapi-sandbox',
  gitCommit: '0000000000000000000000000000000000000000',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: '',
} as const;

/**
 * Answers a path.
 * @param unavailable APIs that a fault makes unreachable
 * @throws StatusError 405, 406
 */
export async function answerPath(
  state: SandboxState,
  call: Call,
  unavailable: readonly UnavailableApi[],
): Promise<Answer> {
  const path = call.path.length > 1 ? call.path.replace(/(?<!\/)\/+$/, '') : call.path;
  const health = call.path === path ? healthAnswer(path, call.query) : undefined;
  if (health !== undefined) return readOnly(call, health);
  switch (path) {
    case '/':
    case '/index.html':
      return readOnly(call, jsonText({ paths: rootPaths(state, unavailable) }));
    case '/version':
      return readOnly(call, jsonText(serverVersion));
    case '/metrics':
      return readOnly(call, {
        kind: 'text',
        status: 200,
        contentType: 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores',
        text: metricsText(state),
      });
    case '/.well-known/openid-configuration':
      return readOnly(call, issuerDocument(call, json, openidConfiguration(state)));
    case '/openid/v1/jwks':
      return readOnly(call, issuerDocument(call, 'application/jwk-set+json', state.tokens.keySet()));
    case '/api':
    case '/apis':
      return readOnly(call, groupsAnswer(state, call, path === '/api', unavailable));
    default:
  }
  if (path.startsWith('/openapi/')) return readOnly(call, await openApiAnswer(state, call, path));
  const [, root, group = '', version = '', resource] = path.split('/');
  const below = root === 'api' ? version : resource;
  // With a method that no resource has, a resource path has no verb and arrives here.
  if ((root === 'api' || root === 'apis') && below !== undefined && below !== '') throw methodNotAllowed();
  if (root === 'api' && version === '') return versionAnswer(state, call, '', group);
  if (root === 'apis' && version === '') {
    const body = groupDocument(state.registry.types, unavailable, group);
    return body === undefined ? pageNotFound() : readOnly(call, negotiateAnswer(call, body));
  }
  if (root === 'apis') return versionAnswer(state, call, group, version);
  return pageNotFound();
}

/** Returns the paths of `GET /`, sorted as the server sorts them. */
export function rootPaths(state: SandboxState, unavailable: readonly UnavailableApi[]): readonly string[] {
  const groupVersions = [...state.registry.types, ...unavailable].flatMap((type) =>
    type.group === ''
      ? [`/api/${type.version}`]
      : [`/apis/${type.group}`, `/apis/${type.group}/${type.version}`],
  );
  const health = Object.entries(healthChecks).flatMap(([endpoint, checks]) => [
    `/${endpoint}`,
    ...checks.map((name) => `/${endpoint}/${name}`),
  ]);
  const fixed = [
    '/.well-known/openid-configuration',
    '/api',
    '/apis',
    '/apis/',
    '/metrics',
    '/openapi/v2',
    '/openapi/v3',
    '/openapi/v3/',
    '/openid/v1/jwks',
    '/version',
  ];
  return [...new Set([...fixed, ...groupVersions, ...health])].sort();
}

function readOnly(call: Call, answer: Answer): Answer {
  if (call.method === 'GET' || call.method === 'HEAD') return answer;
  throw methodNotAllowed();
}

/**
 * Always indented and without a final line end: these handlers of the real server do not negotiate.
 */
function jsonText(body: JsonObject): Answer {
  return { kind: 'text', status: 200, contentType: json, text: encodeJson(body, true) };
}

function negotiateAnswer(call: Call, body: JsonObject): Answer {
  return objectAnswer(negotiate(formRequestOf(call)), body);
}

function versionAnswer(state: SandboxState, call: Call, group: string, version: string): Answer {
  if (!state.registry.hasVersion(group, version)) return pageNotFound();
  return readOnly(call, negotiateAnswer(call, resourceList(state.registry.types, group, version)));
}

function groupsAnswer(
  state: SandboxState,
  call: Call,
  core: boolean,
  unavailable: readonly UnavailableApi[],
): Answer {
  const { types } = state.registry;
  const version = aggregatedVersionOf(call.header('accept'));
  if (version === undefined) {
    return negotiateAnswer(call, core ? coreVersions(state.address()) : groupList(types, unavailable));
  }
  const text = `${encodeJson(aggregatedDiscovery(types, unavailable, core, version))}\n`;
  const etag = etagOf(text);
  const headers = { etag, vary: 'Accept', 'cache-control': 'public' };
  const contentType = `${json};g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
  if (call.header('if-none-match') === etag) {
    return { kind: 'text', status: 304, contentType, text: '', headers };
  }
  return { kind: 'text', status: 200, contentType, text, headers };
}

/** Returns the aggregated version if a clause for it precedes one for plain JSON. */
function aggregatedVersionOf(accept: string): (typeof aggregatedVersions)[number] | undefined {
  for (const { type, parameters } of parseAccept(accept)) {
    const plain = parameters['as'] === undefined && parameters['g'] === undefined;
    if (
      plain &&
      (type === json || type === '*/*' || type === 'application/*' || type === 'application/yaml')
    ) {
      return undefined;
    }
    if (
      (type === json || type === 'application/*' || type === '*/*') &&
      parameters['g'] === 'apidiscovery.k8s.io' &&
      parameters['as'] === 'APIGroupDiscoveryList'
    ) {
      const found = aggregatedVersions.find((version) => version === parameters['v']);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function openidConfiguration(state: SandboxState): JsonObject {
  return {
    issuer: tokenIssuer,
    jwks_uri: `https://${state.address()}/openid/v1/jwks`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
  };
}

function issuerDocument(call: Call, contentType: string, body: JsonObject): Answer {
  if (!accepts(call.header('accept'), contentType)) throw notAcceptable([contentType]);
  return {
    kind: 'text',
    status: 200,
    contentType,
    text: encodeJson(body),
    headers: { 'cache-control': 'public, max-age=3600' },
  };
}

async function openApiAnswer(state: SandboxState, call: Call, path: string): Promise<Answer> {
  // Loaded at the first request: descriptions and schemas are a large part of the sandbox's code.
  const { openApiDocument, openApiIndex, openApiV2 } = await import('./openapi.ts');
  const { types } = state.registry;
  if (path === '/openapi/v3') {
    return {
      kind: 'text',
      status: 200,
      contentType: 'text/plain; charset=utf-8',
      text: encodeJson(openApiIndex(types)),
    };
  }
  if (path === '/openapi/v2' && parseAccept(call.header('accept'))[0]?.type === openApiV2Protobuf) {
    return {
      kind: 'text',
      status: 200,
      // The requested media type is not valid by RFC 9110. The response has a dot instead of the at
      // sign.
      contentType: openApiV2Protobuf.replace('@', '.'),
      text: encodeOpenApiV2(openApiV2(types)),
    };
  }
  // The protobuf form of version 3 is not supported. Its clients handle a 406.
  if (!accepts(call.header('accept'), json)) throw notAcceptable([json]);
  const body =
    path === '/openapi/v2'
      ? openApiV2(types)
      : openApiDocument(decodeURIComponent(path.slice('/openapi/v3/'.length)), types);
  if (body === undefined) return textAnswer(404, '');
  const text = encodeJson(body);
  const etag = etagOf(text);
  const headers = { etag, vary: 'Accept' };
  if (call.header('if-none-match') === etag) {
    return { kind: 'text', status: 304, contentType: json, text: '', headers };
  }
  return { kind: 'text', status: 200, contentType: json, text, headers };
}

/** Returns the aggregator's response for an API whose server does not respond. */
export function unavailableAnswer(): Answer {
  return textAnswer(503, 'service unavailable\n');
}
