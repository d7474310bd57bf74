// The identity of a request that flags of kapi curl set. Entry points: requestAuthorization(),
// settingsOfLine(). Pure.

import type { RequestSettings } from '../../config/input.ts';
import { UsageError } from '../../errors.ts';
import { Secret } from '../../model/secret.ts';
import { allOf, textOf } from '../read-flags.ts';
import type { RawFlags } from '../raw-flags.ts';
import { parseHeaderLines, type GivenHeaders } from './headers.ts';

type RequestAuthorization = NonNullable<RequestSettings['requestAuthorization']>;

/**
 * Decides the Authorization header. As in curl, a header wins over `-u`, even an empty one.
 * @param basicUser value of `-u`
 * @returns undefined if no flag sets it
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

/** Makes a Basic header. @throws UsageError for a name without a password */
export function basicAuthorization(user: string): string {
  if (!user.includes(':')) {
    throw new UsageError('-u takes USER:PASSWORD: kapi never asks for a password', { code: 'BadFlagValue' });
  }
  return `Basic ${Buffer.from(user).toString('base64')}`;
}

/**
 * Returns the settings of an unfinished line, for completion. If they are not known yet (a file of
 * headers, a word that is not a header), sends no credentials: TAB must not use another identity.
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
