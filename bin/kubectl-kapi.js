#!/usr/bin/env node
'use strict';
// The plugin `kubectl kapi`: kapi itself, under the name that kubectl looks up.
require('./kapi.js').start(undefined, true);
