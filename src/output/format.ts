// What can be asked of the printers. Types only; `openPrinter` in printer.ts acts on them.

import type { Page } from '../model/page.ts';

/** The value of `-o`, taken apart. */
export type OutputFormat =
  | { readonly kind: 'table'; readonly wide: boolean }
  | { readonly kind: 'json' }
  | { readonly kind: 'yaml' }
  | { readonly kind: 'ndjson' }
  | { readonly kind: 'kyaml' }
  | { readonly kind: 'csv' }
  | { readonly kind: 'name' }
  | { readonly kind: 'jsonpath'; readonly template: string }
  | { readonly kind: 'jsonpath-as-json'; readonly template: string }
  | { readonly kind: 'custom-columns'; readonly spec: string; readonly source: 'spec' | 'file' };

export interface PrintOptions {
  readonly format: OutputFormat;
  /** `object`: exactly one object was asked for by name and is printed bare. `list`: wrapped in a `v1 List`. */
  readonly shape: 'object' | 'list';
  readonly noHeaders: boolean;
  readonly showLabels: boolean;
  /** Label keys to show as columns, `-L`. */
  readonly labelColumns: readonly string[];
  /** Put `pod/` or `deployment.apps/` before names, as kubectl does when several types are shown. */
  readonly showKind: boolean;
  readonly showManagedFields: boolean;
  /** Put a NAMESPACE column first for namespaced types. */
  readonly withNamespace: boolean;
  /** jsonpath of the field to sort by, `--sort-by`; everything is read before anything is printed then. */
  readonly sortBy?: string | undefined;
  /** With `sortBy`: print this many of the sorted list, 0 for all. Default: all. */
  readonly limit?: number;
  /** `false`: a missing jsonpath key is an error (`--allow-missing-template-keys=false`). */
  readonly allowMissingTemplateKeys: boolean;
  /** For ages in tables that kapi makes itself. */
  readonly now: Date;
  /** Takes one line for stderr. Default: nobody is told. */
  readonly warn?: ((text: string) => void) | undefined;
  /** Objects of several types come one after the other and are aligned together: custom columns wait for the end then. */
  readonly severalTypes?: boolean;
}

/** Takes pages in the order they came and writes them out as far as the format allows. */
export interface Printer {
  page(page: Page): Promise<void>;
  /** Writes what is still held back (closing brackets, a sorted list). */
  end(): Promise<void>;
  /** Ends a line that is open: called where the list breaks off. What was written stays unfinished, so that it is not taken for the whole. */
  abandon?(): Promise<void>;
}
