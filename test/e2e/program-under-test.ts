// Lets the suite test the standalone file instead of bin/kapi.js: KAPI_E2E_STANDALONE=FILE.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const file = process.env['KAPI_E2E_STANDALONE'];
if (file !== undefined && file !== '') {
  // The tests run `node bin/kapi.js WORDS`. This program runs the file for such a line, and Node
  // for every other one. The file unpacks itself once, next to itself, because the tests have many
  // homes. test/e2e/standalone tests the other places.
  const program = join(mkdtempSync(join(tmpdir(), 'kapi-e2e-')), 'node');
  const script = `#!/bin/sh
case $1 in */bin/kapi.js) shift; KAPI_STANDALONE_DIR='${dirname(resolve(file))}' exec '${resolve(file)}' "$@" ;; esac
exec '${process.execPath}' "$@"
`;
  writeFileSync(program, script, { mode: 0o755 });
  process.execPath = program;
}
