// `-o name`: `pod/p1`, `deployment.apps/d1`. Entry point: openNamePrinter.

import type { Sink } from '../io/io.ts';
import { stringAt } from '../model/object.ts';
import type { Page } from '../model/page.ts';
import { parseApiVersion } from '../model/resource.ts';
import { escapeLine } from './escape.ts';
import type { Printer } from './format.ts';

/** Returns the prefix of a name: `pod`, or `deployment.apps` if there is a group. */
export function kindPrefix(type: { readonly kind: string; readonly group: string }): string {
  return (type.group === '' ? type.kind : `${type.kind}.${type.group}`).toLowerCase();
}

/**
 * Prints one name a line. Rows of a table are enough: without an object, the name is the cell of
 * the column with the format `name`, or the first cell.
 */
export function openNamePrinter(out: Sink): Printer {
  let nameAt = 0;
  return {
    async page(page: Page): Promise<void> {
      const lines: string[] = [];
      if (page.kind === 'objects') {
        for (const [at, object] of page.objects.entries()) {
          // The response of a path need not be an object: /version has neither kind nor metadata.
          const kind = stringAt(object, 'kind');
          const prefix = kind === '' ? '<unknown>' : prefixOf(stringAt(object, 'apiVersion'), kind);
          lines.push(contextOf(page, at) + nameLine(prefix, stringAt(object.metadata, 'name')));
        }
      } else {
        const { columns, rows } = page.table;
        if (columns.length > 0) {
          nameAt = Math.max(
            columns.findIndex((column) => column.format === 'name' && column.type === 'string'),
            0,
          );
        }
        const prefix = kindWithGroup(page.type.kind, page.type.group);
        for (const [at, row] of rows.entries()) {
          const cell = row.cells[nameAt];
          lines.push(contextOf(page, at) + nameLine(prefix, typeof cell === 'string' ? cell : ''));
        }
      }
      if (lines.length > 0) await out.write(lines.join(''));
    },
    end: () => Promise.resolve(),
  };
}

function prefixOf(apiVersion: string, kind: string): string {
  return kindWithGroup(kind, parseApiVersion(apiVersion).group);
}

function kindWithGroup(kind: string, group: string): string {
  return group === '' ? kind.toLowerCase() : `${kind.toLowerCase()}.${group}`;
}

/** With `--contexts`, the name of the context and a tab. */
function contextOf({ contexts }: Page, at: number): string {
  return contexts === undefined ? '' : `${escapeLine(contexts[at] ?? '')}\t`;
}

function nameLine(prefix: string, name: string): string {
  return `${escapeLine(prefix)}/${name === '' ? '<unknown>' : escapeLine(name)}\n`;
}
