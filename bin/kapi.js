#!/usr/bin/env node
'use strict';
// Loads the built main and lets it set process.exitCode; nothing else.
const { enableCompileCache } = require('node:module');

// From Node 22.1 on the compiled code is kept between runs: 5 to 10 ms less at every start.
enableCompileCache?.();
require('../dist/main.cjs').start(process);
