// Reads from the message of a Forbidden response what no other field holds: the refused user and
// verb. Entry point: readRefusal(). Pure.

/** Attributes of the refused request as the authorizer saw them. */
export interface Refusal {
  /** The user name as the server knows it. */
  readonly username: string;
  /**
   * Usually the verb of the request. With impersonation: `impersonate`, or a verb such as
   * `impersonate-on:user-info:list`.
   */
  readonly verb: string;
}

/**
 * Parses the message of an authorizer:
 * `pods is forbidden: User "jane" cannot list resource "pods" in API group …`. The details of the
 * Status hold only type and name. Returns undefined for any other message, such as one from
 * admission or from a server with its own wording.
 */
export function readRefusal(message: string): Refusal | undefined {
  const match = /\bUser ("(?:[^"\\]|\\.)*") cannot (\S+) (?:resource|path) /.exec(message);
  const [, quoted, verb] = match ?? [];
  return quoted === undefined || verb === undefined ? undefined : { username: unquote(quoted), verb };
}

/**
 * True if the server refused the impersonation rather than the request itself. Since Kubernetes
 * 1.36 the right to impersonate can be limited to certain verbs and resources, and the refusal then
 * names the resource of the request instead of users.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/
 */
export function isImpersonationRefused({ verb }: Refusal): boolean {
  return verb === 'impersonate' || verb.startsWith('impersonate:') || verb.startsWith('impersonate-on:');
}

function unquote(text: string): string {
  try {
    const name: unknown = JSON.parse(text);
    return typeof name === 'string' ? name : text;
  } catch {
    // Go quotes a few characters in a form that JSON does not have. Such a name stays quoted.
    return text.slice(1, -1);
  }
}
