// `kapi list` and `kapi get` compared with kubectl, byte for byte, on a real server.
import { expect, it } from 'vitest';

import { describeAgainstKubectl, expectSame, kapi, kubectl, testServer, type Question } from './kapi.ts';
import { lists, notices, objects, refusals } from './questions.ts';
import { wordsOf } from './words.ts';

function question(command: 'list' | 'get', line: string): Question {
  return { kapi: [command, ...wordsOf(line)], kubectl: ['get', ...wordsOf(line)] };
}

describeAgainstKubectl('kapi list prints what kubectl get prints', () => {
  it.concurrent.each(lists)('%s', async (line) => {
    const { ours, theirs } = await expectSame(question('list', line));
    expect(ours.stdout).not.toBe('');
    expect(ours).toEqual({ ...theirs, code: 0 });
  });
});

describeAgainstKubectl('kapi get prints what kubectl get prints', () => {
  it.concurrent.each(objects)('%s', async (line) => {
    const { ours, theirs } = await expectSame(question('get', line));
    expect(ours).toEqual({ ...theirs, code: 0 });
  });
});

describeAgainstKubectl('notices and warnings go to standard error, as with kubectl', () => {
  it.concurrent.each(notices)('%s', async (line) => {
    const { ours, theirs } = await expectSame(question('list', line));
    expect(ours).toEqual({ ...theirs, code: 0 });
  });
});

describeAgainstKubectl("refusals have kubectl's words and kapi's exit code", () => {
  it.concurrent.each(refusals)('%s %s: exit %i', async (command, line, code) => {
    const { ours, theirs } = await expectSame(question(command, line));
    expect(withoutHints(ours.stderr)).toBe(withoutAdvice(theirs.stderr));
    expect(ours.code).toBe(code);
    expect(theirs.code).toBe(1);
  });
});

describeAgainstKubectl('where kapi differs on purpose', () => {
  it.concurrent.each([
    [
      'deployments.v1beta1.apps',
      '"deployments" in version "apps/v1beta1"',
      'deployments is served as apps/v1',
    ],
    ['pods.nope', '"pods" in group "nope"', 'pods is served as v1'],
    ['widgets.v7.kapi.test', '"widgets" in version "kapi.test/v7"', 'widgets is served as kapi.test/v1'],
  ])('an unknown type names its group or version: %s', async (type, unknown, served) => {
    const { stderr, code } = await kapi(['list', type]);
    expect(stderr).toContain(`error: the server doesn't have a resource type ${unknown}\nhint: ${served}`);
    expect(code).toBe(2);
  });

  it('tables of several pages have the same cells; each page has the widths it needs', async () => {
    const { stdout } = await kapi(['list', 'pods', '-A', '--chunk-size=2', '--no-headers']);
    const theirs = await kubectl(['get', 'pods', '-A', '--no-headers']);
    expect(cells(stdout).length).toBeGreaterThan(10);
    expect(cells(stdout).map(withoutAges)).toEqual(cells(theirs.stdout).map(withoutAges));
  });

  it('columns of several types too', async () => {
    const words = ['pods,svc', '-o', 'custom-columns=KIND:.kind,NAME:.metadata.name'];
    const [ours, theirs] = await Promise.all([kapi(['list', ...words]), kubectl(['get', ...words])]);
    expect(cells(ours.stdout)).toEqual(cells(theirs.stdout));
  });

  it('-o name keeps the order of the table, which for flow schemas is that of their precedence', async () => {
    const { stdout } = await kapi(['list', 'flowschemas', '-o', 'name']);
    const table = await kubectl(['get', 'flowschemas', '--no-headers']);
    const names = table.stdout.split('\n').map((line) => line.replace(/ .*/, ''));
    expect(stdout.replaceAll('flowschema.flowcontrol.apiserver.k8s.io/', '').split('\n')).toEqual(names);
  });

  it('get prints JSON for lines for which kubectl get prints a row', async () => {
    await expectSame({
      kapi: ['get', 'pod', 'completed'],
      kubectl: ['get', 'pod', 'completed', '-o', 'json'],
    });
    await expectSame({
      kapi: ['get', 'pod/completed', 'deploy/web'],
      kubectl: ['get', 'pod/completed', 'deploy/web', '-o', 'json'],
    });
    await expectSame({ kapi: ['get', 'pods'], kubectl: ['get', 'pods'] });
    await expectSame({
      kapi: ['get', 'pod', 'completed', '-o', 'table'],
      kubectl: ['get', 'pod', 'completed'],
    });
  });

  it('--sort-by sorts several types: objects together, tables separately', async () => {
    const { stdout, code } = await kapi([
      'list',
      'services,deployments',
      '--sort-by=.metadata.uid',
      '-o',
      'custom-columns=NAME:.metadata.name,UID:.metadata.uid',
      '--no-headers',
    ]);
    expect(code).toBe(0);
    const uids = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ +/)[1]);
    expect(uids).toHaveLength(7);
    expect(uids).toEqual([...uids].sort());

    const table = await kapi(['list', 'services,deployments', '--sort-by=.metadata.name']);
    expect(table.stdout.split('\n').map((line) => line.split(' ')[0])).toEqual([
      'NAME',
      'service/headless',
      'service/kubernetes',
      'service/node-port',
      'service/outside',
      'service/public',
      'service/web',
      '',
      'NAME',
      'deployment.apps/web',
      '',
    ]);
  });

  it('a refused list prints nothing, not an empty List', async () => {
    const words = ['pods', '-l', 'a b', '-o', 'json'];
    const [ours, theirs] = await Promise.all([kapi(['list', ...words]), kubectl(['get', ...words])]);
    expect(theirs.stdout).toContain('"items": []');
    expect(ours.stdout).toBe('');
    expect(ours.code).toBe(2);
  });

  it.each(['table', 'json', 'name'])(
    '--sort-by a field that no object has prints the rows and a warning (-o %s)',
    async (format) => {
      const [sorted, plain] = await Promise.all([
        kapi(['list', 'pods', '-o', format, '--sort-by=.nope']),
        kapi(['list', 'pods', '-o', format]),
      ]);
      const text = ({ stdout }: { readonly stdout: string }): string => withoutAges(stdout);
      expect(text(sorted)).toBe(text(plain));
      expect(sorted.stderr).toBe(
        "Warning: --sort-by {.nope}: no object has this field, so the order is the server's\n",
      );
      expect(sorted.code).toBe(0);
    },
  );

  it('an empty list of a namespace that does not exist says so', async () => {
    expect(await kapi(['list', 'pods', '-n', 'no-such-namespace'])).toMatchObject({
      stdout: '',
      stderr:
        'No resources found in no-such-namespace namespace.\nhint: there is no namespace "no-such-namespace"\n',
      code: 0,
    });
  });

  it('recursive descent finds the same values; kubectl has no defined order', async () => {
    const words = ['pods', '-A', '-o', 'jsonpath={..image}'];
    const [ours, theirs] = await Promise.all([kapi(['list', ...words]), kubectl(['get', ...words])]);
    expect(ours.stdout.split(' ').sort()).toEqual(theirs.stdout.split(' ').sort());
    expect(ours.stdout).toContain('registry.invalid/none:1');
  });

  it('ndjson prints the items of -o json, one per line', async () => {
    const [lines, whole] = await Promise.all([
      kapi(['list', 'pods,widgets', '-A', '-o', 'ndjson']),
      kubectl(['get', 'pods,widgets', '-A', '-o', 'json']),
    ]);
    expect(
      lines.stdout
        .trimEnd()
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    ).toEqual((JSON.parse(whole.stdout) as { items: unknown[] }).items);
  });

  // The sandbox stores numbers as doubles.
  it.skipIf(testServer().kind === 'sandbox')('numbers beyond a double survive in every format', async () => {
    for (const format of ['json', 'ndjson', 'yaml', 'jsonpath={.spec.free}']) {
      const { stdout } = await kapi(['get', 'widget', 'numbers', '-o', format]);
      for (const number of ['9223372036854775807', '-9223372036854775808']) expect(stdout).toContain(number);
    }
  });

  it('YAML with control characters is printed, for which kubectl gives up', async () => {
    const words = ['configmap', 'controls', '-n', 'odd', '-o', 'yaml'];
    const [ours, theirs] = await Promise.all([kapi(['get', ...words]), kubectl(['get', ...words])]);
    expect(theirs.code).toBe(1);
    expect(ours).toMatchObject({ code: 0, stderr: '' });
    const { parse } = await import('yaml');
    const json = await kubectl(['get', 'configmap', 'controls', '-n', 'odd', '-o', 'json']);
    expect(parse(ours.stdout)).toEqual(JSON.parse(json.stdout));
  });

  it('--limit stops after this number of objects', async () => {
    // The first objects depend on what other files have created meanwhile.
    const all = await kapi(['list', 'pods', '-A', '-o', 'name']);
    const { stdout, code } = await kapi(['list', 'pods', '-A', '--limit', '3', '-o', 'name']);
    expect(stdout.trimEnd().split('\n')).toHaveLength(3);
    expect(all.stdout.startsWith(stdout)).toBe(true);
    expect(code).toBe(0);
  });

  it('--expect-count and --require-nonempty decide the exit code', async () => {
    const count = async (...words: string[]): Promise<number | undefined> =>
      (await kapi(['list', ...words])).code;
    expect(await count('pods', '-n', 'dev', '--expect-count', '3')).toBe(0);
    expect(await count('pods', '-n', 'dev', '--expect-count', '1..3')).toBe(0);
    expect(await count('pods', '-n', 'dev', '--expect-count', '4..')).toBe(1);
    expect(await count('pods', '-n', 'empty', '--require-nonempty')).toBe(1);
    expect(await count('pods', '-n', 'empty', '--expect-count', '0')).toBe(0);
  });
});

/** Returns standard error without the hints that kapi adds to kubectl's words. */
function withoutHints(stderr: string): string {
  return stderr.replaceAll(/^hint: .*\n(?: {6}.*\n)*/gm, '');
}

/**
 * Returns kubectl's words without its additions: the whole object for a template, a reference to
 * its help.
 */
function withoutAdvice(stderr: string): string {
  return stderr
    .replace(/\. Printing more information for debugging the template:[^]*/, '\n')
    .replace(/^See 'kubectl.*\n/m, '');
}

/** Returns lines without the widths of their columns. */
function cells(text: string): string[] {
  return text.split('\n').map((line) => line.replaceAll(/ {2,}/g, '|').trim());
}

/** Replaces ages by one letter each, for cells that were not requested at the same moment. */
function withoutAges(cells: string): string {
  return cells.replaceAll(/\b(?:\d+[smhdy])+\b/g, 'T');
}
