import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  cacheKeyOf,
  decodeCache,
  encodeCache,
  openDiscoveryCache,
} from '../../../src/api/discovery-cache.ts';
import { fetchSurface, type DiscoveryParts } from '../../../src/api/discovery.ts';
import { replyOf } from '../../recorded.ts';
import { scriptedSend } from '../../scripted-send.ts';

let home: string;
let parts: DiscoveryParts;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'kapi-cache-'));
  const script = scriptedSend([
    { request: 'GET /api', reply: replyOf('discovery/aggregated-api') },
    { request: 'GET /apis', reply: replyOf('discovery/aggregated-apis') },
  ]);
  parts = (await fetchSurface(script.send)).parts;
});
afterEach(() => rm(home, { recursive: true, force: true }));

describe('cacheKeyOf', () => {
  it.each([
    ['https://127.0.0.1:6443', '127.0.0.1_6443'],
    ['https://[2001:db8::1]:443', '_2001_db8__1__443'],
    ['https://rancher.example/k8s/c-1/', 'rancher.example_k8s_c-1'],
    ['http://localhost:8001', 'localhost_8001'],
    ['https://../../etc', '.._.._etc'],
    ['https://..', '_..'],
    ['', '_'],
  ])('%s is %s', (server, key) => {
    expect(cacheKeyOf(server)).toBe(key);
  });
});

describe('the file', () => {
  it('returns what was written', () => {
    expect(decodeCache(encodeCache({ parts, savedAtMs: 42 }))).toEqual({ parts, savedAtMs: 42 });
  });

  it('is a fraction of the documents', () => {
    const documents = JSON.stringify([
      replyOf('discovery/aggregated-api').body,
      replyOf('discovery/aggregated-apis').body,
    ]).length;
    expect(encodeCache({ parts, savedAtMs: 42 }).length).toBeLessThan(documents / 3);
  });

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"form":2}',
    '{"form":3,"savedAtMs":1,"verbs":[],"api":["",[]],"apis":["",[]]}',
    '{"form":2,"savedAtMs":1,"verbs":[],"api":["",[["",7,[]]]],"apis":["",[]]}',
    '{"form":2,"savedAtMs":1,"verbs":[],"api":["",[["","v1",[["v1",0,[["pods","Pod","pod","","",1,9,[]]]]]]]],"apis":["",[]]}',
  ])('is ignored when it reads %s', (text) => {
    expect(decodeCache(text)).toBeUndefined();
  });

  it('is ignored when it is truncated anywhere', () => {
    const text = encodeCache({ parts, savedAtMs: 42 });
    for (let length = 0; length < text.length; length += 997) {
      expect(decodeCache(text.slice(0, length))).toBeUndefined();
    }
  });
});

describe('openDiscoveryCache', () => {
  it('writes with permissions for the user only and leaves no temporary files', async () => {
    const directory = join(home, '.kube', 'cache', 'kapi', 'host_6443');
    const cache = openDiscoveryCache(directory);
    expect(await cache.read()).toBeUndefined();
    await cache.write(parts, 1_000);
    expect(await cache.read()).toEqual({ parts, savedAtMs: 1_000 });
    expect(await readdir(directory)).toEqual(['discovery.json']);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await stat(join(directory, 'discovery.json'))).mode & 0o777).toBe(0o600);
  });

  it('is complete after any number of parallel writers', async () => {
    const caches = Array.from({ length: 20 }, () => openDiscoveryCache(join(home, 'c')));
    const reads: unknown[] = [];
    await Promise.all(
      caches.map(async (cache, at) => {
        await cache.write(parts, at);
        reads.push((await cache.read())?.parts);
      }),
    );
    for (const read of reads) expect(read).toEqual(parts);
    expect(await readdir(join(home, 'c'))).toEqual(['discovery.json']);
  });

  it('overwrites what it cannot read', async () => {
    await writeFile(join(home, 'discovery.json'), 'garbage');
    const cache = openDiscoveryCache(home);
    expect(await cache.read()).toBeUndefined();
    await cache.write(parts, 5);
    expect(decodeCache(await readFile(join(home, 'discovery.json'), 'utf8'))?.savedAtMs).toBe(5);
  });

  it('works without a directory, below a file, and without permission to write', async () => {
    await writeFile(join(home, 'file'), '');
    await mkdir(join(home, 'locked'));
    await chmod(join(home, 'locked'), 0o500);
    for (const directory of [undefined, join(home, 'file', 'below'), join(home, 'locked', 'below')]) {
      const cache = openDiscoveryCache(directory);
      await expect(cache.write(parts, 1)).resolves.toBeUndefined();
    }
    expect(await openDiscoveryCache(join(home, 'file', 'below')).read()).toBeUndefined();
  });
});

describe('a home directory in which nothing can be created', () => {
  it('causes no error and takes no time', async () => {
    // Node's own recursive mkdir loops forever there.
    const cache = openDiscoveryCache('/proc/nowhere/.kube/cache/kapi/server');
    await cache.write(parts, Date.now());
    expect(await cache.read()).toBeUndefined();
  });
});
