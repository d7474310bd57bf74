// The options of the printers. Types only; `openPrinter` in printer.ts uses them.

import type { Page } from '../model/page.ts';

/** The parsed value of `-o`. */
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
  /**
   * `object`: the user asked for exactly one object by name, which is printed without a list.
   * `list`: objects are in a `v1 List`.
   */
  readonly shape: 'object' | 'list';
  readonly noHeaders: boolean;
  readonly showLabels: boolean;
  /** Label keys to show as columns, `-L`. */
  readonly labelColumns: readonly string[];
  /** True to put `pod/` or `deployment.apps/` before names, as kubectl does for several types. */
  readonly showKind: boolean;
  readonly showManagedFields: boolean;
  /**
   * True if pages name the context of each row or object, and so does the output (`--contexts`).
   * Default: false.
   */
  readonly withContext?: boolean;
  /**
   * Width of the column of contexts in characters, so that later names do not move it. Default: the
   * width of the names so far.
   */
  readonly contextWidth?: number;
  /** True to add a NAMESPACE column for namespaced types. */
  readonly withNamespace: boolean;
  /**
   * jsonpath of the field to sort by (`--sort-by`). Everything is read before anything is printed
   * then.
   */
  readonly sortBy?: string | undefined;
  /** With `sortBy`: max number of printed items of the sorted list. 0: all. Default: all. */
  readonly limit?: number;
  /** False to make a missing jsonpath key an error (`--allow-missing-template-keys=false`). */
  readonly allowMissingTemplateKeys: boolean;
  /** For ages in tables that kapi makes itself. */
  readonly now: Date;
  /** Writes one line to stderr. Default: no warnings. */
  readonly warn?: ((text: string) => void) | undefined;
  /**
   * True if objects of several types follow one another and are aligned together: custom columns
   * are printed at the end then.
   */
  readonly severalTypes?: boolean;
}

/** Prints pages in the order received, as early as the format allows. */
export interface Printer {
  page(page: Page): Promise<void>;
  /** Writes the rest (closing brackets, a sorted list). */
  end(): Promise<void>;
  /**
   * Ends an unfinished line. Called if the list fails. The output stays incomplete, so that it does
   * not look like the whole list.
   */
  abandon?(): Promise<void>;
}

/** The machine-readable formats that every command with `-o` has. */
export type StructuredFormat = 'json' | 'yaml' | 'ndjson';

/** A small table of kapi itself: groups, resources, configuration, identity. */
export interface Rows {
  /** Titles, printed unchanged. */
  readonly columns: readonly string[];
  /** Cells can contain line breaks: a box keeps them, a pipe shows them as `\n`. */
  readonly rows: readonly (readonly string[])[];
  readonly noHeaders: boolean;
  /** True for boxes on a terminal, false for plain columns. Default: true. */
  readonly boxed?: boolean;
  /**
   * More rows follow at any time, so that no others wait for them (`--contexts`). Default: false.
   */
  readonly isStream?: boolean;
  /** For plain columns: wider cells do not widen their column. Default: no limit. */
  readonly maxWidth?: number;
}
