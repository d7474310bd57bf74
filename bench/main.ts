// The run of the benchmark from the command line to the table. Entry point: main.
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, release, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { curlFlags, readAccess } from './access.ts';
import { help, parseArguments, UsageError, type Arguments } from './arguments.ts';
import { hasPodsOfTargets, stirrer, type Bench } from './bench.ts';
import { parts } from './cases.ts';
import { CannotMeasure } from './cannot-measure.ts';
import { clean, fill, readFilling } from './fill.ts';
import { planNamespaces } from './layout.ts';
import { assertCanMeasure } from './measure.ts';
import {
  defaultStandalone,
  openCurl,
  openKubectl,
  openNode,
  openStandalone,
  type Found,
} from './programs.ts';
import type { CaseResult, PartWithout } from './result.ts';
import { openServer, type Server } from './server.ts';
import { formatTable } from './table.ts';
import { openWriter } from './writer.ts';

const say = (line: string): void => void process.stderr.write(`bench: ${line}\n`);

/** @returns the exit code */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const given = parseArguments(argv);
    if (given.help) {
      process.stdout.write(help);
      return 0;
    }
    return await inDirectory((directory) => run(given, directory));
  } catch (error) {
    say(messageOf(error));
    return error instanceof UsageError ? 2 : 1;
  }
}

/**
 * The directory has keys and caches: it is removed however the run ends. Servers and measured
 * processes end with this process.
 */
async function inDirectory(work: (directory: string) => Promise<number>): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'kapi-bench-'));
  const signals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
  for (const [signal, code] of Object.entries(signals)) {
    process.once(signal, () => {
      rmSync(directory, { recursive: true, force: true });
      process.exit(code);
    });
  }
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function run(given: Arguments, directory: string): Promise<number> {
  const plan = planOf(given);
  const home = join(directory, 'home');
  await mkdir(home);
  const environment = environmentOf(home);
  await assertCanMeasure(environment);
  // Checked before the server is filled, which takes minutes.
  const nodes = await Promise.all(
    (given.nodes.length === 0 ? [process.execPath] : given.nodes).map(openNode),
  );
  const kubectl = await openKubectl(process.env, say);
  const server: Server =
    given.kubeconfig === undefined
      ? await openServer(given.server, environment, directory, say)
      : { kubeconfig: resolve(given.kubeconfig), stop: () => Promise.resolve() };
  try {
    const access = await readAccess(server.kubeconfig, environment, directory);
    const writer = await openWriter(access);
    try {
      if (given.clean) {
        await clean(writer, say);
        return 0;
      }
      if (given.kubeconfig === undefined || given.fill) await fill(writer, plan, given.definitions, say);
      if (given.serve) {
        await serve(server);
        return 0;
      }
      const filling = await readFilling(writer);
      if (filling.namespaces.length === 0) {
        throw new Error(`${access.url} was never filled: add --fill, which creates namespaces kapi-bench-*`);
      }
      const bench: Bench = {
        nodes,
        kubectl,
        curl: await openCurl(),
        standalone: await openStandalone(given.standalone ?? defaultStandalone),
        runtimes: given.runtimes,
        curlFlags: await curlFlags(access, directory),
        url: access.url,
        environment: { ...environment, KUBECONFIG: access.kubeconfig },
        home,
        filling,
        writer,
        stir: stirrer(writer, filling),
        runs: given.runs,
        events: given.events,
      };
      return await measureParts(given, bench);
    } finally {
      writer.close();
    }
  } finally {
    await server.stop();
  }
}

async function measureParts(given: Arguments, bench: Bench): Promise<number> {
  const about = describe(given, bench);
  const results: CaseResult[] = [];
  const without: PartWithout[] = [];
  for (const part of parts) {
    if (!given.parts.includes(part.name)) continue;
    say(`${part.name} ...`);
    try {
      results.push(...(await part.measure(bench)));
    } catch (error) {
      const outcome = error instanceof CannotMeasure ? 'skipped' : 'failed';
      without.push({ part: part.name, why: messageOf(error), outcome });
    }
  }
  if (!hasPodsOfTargets(bench)) {
    say('lists of everything (-A, /api/v1/pods) have targets for 50,000 pods only, and there are fewer');
  }
  const heading = Object.entries(about).map(([key, value]) => `${key}: ${value}\n`);
  process.stdout.write(`${heading.join('')}\n${formatTable(results, without)}`);
  if (given.json !== undefined) {
    await writeFile(given.json, `${JSON.stringify({ about, results, without }, undefined, 2)}\n`);
  }
  return without.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
}

/** The environment of the figures. */
function describe(given: Arguments, bench: Bench): Readonly<Record<string, string>> {
  const processors = cpus();
  const versionOf = (program: Found): string => ('missing' in program ? 'none' : program.version);
  return {
    date: new Date().toISOString(),
    machine: `${processors.length} x ${processors[0]?.model ?? process.arch}, ${Math.round(totalmem() / 2 ** 30)} GB, Linux ${release()}`,
    load: loadavg()
      .map((value) => value.toFixed(1))
      .join(' '),
    server: given.kubeconfig === undefined ? given.server : bench.url,
    filling: `${bench.filling.pods} pods, ${bench.filling.namespaces.length} namespaces of the generator, ${bench.filling.definitions} custom types`,
    nodes: bench.nodes.map(({ version }) => version).join(', '),
    kubectl: versionOf(bench.kubectl),
    curl: versionOf(bench.curl),
    standalone: versionOf(bench.standalone),
  };
}

/** No setting of the user reaches a measured process, especially not NODE_EXTRA_CA_CERTS. */
function environmentOf(home: string): Record<string, string> {
  const { PATH = '/usr/bin:/bin', TMPDIR } = process.env;
  return {
    PATH,
    HOME: home,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    NO_COLOR: '1',
    ...(TMPDIR === undefined ? {} : { TMPDIR }),
  };
}

function planOf({ pods, namespaces }: Arguments): ReturnType<typeof planNamespaces> {
  try {
    return planNamespaces(pods, namespaces);
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

/** Max time that a kept server runs. */
const serveForMs = 6 * 3_600_000;

async function serve({ kubeconfig }: Server): Promise<void> {
  say('ready; Ctrl-C ends it. To measure against it:');
  process.stdout.write(`npm run bench -- --kubeconfig ${kubeconfig}\n`);
  // A signal ends it; a forgotten one ends by itself.
  await sleep(serveForMs);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
