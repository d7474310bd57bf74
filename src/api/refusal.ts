// What a Forbidden answer says in its message and nowhere else: who was refused, and which verb. Entry point:
// readRefusal(). Pure.

/** The attributes of the refused request as the authorizer saw them. */
export interface Refusal {
  /** The user as the server calls it. */
  readonly username: string;
  /** Usually the request's own; with impersonation `impersonate`, or `impersonate-on:user-info:list` and its like. */
  readonly verb: string;
}

/**
 * `pods is forbidden: User "jane" cannot list resource "pods" in API group …`. The details of the Status name type and
 * name only, so the sentence is read; undefined where it is another one (of admission, or of a server with its own words).
 */
export function readRefusal(message: string): Refusal | undefined {
  const match = /\bUser ("(?:[^"\\]|\\.)*") cannot (\S+) (?:resource|path) /.exec(message);
  const [, quoted, verb] = match ?? [];
  return quoted === undefined || verb === undefined ? undefined : { username: unquoted(quoted), verb };
}

/**
 * Whether acting as someone else was refused, not the request itself. Since 1.36 the rights to impersonate may be given
 * for single requests, and the refusal names the request's type instead of users.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/
 */
export function isImpersonationRefused({ verb }: Refusal): boolean {
  return verb === 'impersonate' || verb.startsWith('impersonate:') || verb.startsWith('impersonate-on:');
}

function unquoted(text: string): string {
  try {
    const name: unknown = JSON.parse(text);
    return typeof name === 'string' ? name : text;
  } catch {
    // Go quotes a few characters in ways that JSON does not know; such a name is shown as it was quoted.
    return text.slice(1, -1);
  }
}
