// One string of 20 MB from a server, in every format: kapi prints all of it, and needs a small
// multiple of its memory. The test prints the memory.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const kapiFile = fileURLToPath(new URL('../../bin/kapi.js', import.meta.url));
const isStandalone = (process.env['KAPI_E2E_STANDALONE'] ?? '') !== '';
const measures = existsSync('/proc/self/status') && !isStandalone;
if (!measures)
  console.error('SKIPPED: the memory of kapi (needs /proc, and Node instead of the standalone file)');

/** Bytes of the string in the JSON of the server. */
const wireBytes = 20_000_000;
/** Max resident megabytes: the program, and twelve strings (the bytes, the text, the output). */
const maxMegabytes = 100 + (12 * wireBytes) / 1e6;

/** What a string consists of: the unit that repeats, and the form of a unit in each format. */
interface Kind {
  readonly unit: string;
  readonly forms: Readonly<Record<string, string>>;
}

const kinds: Readonly<Record<string, Kind>> = {
  plain: { unit: 'wxyz', forms: { json: 'wxyz', jsonpath: 'wxyz', table: 'wxyz' } },
  escapes: {
    unit: '\n\u001b"<x',
    forms: { json: '\\n\\u001b\\"\\u003cx', yaml: '\\n\\e\\"<x', kyaml: '\\e\\"<x' },
  },
  words: { unit: "it's ", forms: { yaml: "it''s" } },
  lines: { unit: '한국어\n', forms: { yaml: '    한국어\n', kyaml: '한국어\\n\\\n' } },
};

const flags: Readonly<Record<string, readonly string[]>> = {
  ...{ json: ['-o', 'json'], yaml: ['-o', 'yaml'], kyaml: ['-o', 'kyaml'] },
  jsonpath: ['-o', 'jsonpath={.data.k}'],
  table: [],
};

const home = mkdtempSync(join(tmpdir(), 'kapi-long-strings-'));
let server: Server;
let url = '';

/** Number of units of a kind in a string. */
const countOf = ({ unit }: Kind): number => Math.floor(wireBytes / (JSON.stringify(unit).length - 2));

beforeAll(async () => {
  server = createServer((request, response) => {
    const name = (request.url ?? '').split('?')[0]?.split('/').at(-1) ?? '';
    const kind = kinds[name];
    response.setHeader('content-type', 'application/json');
    if (kind === undefined) {
      response.statusCode = 404;
      response.end('{"kind":"Status","apiVersion":"v1","message":"no","reason":"NotFound","code":404}');
      return;
    }
    const metadata = `"metadata":{"name":"${name}","namespace":"default"}`;
    const columns = ['Name', 'Data'].map((column) => ({ name: column, type: 'string' }));
    const [head, tail] = (request.headers.accept ?? '').includes('as=Table')
      ? [
          `{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{},"columnDefinitions":${JSON.stringify(columns)},"rows":[{"cells":["${name}","`,
          `"],"object":{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1",${metadata}}}]}`,
        ]
      : [`{"kind":"ConfigMap","apiVersion":"v1",${metadata},"data":{"k":"`, '"}}'];
    response.end(head + JSON.stringify(kind.unit.repeat(countOf(kind))).slice(1, -1) + tail);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(home, { recursive: true });
});

interface Outcome {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
  /** Max resident memory. */
  readonly megabytes: number;
}

async function kapi(...args: readonly string[]): Promise<Outcome> {
  const child = spawn(process.execPath, [kapiFile, '--server', url, ...args], {
    env: { PATH: process.env['PATH'], HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let megabytes = 0;
  const look = (): void => {
    try {
      const status = readFileSync(`/proc/${child.pid ?? 0}/status`, 'utf8');
      megabytes = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? megabytes * 1024) / 1024;
    } catch {
      // It has just ended.
    }
  };
  const timer = measures ? setInterval(look, 20) : undefined;
  const chunks: Buffer[] = [];
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    if (measures) look();
  });
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(timer);
  return { code, stdout: Buffer.concat(chunks), stderr, megabytes };
}

function occurrences(text: Buffer, part: string): number {
  const bytes = Buffer.from(part);
  let count = 0;
  for (let at = text.indexOf(bytes); at >= 0; at = text.indexOf(bytes, at + bytes.length)) count += 1;
  return count;
}

const cases = Object.entries(kinds).flatMap(([name, kind]) =>
  Object.entries(kind.forms).map(([format, form]) => ({ name, format, form, count: countOf(kind) })),
);

describe('a string of 20 MB', { timeout: 300_000 }, () => {
  it.each(cases)('of $name is printed as $format', async ({ name, format, form, count }) => {
    const run = await kapi('get', `configmap/${name}`, ...(flags[format] ?? []));
    expect([run.code, run.stderr, occurrences(run.stdout, form)]).toEqual([0, '', count]);
    if (!measures) return;
    console.log(
      `20 MB of ${name} as ${format}: max ${Math.round(run.megabytes)} MB of memory, ` +
        `${(run.stdout.length / 1e6).toFixed(0)} MB written`,
    );
    expect(run.megabytes).toBeGreaterThan(wireBytes / 1e6);
    expect(run.megabytes).toBeLessThan(maxMegabytes);
  });
});
