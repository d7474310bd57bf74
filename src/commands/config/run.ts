// Runs kapi config, and prints `show`.

import type { Json } from '../../model/object.ts';
import type { Rows } from '../../output/format.ts';
import { fitsLine, printRows } from '../../output/rows.ts';
import { isStructured, printStructured } from '../../output/structured.ts';
import { ConfigError } from '../../errors.ts';
import { configFacts, type ConfigFact } from '../config-facts.ts';
import type { Deps } from '../deps.ts';
import { printContexts } from './contexts.ts';
import type { ConfigOptions } from './options.ts';
import { preferenceFacts } from './preferences.ts';
import { printRaw } from './raw.ts';

/** Prints a view. */
export async function runConfig(options: ConfigOptions, deps: Deps): Promise<void> {
  switch (options.view) {
    case 'show':
      return show(options.output, deps);
    case 'contexts':
      return printContexts(options.output, options.noHeaders, deps);
    default:
      return printRaw(options.view, deps);
  }
}

/** Aliases and defaults of kuberc. A file that cannot be used is a warning here. */
async function preferencesOf(deps: Deps): Promise<readonly ConfigFact[]> {
  try {
    const preferences = await deps.preferences();
    return preferences === undefined ? [] : preferenceFacts(preferences, deps.globals.showSecrets);
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown;
    deps.warn(`Warning: ${thrown.message}`);
    return [];
  }
}

async function show(output: string, deps: Deps): Promise<void> {
  const facts = [...configFacts(await deps.config()), ...(await preferencesOf(deps))];
  const { out } = deps.io;
  if (isStructured(output)) {
    const document: Json = Object.fromEntries(
      facts.map(({ key, value, origin }) => [
        key,
        { value, ...(origin === undefined ? {} : { from: origin.text }) },
      ]),
    );
    return printStructured(out, output, document);
  }
  const table: Rows = {
    columns: ['SETTING', 'VALUE', 'FROM'],
    rows: facts.map(({ key, value, origin }) => [key, value, origin?.text ?? '']),
    noHeaders: false,
  };
  return printRows(out, out.isTTY && !fitsLine(table, out.columns) ? narrow(facts) : table);
}

/** For narrow terminals: the origin is in a line of its own. */
function narrow(facts: readonly ConfigFact[]): Rows {
  return {
    columns: ['SETTING', 'VALUE'],
    rows: facts.flatMap(({ key, value, origin }) => [
      [key, value],
      ...(origin === undefined ? [] : [['', `from ${origin.text}`]]),
    ]),
    noHeaders: false,
    boxed: false,
  };
}
