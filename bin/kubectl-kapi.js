#!/usr/bin/env node
'use strict';
// kubectl's plugin `kubectl kapi`: kapi itself, under the name that kubectl looks for.
require('./kapi.js').start();
