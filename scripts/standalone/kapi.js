#!/usr/bin/node
'use strict';
// The start of kapi in a standalone directory: bin/kapi.js, with the compiled code kept beside it and not in a shared /tmp.
// The first line is for the image, where Node stands at that place and there is no shell.

// What the shell script added is for this process: programs that kapi starts find what was set before, or nothing.
const added = '@TUNABLES@';
const { GLIBC_TUNABLES: tunables } = process.env;
if (tunables === added) delete process.env.GLIBC_TUNABLES;
else if (tunables?.startsWith(`${added}:`)) process.env.GLIBC_TUNABLES = tunables.slice(added.length + 1);

require('./bin/kapi.js').start(`${__dirname}/compile-cache`);
