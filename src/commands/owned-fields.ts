// The printer of `kapi get -o yaml --owners`: shows the field managers that own each line before
// it. Entry point: openOwnedPrinter().

import { managersOf, type Manager } from '../api/change-author.ts';
import { KapiError, UsageError, messageOf } from '../errors.ts';
import { ageOf } from '../model/age.ts';
import { rootPlace, type PlaceSchema } from '../model/field-owners.ts';
import type { KubeObject } from '../model/object.ts';
import { apiVersionOf, parseApiVersion, type ResourceType } from '../model/resource.ts';
import { schemaOfKind } from '../model/schema.ts';
import { openPalette, withColours } from '../output/colour.ts';
import { displayWidth } from '../output/display-width.ts';
import { withoutManagedFields } from '../output/documents.ts';
import { escapeLine } from '../output/escape.ts';
import type { OutputFormat, Printer } from '../output/format.ts';
import { YamlHighlighter } from '../output/highlight.ts';
import { ownedYamlLines } from '../output/owned-yaml.ts';
import type { Deps } from './deps.ts';

/**
 * Opens the printer. Objects of a list follow one another after `---`.
 * @throws UsageError for a format other than yaml
 */
export async function openOwnedPrinter(
  format: OutputFormat,
  { showManagedFields }: { readonly showManagedFields: boolean },
  deps: Deps,
): Promise<Printer> {
  if (format.kind !== 'yaml') {
    throw new UsageError('--owners shows the lines of YAML with their owners: add -o yaml', {
      code: 'ConflictingFlags',
    });
  }
  const { out } = deps.io;
  const palette = await openPalette(out.color);
  const schemas = new Map<string, Promise<PlaceSchema | undefined>>();
  let count = 0;
  return {
    async page(page) {
      if (page.kind !== 'objects') return;
      for (const object of page.objects) {
        const version = object.apiVersion || apiVersionOf(page.type);
        const key = `${version} ${object.kind}`;
        const schema = schemas.get(key) ?? schemaOf(object, page.type, deps);
        schemas.set(key, schema);
        const lines = linesOf(object, await schema, showManagedFields, deps.now(), out.isTTY);
        const width = Math.max(...lines.map(({ label }) => displayWidth(label)));
        // A line of several objects needs a separator that the YAML does not have.
        const start = count++ === 0 ? '' : '---\n';
        if (lines.every(({ label }) => label === '')) {
          deps.warn('note: the object has no managedFields, so the owners of its fields are unknown');
        }
        const highlighter = palette === undefined ? undefined : new YamlHighlighter(palette);
        const text = lines
          .map(({ label, yaml }) => {
            const padded = `${label}${' '.repeat(width - displayWidth(label))}`;
            const shown = highlighter === undefined ? yaml : highlighter.lines(yaml);
            return `${palette === undefined ? padded : palette.faint(padded)}  ${shown}`.trimEnd();
          })
          .join('\n');
        await out.write(withColours(palette, `${start}${text}\n`));
      }
    },
    end: () => Promise.resolve(),
  };
}

function linesOf(
  object: KubeObject,
  schema: PlaceSchema | undefined,
  showManagedFields: boolean,
  now: Date,
  isTTY: boolean,
): readonly { readonly label: string; readonly yaml: string }[] {
  const sets = managersOf(object)
    .flatMap((manager) => (manager.fields === undefined ? [] : [{ manager, fields: manager.fields }]))
    .sort((a, b) => (Date.parse(b.manager.time) || 0) - (Date.parse(a.manager.time) || 0));
  const shown = showManagedFields ? object : withoutManagedFields(object);
  return ownedYamlLines(shown, rootPlace(sets, schema), isTTY).map(({ text, owners }) => ({
    label: owners.map((owner) => labelOf(owner, now)).join(', '),
    yaml: escapeLine(text),
  }));
}

function labelOf({ manager, operation, subresource, time }: Manager, now: Date): string {
  const how = subresource === '' ? operation : `${operation} of ${subresource}`;
  return escapeLine(`${manager} (${how}) ${time === '' ? 'at an unknown time' : `${ageOf(time, now)} ago`}`);
}

/**
 * Returns the schema, which says which fields are atomic. Without it only the field sets decide.
 */
async function schemaOf(
  object: KubeObject,
  type: ResourceType,
  deps: Deps,
): Promise<PlaceSchema | undefined> {
  const version = parseApiVersion(object.apiVersion || apiVersionOf(type));
  try {
    const document = await (await deps.openApi()).document(version);
    const schema =
      document === undefined
        ? undefined
        : schemaOfKind({ ...version, kind: object.kind || type.kind }, document);
    return document === undefined || schema === undefined ? undefined : { schema, document };
  } catch (thrown) {
    if (!(thrown instanceof KapiError) || deps.signal.aborted) throw thrown;
    deps.warn(
      `note: owners of fields inside atomic lists and maps may be missing or too many, because the schema could not be read: ${messageOf(thrown)}`,
    );
    return undefined;
  }
}
