// Runs kapi whoami. facts.ts formats the output.

import { askRefusedName, askWhoAmI, type WhoAmI } from '../../api/self-review.ts';
import type { InspectedCredential } from '../../auth/local-credentials.ts';
import { ConnectionError, RefusedError, ServerError, type KapiError } from '../../errors.ts';
import { printRows } from '../../output/rows.ts';
import { isStructured, printStructured } from '../../output/structured.ts';
import { claimedName, lifetimesOf, warningOf } from '../credential-facts.ts';
import type { Deps } from '../deps.ts';
import { identityDocument, identityRows, type Identity } from './facts.ts';
import type { WhoamiOptions } from './options.ts';

/**
 * Prints what is known even if the server refused or could not be reached, and then throws the
 * failure.
 * @throws RefusedError, ServerError, ConnectionError after the local facts have been printed; with
 *   `-o name` also a RefusedError if the server does not return the name
 */
export async function runWhoami({ output, noHeaders }: WhoamiOptions, deps: Deps): Promise<void> {
  const config = await deps.config();
  const credentials = await (await deps.credentials()).inspect();
  const { identity, failure, refusal } = await findIdentity(deps, credentials);
  const { out } = deps.io;
  const now = deps.now();
  const facts = { config, credentials, identity, now };
  for (const warning of credentials.flatMap(lifetimesOf).map((lifetime) => warningOf(lifetime, now))) {
    if (warning !== undefined) deps.warn(`Warning: ${warning}`);
  }
  if (output === 'name') {
    if (identity.username !== '') await out.write(`${identity.username}\n`);
  } else if (isStructured(output)) {
    await printStructured(out, output, identityDocument(facts));
  } else {
    await printRows(out, { columns: ['ATTRIBUTE', 'VALUE'], rows: identityRows(facts), noHeaders });
  }
  if (failure !== undefined) throw failure;
  if (identity.notice !== undefined) deps.warn(identity.notice);
  // A script must notice both an unconfirmed name, which cannot be marked as such here, and a
  // missing one.
  if (output === 'name' && !identity.isConfirmed && refusal !== undefined) throw refusal;
}

interface Found {
  readonly identity: Identity;
  /** Thrown after the local facts have been printed. */
  readonly failure?: KapiError;
  /** The server's response if it contains no name. */
  readonly refusal?: RefusedError;
}

async function findIdentity(deps: Deps, credentials: readonly InspectedCredential[]): Promise<Found> {
  const isImpersonating = (await deps.config()).impersonation !== undefined;
  const send = await deps.send();
  const options = { signal: deps.signal };
  let answer: WhoAmI;
  try {
    answer = await askWhoAmI(send, options);
  } catch (thrown) {
    const isAnswer = thrown instanceof RefusedError || thrown instanceof ServerError;
    if (!isAnswer && !(thrown instanceof ConnectionError)) throw thrown;
    const why = isAnswer ? 'the server did not confirm it' : 'the server could not be asked';
    return { identity: claimedIdentity(credentials, why), failure: thrown };
  }
  if (answer.kind === 'user') {
    const { user, document } = answer;
    return { identity: { username: user.username, source: 'server', isConfirmed: true, user, document } };
  }
  if (answer.kind === 'forbidden' && answer.username !== '') {
    return {
      identity: {
        username: answer.username,
        source: 'the name in the refusal of the server',
        isConfirmed: true,
        notice: refusalNotice(answer.username, isImpersonating ? [] : credentials),
      },
    };
  }
  const name = answer.kind === 'missing' ? await askRefusedName(send, options) : undefined;
  const notice =
    answer.kind === 'missing'
      ? 'the selfsubjectreviews API is not enabled in the cluster'
      : 'the selfsubjectreviews API is not enabled in the cluster or you do not have permission to call it';
  if (name !== undefined) {
    return {
      identity: {
        username: name,
        source: 'the name in a refusal of the server',
        isConfirmed: true,
        notice,
      },
    };
  }
  return {
    identity: { ...claimedIdentity(credentials, 'the server did not tell'), notice },
    refusal: answer.error,
  };
}

/**
 * @param credentials that the server may have ignored; none when kapi acts as someone else: then it
 *   knows who asks
 */
function refusalNotice(username: string, credentials: readonly InspectedCredential[]): string {
  const sent = credentials.some(({ kind }) => kind !== 'anonymous' && kind !== 'withheld');
  return username === 'system:anonymous' && sent
    ? 'the server treats you as anonymous although kapi sent credentials: it does not accept this kind of credential'
    : 'the server does not let this user ask for its own name; the name is from the refusal';
}

/** Returns the name in the first credential that contains one. */
function claimedIdentity(credentials: readonly InspectedCredential[], why: string): Identity {
  const claim = credentials.map(claimedName).find((each) => each !== undefined);
  return claim === undefined
    ? { username: '', source: why, isConfirmed: false }
    : { username: claim.name, source: `claimed by ${claim.by}; ${why}`, isConfirmed: false };
}
