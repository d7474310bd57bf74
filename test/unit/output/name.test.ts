import { describe, expect, it } from 'vitest';
import type { Page } from '../../../src/model/page.ts';
import { kindPrefix, openNamePrinter } from '../../../src/output/name.ts';
import { memorySink } from './memory-sink.ts';
import { column, deployments, objectPage, pods, tablePage } from './things.ts';

async function print(...pages: readonly Page[]): Promise<string> {
  const out = memorySink();
  const printer = openNamePrinter(out);
  for (const page of pages) await printer.page(page);
  await printer.end();
  return out.text();
}

describe('-o name', () => {
  it('prints kind, group and name of objects', async () => {
    expect(
      await print(
        objectPage(pods, { metadata: { name: 'p1' } }, { metadata: { name: 'p2' } }),
        objectPage(deployments, { metadata: { name: 'd1' } }),
      ),
    ).toBe('pod/p1\npod/p2\ndeployment.apps/d1\n');
  });

  it('uses the kind of the object, not of the requested type', async () => {
    const scale = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'd1' } };
    expect(await print(objectPage(deployments, scale))).toBe('scale.autoscaling/d1\n');
  });

  it('finds names in rows without objects', async () => {
    expect(
      await print(
        tablePage(pods, [column('Name'), column('Age')], [['p1', '5d']]),
        tablePage(pods, [], [['p2', '5d']]),
        tablePage(deployments, [column('Ready'), column('Name')], [['1/1', 'd1']]),
      ),
    ).toBe('pod/p1\npod/p2\ndeployment.apps/d1\n');
  });

  it('reports that there is no name, as in a SelfSubjectReview', async () => {
    expect(
      await print(objectPage(pods, { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' })),
    ).toBe('selfsubjectreview.authentication.k8s.io/<unknown>\n');
  });

  it('keeps every name on its line', async () => {
    expect(await print(objectPage(pods, { metadata: { name: 'a\nb\u001b' } }))).toBe('pod/a\\nb^[\n');
  });

  it('writes nothing for an empty page', async () => {
    expect(await print(objectPage(pods))).toBe('');
  });
});

it('kindPrefix writes kind and group in lower case', () => {
  expect(kindPrefix(pods)).toBe('pod');
  expect(kindPrefix({ kind: 'Widget', group: 'Kapi.Test' })).toBe('widget.kapi.test');
});
