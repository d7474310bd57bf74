#!/usr/bin/env node
'use strict';
// Loads the built main and lets it set process.exitCode; nothing else.
const { loadMain, keepCode } = require('./code-cache.js');
loadMain(process).start(process, keepCode);
// Everything has been written when the loop is empty; taking its heap apart would only take Node time.
process.once('beforeExit', () => process.exit());
