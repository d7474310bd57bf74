// Runs kapi version.

import { readVersion, skewWarning } from '../../api/version.ts';
import { NegativeAnswer } from '../../errors.ts';
import type { Json } from '../../model/object.ts';
import { isContextSink } from '../../output/context-output.ts';
import { printRows } from '../../output/rows.ts';
import { isStructured, printStructured } from '../../output/structured.ts';
import type { Deps } from '../deps.ts';
import type { VersionOptions } from './options.ts';

/** The Kubernetes version that kapi is built and tested for. */
const knows = { major: 1, minor: 36 } as const;

/** Prints the versions. */
export async function runVersion({ clientOnly, output }: VersionOptions, deps: Deps): Promise<void> {
  const { out } = deps.io;
  const client = { version: deps.version, kubernetes: `${knows.major}.${knows.minor}` };
  const server = clientOnly ? undefined : await readVersion(await deps.send(), { signal: deps.signal });
  if (isStructured(output)) {
    const document: Json = {
      clientVersion: client,
      ...(server === undefined ? {} : { serverVersion: server.document }),
    };
    await printStructured(out, output, document);
  } else if (isContextSink(out)) {
    await printRows(out, {
      columns: ['KAPI', ...(server === undefined ? [] : ['SERVER'])],
      rows: [[client.version, ...(server === undefined ? [] : [server.gitVersion])]],
      noHeaders: false,
    });
  } else {
    await out.write(`kapi: ${client.version} (Kubernetes ${client.kubernetes})\n`);
    if (server !== undefined) await out.write(`Server: ${server.gitVersion}\n`);
  }
  const warning = server === undefined ? undefined : skewWarning(knows, server);
  if (warning === undefined) return;
  // kubectl also counts its own warning.
  if (deps.globals.warningsAsErrors)
    throw new NegativeAnswer(warning, { code: 'WarningsReceived', prefix: '' });
  deps.warn(warning);
}
