import { expect, test } from 'vitest';
import { decideRedirect } from '../../../src/transport/redirect.ts';

const facts = { status: 307, location: '/b?c=d', method: 'GET', from: 'https://h:6443/a/x', followed: 0 };

test.each([
  [{}, { kind: 'follow', method: 'GET', path: '/b?c=d', withBody: true }],
  [{ location: 'y' }, { kind: 'follow', method: 'GET', path: '/a/y', withBody: true }],
  [{ location: 'https://h:6443/z#f' }, { kind: 'follow', method: 'GET', path: '/z', withBody: true }],
  [
    { status: 301, method: 'POST' },
    { kind: 'follow', method: 'GET', path: '/b?c=d', withBody: false },
  ],
  [
    { status: 302, method: 'PUT' },
    { kind: 'follow', method: 'PUT', path: '/b?c=d', withBody: true },
  ],
  [
    { status: 303, method: 'DELETE' },
    { kind: 'follow', method: 'GET', path: '/b?c=d', withBody: false },
  ],
  [
    { status: 303, method: 'HEAD' },
    { kind: 'follow', method: 'HEAD', path: '/b?c=d', withBody: true },
  ],
  [
    { status: 308, method: 'POST' },
    { kind: 'follow', method: 'POST', path: '/b?c=d', withBody: true },
  ],
  [{ status: 300 }, { kind: 'answer' }],
  [{ status: 304 }, { kind: 'answer' }],
  [{ location: undefined }, { kind: 'answer' }],
  [{ location: '//evil.example/x' }, { kind: 'refuse', why: 'other-origin', to: 'https://evil.example/x' }],
  [{ location: 'http://h:6443/a' }, { kind: 'refuse', why: 'other-origin', to: 'http://h:6443/a' }],
  [{ location: 'https://h/a' }, { kind: 'refuse', why: 'other-origin', to: 'https://h/a' }],
  [
    { location: 'https://u:s3cret@other/a?t=s3cret' },
    { kind: 'refuse', why: 'other-origin', to: 'https://other/a' },
  ],
  [{ location: 'javascript:alert(1)' }, { kind: 'refuse', why: 'other-origin', to: 'javascript://alert(1)' }],
  [{ location: 'https://[' }, { kind: 'refuse', why: 'unreadable', to: '"https://["' }],
  [{ followed: 10 }, { kind: 'refuse', why: 'too-many', to: 'https://h:6443/b' }],
])('%j', (more, decision) => {
  expect(decideRedirect({ ...facts, ...more })).toEqual(decision);
});
