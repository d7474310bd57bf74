// Responses to clients and log lines.
import { expect, test } from 'vitest';
import { describeRequest } from '../../../src/commands/proxy/describe.ts';
import { ConfigError, ConnectionError, ServerError, UsageError } from '../../../src/errors.ts';
import { logLine } from '../../../src/proxy/log-line.ts';
import { answerOf, refusalOf } from '../../../src/proxy/refusal.ts';

test.each([
  [new ConnectionError('refused', { code: 'ConnectionRefused' }), 502, 'ConnectionRefused'],
  [new ConnectionError('slow', { code: 'RequestTimeout' }), 504, 'RequestTimeout'],
  [new ConnectionError('slow', { code: 'ConnectTimeout' }), 504, 'ConnectTimeout'],
  [new ConfigError('no token', { code: 'TokenFileMissing' }), 502, 'TokenFileMissing'],
  [new ServerError('garbage', { code: 'NotHttp' }), 502, 'NotHttp'],
  [new UsageError('bad header', { code: 'HeaderInvalid' }), 400, 'HeaderInvalid'],
  [new TypeError('secret inside'), 500, 'a bug in kapi'],
])('%s becomes %d', (error, status, rule) => {
  expect(refusalOf(error)).toMatchObject({ status, rule, form: 'status' });
  expect(JSON.stringify(refusalOf(error))).not.toContain('secret inside');
});

test('a Status that kubectl can show, and plain text for web pages', () => {
  expect(answerOf({ status: 504, message: 'slow', rule: 'x', form: 'status' })).toEqual({
    status: 504,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
    body: '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"kapi proxy: slow","reason":"Timeout","code":504}\n',
  });
  expect(answerOf({ status: 403, message: 'Forbidden: no', rule: 'x', form: 'text' })).toMatchObject({
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: 'Forbidden: no\n',
  });
});

test.each([
  ['GET /api/v1/namespaces/dev/pods?limit=1', 'list pods in dev', false],
  ['GET /api/v1/pods?watch=1', 'watch pods', true],
  ['GET /apis/apps/v1/namespaces/dev/deployments/web', 'get deployments.apps web in dev', false],
  ['GET /api/v1/namespaces/dev/pods/web/log?follow=true', 'get pods/log web in dev', true],
  ['GET /api/v1/namespaces/dev/pods/web/log', 'get pods/log web in dev', false],
  ['GET /api/v1/namespaces/dev', 'get namespaces dev', false],
  ['POST /version', 'post /version', false],
])('%s is %s', (line, words, endless) => {
  const [method = '', path = ''] = line.split(' ');
  expect(describeRequest({ method, path })).toEqual({ words, endless });
});

test('log lines', () => {
  const entry = {
    method: 'GET',
    path: '/api',
    words: 'get /api',
    status: 200,
    durationMs: 1.6,
    note: undefined,
  };
  expect(logLine(entry)).toBe('GET /api (get /api) 200 2 ms');
  expect(logLine({ ...entry, words: undefined, status: undefined, note: 'client gone' })).toBe(
    'GET /api - 2 ms, client gone',
  );
});
