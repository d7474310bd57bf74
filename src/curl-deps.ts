// Formats requests as curl commands: one for a command that shows it, or all of them with --curl,
// which sends none. Entry points: openCurlDeps(), printingDeps().

import type { Discovery, Freshness } from './api/open-discovery.ts';
import type { Deps } from './commands/deps.ts';
import type { GlobalOptions } from './commands/global-options.ts';
import type { ConfigDeps } from './config-deps.ts';
import type { ClusterConfig } from './config/cluster-config.ts';
import type { CurlFacts, ResolvedCredentials } from './curl/curl-facts.ts';
import type { Io } from './io/io.ts';
import { once } from './model/once.ts';
import type { Send } from './model/request.ts';
import { Secret } from './model/secret.ts';
import type { ServerDeps } from './server-deps.ts';

export interface CurlDeps extends Pick<Deps, 'curlOf'> {
  readonly facts: () => Promise<CurlFacts>;
}

/** Makes the curl dependencies of one command. */
export function openCurlDeps(
  globals: GlobalOptions,
  io: Io,
  env: Deps['env'],
  { config, authenticator }: ConfigDeps,
): CurlDeps {
  /**
   * Resolves credentials only if the command shows them, or if only an exec plugin knows them,
   * which then runs.
   */
  const resolveCredentials = async (resolved: ClusterConfig): Promise<ResolvedCredentials | undefined> => {
    if (!globals.showSecrets && resolved.authorization.kind !== 'exec') return undefined;
    const given = await authenticator();
    const [authorization, pair] = [await given.authorization(), await given.clientCertificate()];
    return {
      authorization: authorization === undefined ? undefined : new Secret(authorization),
      certificate: pair && { certificate: pair.certificate, key: new Secret(pair.key) },
    };
  };
  const facts = once(async (): Promise<CurlFacts> => {
    const [{ configFlagsOf }, resolved] = await Promise.all([import('./curl/config-flags.ts'), config()]);
    return {
      config: resolved,
      configFlags: configFlagsOf(globals, resolved.authorization.kind === 'exec'),
      env,
      showSecrets: globals.showSecrets,
      resolved: await resolveCredentials(resolved),
    };
  });
  return {
    facts,
    curlOf: async (request) => {
      const [{ curlCommand }, { layOut }] = await Promise.all([
        import('./curl/curl-command.ts'),
        import('./curl/print-instead.ts'),
      ]);
      return layOut(curlCommand(request, await facts()).lines, io.out.columns);
    },
  };
}

/**
 * For --curl, replaces the functions that send requests by ones that print them. Names are still
 * resolved by the server, with GET only, because otherwise there is no request to print. Discovery
 * requests whose result the command shows are printed too.
 */
export function printingDeps(
  server: ServerDeps,
  curl: CurlDeps,
  io: Io,
  warn: (text: string) => void,
): Pick<Deps, 'send' | 'discovery' | 'openApi'> {
  const send = once(async (): Promise<Send> => {
    const { openPrintingSend } = await import('./curl/print-instead.ts');
    const facts = async (): Promise<CurlFacts> => {
      const found = await curl.facts();
      const { replacedText } = await import('./commands/config-facts.ts');
      const replaced = replacedText(found.config);
      if (replaced !== undefined) warn(`note: ${replaced}`);
      return found;
    };
    return openPrintingSend({
      facts,
      print: (text) => io.out.write(text),
      warn: (text) => warn(`note: ${text}`),
      columns: io.out.columns,
    });
  });
  const ask = once(async () => announceFirst(await server.send(), warn));
  return {
    send,
    discovery: once(async () => {
      const asked = await server.discoverBy(await ask(), true);
      const printed = await server.discoverBy(await send(), false);
      const of = (freshness?: Freshness): Discovery =>
        freshness === undefined || freshness === 'current' ? printed : asked;
      return {
        resolve: (names) => asked.resolve(names),
        rediscover: (type) => asked.rediscover(type),
        namesakesOf: (type) => asked.namesakesOf(type),
        listing: () => printed.listing(),
        surface: (freshness) => of(freshness).surface(freshness),
        groups: (freshness) => of(freshness).groups(freshness),
      };
    }),
    openApi: once(async () => server.openApiBy(await send(), await ask())),
  };
}

/** With --curl users expect no requests, so the first one that is sent is announced. */
function announceFirst(send: Send, warn: (text: string) => void): Send {
  let told = false;
  return (request, options) => {
    if (!told) warn('note: the server is asked which types it has (GET only); nothing else is sent');
    told = true;
    return send(request, options);
  };
}
