import { describe, expect, it } from 'vitest';
import { decodeStatus } from '../../../src/model/status.ts';

describe('decodeStatus', () => {
  it('keeps the token of an expired list', () => {
    expect(decodeStatus({ kind: 'Status', metadata: { continue: 'abc' }, code: 410 })).toMatchObject({
      continue: 'abc',
      code: 410,
      message: '',
    });
  });
  it.each([null, 'x', [], {}, { kind: 'Pod' }])('does not read %j as a Status', (json) => {
    expect(decodeStatus(json)).toBeUndefined();
  });
});
