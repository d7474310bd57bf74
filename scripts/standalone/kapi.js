#!/usr/bin/node
'use strict';
// Starts kapi in a standalone directory: runs bin/kapi.js, with the code cache in this directory
// and not in a shared /tmp. The first line is for the image, where Node is at that path and there
// is no shell.

// What the shell script added is for this process only: programs that kapi starts get the original
// value, or none.
const added = '@TUNABLES@';
const { GLIBC_TUNABLES: tunables } = process.env;
if (tunables === added) delete process.env.GLIBC_TUNABLES;
else if (tunables?.startsWith(`${added}:`)) process.env.GLIBC_TUNABLES = tunables.slice(added.length + 1);

require('./bin/kapi.js').start(`${__dirname}/compile-cache`);
