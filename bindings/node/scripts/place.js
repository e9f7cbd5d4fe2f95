'use strict';

// Puts an addon that cargo built where lib/native.js looks for it. In one step: tests may be loading the old one.
// Run: node scripts/place.js LIBRARY [PLATFORM]

const { copyFileSync, mkdirSync, renameSync } = require('node:fs');
const { join } = require('node:path');

const { platform } = require('../lib/platform.js');

const [library, name = platform] = process.argv.slice(2);
const folder = join(__dirname, '..', 'prebuilt');
mkdirSync(folder, { recursive: true });
const part = join(folder, `.part-${process.pid}`);
copyFileSync(library, part);
renameSync(part, join(folder, `redpack.${name}.node`));
