// Runs kapi diff: compares, prints what differs, and says in numbers what was found.

import { ExitCode, NotSent, PartialFailure } from '../../errors.ts';
import { comparable, serverFields } from '../../model/comparable.ts';
import { diffObjects, isSame } from '../../model/object-diff.ts';
import { stringAt, type Json, type KubeObject } from '../../model/object.ts';
import { isSecretType, maskSecrets } from '../../model/secret-values.ts';
import { openPalette, withColours, type Palette } from '../../output/colour.ts';
import { escapeControl, escapeLine } from '../../output/escape.ts';
import { kindPrefix } from '../../output/name.ts';
import { isStructured, printStructured } from '../../output/structured.ts';
import { unifiedDiff, type DiffLine } from '../../output/unified-diff.ts';
import { yamlText } from '../../output/yaml.ts';
import type { Deps } from '../deps.ts';
import { withoutOutput } from '../without-output.ts';
import type { DiffOptions } from './options.ts';
import type { Comparison, Pair } from './pairs.ts';

/** A pair that differs, ready to be shown. */
interface Difference extends Pair {
  readonly change: 'added' | 'removed' | 'changed';
}

/**
 * Prints the differences.
 * @returns 1 if something differs
 * @throws what could not be read, after everything else is printed
 */
export async function runDiff(options: DiffOptions, given: Deps): Promise<ExitCode> {
  const deps = options.quiet ? withoutOutput(given) : given;
  const comparison = await compare(options, deps);
  if (deps.globals.curl) {
    const failure = comparison.failures.find((one) => !(one instanceof NotSent));
    if (failure !== undefined) throw failure;
    return ExitCode.ok;
  }
  const print = await openDiffPrinter(options, comparison, deps);
  const counts = { same: 0, added: 0, removed: 0, changed: 0 };
  for (const pair of comparison.pairs) {
    const shown = prepared(pair, comparison, options, deps);
    if (shown === undefined) counts.same++;
    else {
      counts[shown.change]++;
      await print.difference(shown);
    }
  }
  await print.end(counts);
  const [first, ...others] = comparison.failures;
  if (first === undefined || comparison.pairs.length > 0) sayResult(counts, comparison, options, deps);
  if (first !== undefined) throw others.length === 0 ? first : new PartialFailure([first, ...others]);
  return counts.added + counts.removed + counts.changed > 0 ? ExitCode.no : ExitCode.ok;
}

async function compare({ subject }: DiffOptions, deps: Deps): Promise<Comparison> {
  if (subject.kind === 'files') return (await import('./files.ts')).compareFiles(subject, deps);
  const { compareContexts, compareMoments } = await import('./selected.ts');
  return subject.kind === 'contexts' ? compareContexts(subject, deps) : compareMoments(subject, deps);
}

/** Returns the pair without what is not compared. Undefined: nothing differs. */
function prepared(
  pair: Pair,
  { sameNamespace }: Comparison,
  { allFields, showManagedFields }: DiffOptions,
  deps: Deps,
): Difference | undefined {
  const fields = { all: allFields, managedFields: showManagedFields, namespace: sameNamespace };
  const before = pair.before && comparable(pair.before, fields);
  const after = pair.after && comparable(pair.after, fields);
  if (before !== undefined && after !== undefined && isSame(before, after)) return undefined;
  const hides = isSecretType(pair.type) && !deps.globals.showSecrets;
  const [old, now] = hides ? maskSecrets(before, after) : [before, after];
  const change = old === undefined ? 'added' : now === undefined ? 'removed' : 'changed';
  return { ...pair, before: old, after: now, change };
}

type Counts = Readonly<Record<'same' | Difference['change'], number>>;

interface DiffPrinter {
  readonly difference: (difference: Difference) => Promise<void>;
  readonly end: (counts: Counts) => Promise<void>;
}

async function openDiffPrinter(
  { output, quiet }: DiffOptions,
  { labels }: Comparison,
  { io: { out } }: Deps,
): Promise<DiffPrinter> {
  const nothing = (): Promise<void> => Promise.resolve();
  if (quiet) return { difference: nothing, end: nothing };
  if (output === 'name') {
    return {
      difference: async ({ type, name }) =>
        out.write(`${escapeLine(kindPrefix(type))}/${escapeLine(name)}\n`),
      end: nothing,
    };
  }
  if (isStructured(output)) {
    const differences: Json[] = [];
    return {
      difference: async (difference) => {
        const document = documentOf(difference);
        if (output === 'ndjson') await printStructured(out, output, document);
        else differences.push(document);
      },
      end: async (counts) => {
        const [before, after] = labels;
        if (output !== 'ndjson') await printStructured(out, output, { before, after, counts, differences });
      },
    };
  }
  const palette = await openPalette(out.color);
  return {
    difference: async (difference) => {
      const lines = linesOf(difference, labels, out.isTTY);
      await out.write(withColours(palette, lines.map((line) => `${painted(line, palette)}\n`).join('')));
    },
    end: nothing,
  };
}

function documentOf({ type, namespace, name, change, before, after }: Difference): Json {
  const { apiVersion, kind } = after ?? before ?? { apiVersion: '', kind: '' };
  return {
    ...{ change, apiVersion, kind },
    ...(type.namespaced ? { namespace } : {}),
    name,
    ...(before !== undefined && after !== undefined
      ? { fields: fieldsOf(before, after) }
      : { object: after ?? before ?? null }),
  };
}

function fieldsOf(before: KubeObject, after: KubeObject): Json {
  return diffObjects(before, after, new Set()).map(({ path, before: old, after: now }): Json => ({
    path,
    ...(old === undefined ? {} : { before: old }),
    ...(now === undefined ? {} : { after: now }),
  }));
}

function linesOf(
  { type, name, before, after }: Difference,
  labels: Comparison['labels'],
  isTTY: boolean,
): readonly DiffLine[] {
  const textOf = (object: KubeObject | undefined): string | undefined =>
    object && yamlText(object, { escapeBidi: isTTY });
  // The names of the files that kubectl diff compares.
  const labelOf = (side: string, object: KubeObject | undefined): string =>
    escapeLine(
      `${side}/${[type.group, type.version, type.kind, stringAt(object?.metadata, 'namespace'), name].filter((part) => part !== '').join('.')}`,
    );
  return unifiedDiff(
    { label: labelOf(labels[0], before), text: textOf(before) },
    { label: labelOf(labels[1], after), text: textOf(after) },
  );
}

function painted({ text, kind }: DiffLine, palette: Palette | undefined): string {
  if (palette === undefined) return text;
  const shown = escapeControl(text);
  if (kind === 'same') return shown;
  const paint = { header: palette.header, hunk: palette.key, added: palette.good, removed: palette.bad }[
    kind
  ];
  return paint(shown);
}

function sayResult(
  { same, added, removed, changed }: Counts,
  { words }: Comparison,
  { allFields, showManagedFields }: DiffOptions,
  deps: Deps,
): void {
  const total = same + added + removed + changed;
  if (total === 0) {
    deps.warn('No resources found.');
    return;
  }
  const parts = [
    [changed, words.changed],
    [added, words.added],
    [removed, words.removed],
    [same, 'equal'],
  ] as const;
  const found = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  deps.warn(`${total} ${total === 1 ? 'object' : 'objects'}: ${found.join(', ')}`);
  if (allFields) return;
  const fields = [...serverFields, ...(showManagedFields ? [] : ['managedFields'])];
  deps.warn(
    `note: not compared (--all-fields compares them): status, metadata.{${fields.join(',')}} and the annotation of kubectl apply`,
  );
}
