// Lets the suite test the standalone file instead of bin/kapi.js: KAPI_E2E_STANDALONE=FILE.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const file = process.env['KAPI_E2E_STANDALONE'];
if (file !== undefined && file !== '') {
  // The tests run `node bin/kapi.js WORDS`. This program runs the file for such a line, and Node for every other one.
  const program = join(mkdtempSync(join(tmpdir(), 'kapi-e2e-')), 'node');
  const script = `#!/bin/sh
case $1 in */bin/kapi.js) shift; exec '${resolve(file)}' "$@" ;; esac
exec '${process.execPath}' "$@"
`;
  writeFileSync(program, script, { mode: 0o755 });
  process.execPath = program;
}
