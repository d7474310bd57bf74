// Functions for programs that tests bundle and start as separate processes.

import { Secret } from '../../src/model/secret.ts';

/** Makes the setting of a proxy from the environment. */
export function proxyTo(url: string): { value: Secret; origin: { kind: 'env'; text: string } } {
  return { value: new Secret(url), origin: { kind: 'env', text: 'HTTPS_PROXY' } };
}
