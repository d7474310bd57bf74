// Pieces for programs that tests bundle and start as processes of their own.

import { Secret } from '../../src/model/secret.ts';

export function proxyTo(url: string): { value: Secret; origin: { kind: 'env'; text: string } } {
  return { value: new Secret(url), origin: { kind: 'env', text: 'HTTPS_PROXY' } };
}
