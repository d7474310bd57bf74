// kapi config: the running part, and how `show` is printed.

import type { Json } from '../../model/object.ts';
import { printRows } from '../../output/rows.ts';
import { isStructured, printStructured } from '../../output/structured.ts';
import { configFacts } from '../config-facts.ts';
import type { Deps } from '../deps.ts';
import { printContexts } from './contexts.ts';
import type { ConfigOptions } from './options.ts';
import { printRaw } from './raw.ts';

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

async function show(output: string, deps: Deps): Promise<void> {
  const facts = configFacts(await deps.config());
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
  return printRows(out, {
    columns: ['SETTING', 'VALUE', 'FROM'],
    rows: facts.map(({ key, value, origin }) => [key, value, origin?.text ?? '']),
    noHeaders: false,
  });
}
