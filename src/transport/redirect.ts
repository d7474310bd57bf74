// Decides whether an answer is a redirect and whether kapi follows it. Entry point:
// decideRedirect(). Pure.

/** What decides about a redirect. */
export interface RedirectFacts {
  readonly status: number;
  readonly location: string | undefined;
  readonly method: string;
  /** URL of the request. */
  readonly from: string;
  /** Redirects already followed for this request. */
  readonly followed: number;
}

export type RedirectDecision =
  /** Not a redirect: the caller gets the answer. */
  | { readonly kind: 'answer' }
  | {
      readonly kind: 'follow';
      readonly method: string;
      /** Path and query on the same origin. */
      readonly path: string;
      readonly withBody: boolean;
    }
  /** `to`: the target of the redirect, without user information. */
  | {
      readonly kind: 'refuse';
      readonly why: 'other-origin' | 'unreadable' | 'too-many';
      readonly to: string;
    };

/** Go has the same limit; curl -L has a higher one. */
const maxRedirects = 10;

/**
 * Decides about 301, 302, 303, 307 and 308 (RFC 9110 section 15.4).
 *
 * kapi follows a redirect only on the same origin, because Authorization and the client certificate
 * go with it. kubectl sends both wherever a redirect points. POST becomes GET on 301 and 302, and
 * all methods except GET and HEAD become GET on 303, as in browsers. 307 and 308 keep the method.
 */
export function decideRedirect(facts: RedirectFacts): RedirectDecision {
  const { status, location, method } = facts;
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return { kind: 'answer' };
  if (!URL.canParse(location, facts.from)) {
    return { kind: 'refuse', why: 'unreadable', to: JSON.stringify(location.slice(0, 200)) };
  }
  const target = new URL(location, facts.from);
  const to = `${target.protocol}//${target.host}${target.pathname}`;
  if (target.origin !== new URL(facts.from).origin || target.origin === 'null') {
    return { kind: 'refuse', why: 'other-origin', to };
  }
  if (facts.followed >= maxRedirects) return { kind: 'refuse', why: 'too-many', to };
  const becomesGet =
    (status === 303 && method !== 'HEAD' && method !== 'GET') ||
    ((status === 301 || status === 302) && method === 'POST');
  return {
    kind: 'follow',
    method: becomesGet ? 'GET' : method,
    path: `${target.pathname}${target.search}`,
    withBody: !becomesGet,
  };
}
