import { describe, expect, it } from 'vitest';
import { goQuote } from '../../../src/model/go-quote.ts';

describe('goQuote', () => {
  it('escapes characters that Go does not print', () => {
    expect(goQuote('a "b" \\ \n\t\r\u0007\b\f\v\u0000\u007f é \u{1f600} \u00a0\u200b\u{e0001}')).toBe(
      '"a \\"b\\" \\\\ \\n\\t\\r\\a\\b\\f\\v\\x00\\x7f é \u{1f600} \\u00a0\\u200b\\U000e0001"',
    );
  });
});
