// The command line of the benchmark and its help. Pure.
import { parseArgs } from 'node:util';
import { parts, partNames } from './cases.ts';
import { runtimes, type Runtime } from './bench.ts';
import type { ServerKind } from './server.ts';

/** The parsed command line. */
export interface Arguments {
  readonly help: boolean;
  /** In the order of the table. */
  readonly parts: readonly string[];
  /** Keep a filled server running instead of measuring. */
  readonly serve: boolean;
  /** Remove the generated objects instead of measuring. */
  readonly clean: boolean;
  /** Absent: starts a server. */
  readonly kubeconfig: string | undefined;
  readonly server: ServerKind;
  /** Fill the server of the kubeconfig; one that is started here is always filled. */
  readonly fill: boolean;
  readonly pods: number;
  readonly namespaces: number;
  readonly definitions: number;
  /** Empty: the Node that runs the benchmark. */
  readonly nodes: readonly string[];
  readonly standalone: string | undefined;
  /** Empty: the part decides. */
  readonly runtimes: readonly Runtime[];
  readonly runs: number | undefined;
  readonly events: number;
  readonly json: string | undefined;
}

/** An invalid command line, with a message for the user. */
export class UsageError extends Error {}

const defaults = { pods: 50_000, namespaces: 50, definitions: 200, events: 5_000 };

export const help = `Usage: npm run bench -- [PART...] [flags]

Measures kapi against kubectl, curl and bare Node: whole processes, in one run, pair by pair after a warm-up. Prints medians,
and the medians of the ratios within the pairs beside the targets.

Parts (all when none is named):
${parts.map(({ name, summary }) => `  ${name.padEnd(12)}${summary}`).join('\n')}

Server:
  --server KIND      sandbox (default) or real: etcd and a kube-apiserver from KUBEBUILDER_ASSETS, the cache of the
                     e2e suite or PATH; built with Go where they are in none
  --kubeconfig FILE  a server that is there; nothing is written to it but annotations of pods of the generator
  --fill             with --kubeconfig: fill it first, in namespaces named kapi-bench-*
  --clean            with --kubeconfig: remove what --fill made, and measure nothing
  --serve            start and fill a server, say where its kubeconfig is, and stay until Ctrl-C
  --pods N           pods a server is filled with (default ${defaults.pods})
  --namespaces M     in so many namespaces (default ${defaults.namespaces})
  --crds N           and so many custom types (default ${defaults.definitions})

Measuring:
  --node PATH        a Node to run kapi by; may be given several times (default: the one that runs this)
  --standalone FILE  the file for pods without Node (default: dist-standalone/)
  --runtime NAME     what runs kapi: node, or bun (the file); may be given several times (default: bun for the part
                     standalone, node for the others)
  --runs N           pairs of every case (default: 3 to 21, by case)
  --events N         updates in the burst of watch (default ${defaults.events})
  --json FILE        write every figure there

KUBECTL in the environment names the kubectl to compare with; else the e2e suite's, else the one on PATH.
Exit codes: 0 measured, whether or not targets were met; 1 a part failed; 2 wrong usage.
`;

/** @throws UsageError */
export function parseArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = read(argv);
  const unknown = positionals.find((name) => !partNames.includes(name));
  if (unknown !== undefined) throw new UsageError(`unknown part ${unknown}; parts: ${partNames.join(', ')}`);
  const { server = 'sandbox', kubeconfig, fill = false, clean = false, serve = false } = values;
  if (server !== 'sandbox' && server !== 'real') {
    throw new UsageError(`--server is sandbox or real, not ${server}`);
  }
  if (kubeconfig !== undefined && values.server !== undefined) {
    throw new UsageError('--kubeconfig and --server exclude each other');
  }
  if (kubeconfig === undefined && (fill || clean)) {
    throw new UsageError(`--${fill ? 'fill' : 'clean'} goes with --kubeconfig`);
  }
  if (kubeconfig !== undefined && serve)
    throw new UsageError('--serve starts a server; it has no --kubeconfig');
  if (fill && clean) throw new UsageError('--fill and --clean exclude each other');
  return {
    help: values.help ?? false,
    parts: positionals.length === 0 ? partNames : partNames.filter((name) => positionals.includes(name)),
    serve,
    clean,
    kubeconfig,
    server,
    fill,
    pods: wholeNumber('--pods', values.pods, 1) ?? defaults.pods,
    namespaces: wholeNumber('--namespaces', values.namespaces, 1) ?? defaults.namespaces,
    definitions: wholeNumber('--crds', values.crds, 0) ?? defaults.definitions,
    nodes: values.node ?? [],
    standalone: values.standalone,
    runtimes: (values.runtime ?? []).map(readRuntime),
    runs: wholeNumber('--runs', values.runs, 1),
    events: wholeNumber('--events', values.events, 1) ?? defaults.events,
    json: values.json,
  };
}

function readRuntime(name: string): Runtime {
  const runtime = runtimes.find((known) => known === name);
  if (runtime === undefined) throw new UsageError(`--runtime is ${runtimes.join(' or ')}, not ${name}`);
  return runtime;
}

function read(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        serve: { type: 'boolean' },
        clean: { type: 'boolean' },
        kubeconfig: { type: 'string' },
        server: { type: 'string' },
        fill: { type: 'boolean' },
        pods: { type: 'string' },
        namespaces: { type: 'string' },
        crds: { type: 'string' },
        node: { type: 'string', multiple: true },
        standalone: { type: 'string' },
        runtime: { type: 'string', multiple: true },
        runs: { type: 'string' },
        events: { type: 'string' },
        json: { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** More than any test server can store. */
const most = 1_000_000;

function wholeNumber(flag: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`${flag} is a whole number from ${least} to ${most}, not ${text}`);
}
