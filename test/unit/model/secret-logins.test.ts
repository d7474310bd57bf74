import { describe, expect, it } from 'vitest';

import { withoutLogins } from '../../../src/model/secret.ts';

describe('withoutLogins', () => {
  it.each([
    ['https://jane:PW@host/x', 'https://host/x'],
    [
      'hint: "HTTPS://jane:p@w@host:6443/x?a=b" and http://u@[::1]/',
      'hint: "HTTPS://host:6443/x?a=b" and http://[::1]/',
    ],
    ['socks5://:PW@proxy', 'socks5://proxy'],
    ['https://host/path@x', 'https://host/path@x'],
    ['jane@example.org', 'jane@example.org'],
    ['plain', 'plain'],
  ])('%s', (text, expected) => {
    expect(withoutLogins(text)).toBe(expected);
  });

  it.each(['a', 'a:', 'a://', '://', '@', '1', 'a.'])('reads a megabyte of %j without delay', (word) => {
    const text = `${word.repeat(1_000_000 / word.length)}@`;
    const start = process.cpuUsage();
    expect(withoutLogins(text)).not.toBe('');
    expect(process.cpuUsage(start).user).toBeLessThan(5_000_000);
  });
});
