#!/usr/bin/env node
'use strict';
// Loads the built main and lets it set process.exitCode; nothing else.
require('./code-cache.js').enableCodeCache(process);
require('../dist/main.cjs').start(process);
// Everything has been written when the loop is empty; taking its heap apart would only take Node time.
process.once('beforeExit', () => process.exit());
