#!/usr/bin/env node
'use strict';
// kubectl runs this file to complete `kubectl kapi`. The arguments are the words after it.
process.argv.splice(2, 0, '__complete', 'kubectl');
require('./kapi.js').start();
