#!/usr/bin/node
'use strict';
// The start of kapi in a standalone directory: bin/kapi.js, with the compiled code kept beside it and not in a shared /tmp.
// The first line is for the image, where Node stands at that place and there is no shell.
require('./bin/kapi.js').start(`${__dirname}/compile-cache`);
