// Whether an answer sends the request elsewhere, and whether kapi goes there. Pure.

export interface RedirectFacts {
  readonly status: number;
  readonly location: string | undefined;
  readonly method: string;
  /** URL that was asked. */
  readonly from: string;
  /** Redirects already followed for this request. */
  readonly followed: number;
}

export type RedirectDecision =
  /** The answer is for the caller. */
  | { readonly kind: 'answer' }
  | {
      readonly kind: 'follow';
      readonly method: string;
      /** Path and query at the same origin. */
      readonly path: string;
      readonly withBody: boolean;
    }
  /** `to`: where the server wanted to send the request, without user information. */
  | {
      readonly kind: 'refuse';
      readonly why: 'other-origin' | 'unreadable' | 'too-many';
      readonly to: string;
    };

/** As Go, curl with -L gives up later. */
const maxRedirects = 10;

/**
 * Decides about 301, 302, 303, 307 and 308 (RFC 9110 section 15.4).
 *
 * Only the same origin is followed: kubectl sends its Authorization and client certificate wherever a redirect
 * points. POST becomes GET on 301 and 302, all but GET and HEAD on 303, as browsers do it; 307 and 308 keep the method.
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
