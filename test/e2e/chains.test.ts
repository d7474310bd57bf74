// Which servers kapi trusts: every other row of the table in test/transport/chains.ts, with one TLS
// server each, compared with kubectl. The unit test of verify-chain.ts covers all rows.
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:https';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_CIPHERS } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { chainTable, pemOf, type Chain } from '../transport/chains.ts';
import { describeAgainstKubectl, kapi, kubectl, makeFolder } from './kapi.ts';

/** Number of chains that are checked in parallel, each with kapi and kubectl. */
const together = 4;

describeAgainstKubectl('certificate chains', () => {
  const servers: Server[] = [];
  /** Chains that a Node server can send, by context. */
  const served = new Map<string, Chain>();
  const notServed: string[] = [];
  let kubeconfig = '';

  beforeAll(async () => {
    for (const chain of chainTable().filter((_, at) => at % 2 === 0)) {
      const server = open(chain);
      if (server === undefined) {
        notServed.push(chain.name);
        continue;
      }
      servers.push(server);
      served.set(`c${servers.length}`, chain);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    }
    kubeconfig = join(makeFolder(), 'chains.kubeconfig');
    writeFileSync(kubeconfig, JSON.stringify(configOf(served, servers)));
  });

  afterAll(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  it('kapi trusts what kubectl trusts, and refuses in its words what kubectl refuses', async () => {
    // OpenSSL of the server cannot read these itself; the unit test covers them.
    console.error(`not served, because OpenSSL refuses to: ${notServed.join('; ')}`);
    expect(notServed.length).toBeLessThan(10);
    expect(served.size).toBeGreaterThan(100);
    const waiting = [...served];
    const wrong: string[] = [];
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [context, chain] = next;
        wrong.push(...(await compare(context, chain, kubeconfig)));
      }
    };
    await Promise.all(Array.from({ length: together }, work));
    expect(wrong).toEqual([]);
  }, 600_000);
});

function open({ shown, key }: Chain): Server | undefined {
  try {
    return createServer(
      {
        cert: pemOf(shown),
        key: key.export({ type: 'pkcs8', format: 'pem' }),
        // The table contains small keys.
        ciphers: `${DEFAULT_CIPHERS}:@SECLEVEL=0`,
      },
      (_, response) => response.setHeader('content-type', 'application/json').end('{"major":"1"}'),
    );
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

function configOf(chains: ReadonlyMap<string, Chain>, servers: readonly Server[]): object {
  const named = [...chains].map(([name, chain], at) => ({ name, chain, server: servers[at] }));
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: named.map(({ name, chain, server }) => ({
      name,
      cluster: {
        server: `https://127.0.0.1:${(server?.address() as AddressInfo).port}`,
        'tls-server-name': chain.host,
        'certificate-authority-data': Buffer.from(pemOf(chain.anchors)).toString('base64'),
      },
    })),
    contexts: named.map(({ name }) => ({ name, context: { cluster: name, user: 'nobody' } })),
    // kubectl prompts if there is no credential.
    users: [{ name: 'nobody', user: { token: 'none' } }],
  };
}

/** Compares kapi and kubectl. @returns the differences from the expected result */
async function compare(context: string, { name, verdict }: Chain, kubeconfig: string): Promise<string[]> {
  const [ours, theirs] = await Promise.all([
    kapi(['get', '/version', '--context', context], { kubeconfig }),
    kubectl(['get', '--raw', '/version', '--context', context], { kubeconfig }),
  ]);
  const told = `${name} (${verdict})\nkapi ${ours.code}: ${ours.stderr}\nkubectl ${theirs.code}: ${theirs.stderr}`;
  if (verdict === 'trusted') {
    return ours.code === 0 && theirs.code === 0 && ours.stdout.includes('major') ? [] : [told];
  }
  // kubectl stops before it connects if it cannot read any certificate of a bundle.
  const isUnreadable = theirs.stderr.includes('unable to load root certificates');
  // Go does not offer MD5, so that OpenSSL has no certificate for kubectl.
  const isNotOffered =
    verdict.includes('MD5') && theirs.stderr.includes('remote error: tls: handshake failure');
  const hasVerdict = theirs.stderr.includes(verdict) || isUnreadable || isNotOffered;
  const isRefused = theirs.code === 1 && hasVerdict;
  return isRefused && ours.code === 6 && ours.stdout === '' && ours.stderr.includes(verdict) ? [] : [told];
}
