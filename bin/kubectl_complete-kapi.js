#!/usr/bin/env node
'use strict';
// What kubectl runs to complete `kubectl kapi`; the arguments are the words after it.
process.argv.splice(2, 0, '__complete', 'kubectl');
require('./kapi.js').start();
