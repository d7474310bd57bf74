// Who a request of kapi curl asks as, where its own flags say so. Entry points: requestAuthorization(), settingsOfLine(). Pure.

import type { RequestSettings } from '../../config/input.ts';
import { UsageError } from '../../errors.ts';
import { Secret } from '../../model/secret.ts';
import { allOf, textOf } from '../read-flags.ts';
import type { RawFlags } from '../spec.ts';
import { parseHeaderLines, type GivenHeaders } from './headers.ts';

type RequestAuthorization = NonNullable<RequestSettings['requestAuthorization']>;

/**
 * As with curl, a header goes before `-u`, also an empty one.
 * @param basicUser of `-u`
 * @returns undefined where the flags say nothing of it
 * @throws UsageError for `-u` without a password
 */
export function requestAuthorization(
  { headers, omitted }: GivenHeaders,
  basicUser: string | undefined,
): RequestAuthorization | undefined {
  const flag = '-H Authorization';
  const given = headers['authorization'];
  const value = typeof given === 'string' ? given : given?.[0];
  if (value !== undefined) return { flag, value: new Secret(value) };
  if (omitted.includes('authorization')) return { flag, value: undefined };
  return basicUser === undefined
    ? undefined
    : { flag: '-u', value: new Secret(basicAuthorization(basicUser)) };
}

/** @throws UsageError for a name without a password */
export function basicAuthorization(user: string): string {
  if (!user.includes(':')) {
    throw new UsageError('-u takes USER:PASSWORD: kapi never asks for a password', { code: 'BadFlagValue' });
  }
  return `Basic ${Buffer.from(user).toString('base64')}`;
}

/**
 * What the flags of an unfinished line say, for completion. Where that is not known yet (a file of headers, a word that is
 * no header) nothing is sent: the TAB must not ask as somebody else.
 */
export function settingsOfLine(flags: RawFlags): RequestSettings {
  const lines = allOf(flags, 'header');
  try {
    if (lines.some((line) => line.startsWith('@'))) throw new UsageError('a file', { code: 'BadFlagValue' });
    const authorization = requestAuthorization(parseHeaderLines(lines), textOf(flags, 'basic-user'));
    return {
      insecureWins: true,
      ...(authorization === undefined ? {} : { requestAuthorization: authorization }),
    };
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown;
    return { insecureWins: true, requestAuthorization: { flag: '-H', value: undefined } };
  }
}
