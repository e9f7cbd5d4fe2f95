'use strict';

// Finds the addon that was built for this platform.

const { existsSync, readdirSync } = require('node:fs');
const { join } = require('node:path');

const { platform } = require('./platform.js');

const FOLDER = join(__dirname, '..', 'prebuilt');

function unfit(reason, cause) {
  const built = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('.node')) : [];
  const there = built.map((name) => name.replace(/^redpack\.|\.node$/g, '')).join(', ') || 'none';
  const error = new Error(
    `redpack: ${reason} for ${platform} (Node ${process.version}). This package has: ${there}. ` +
      'To build one: git clone the sources, install Rust, and run bindings/node/build.sh',
    { cause },
  );
  error.code = 'ERR_REDPACK_PLATFORM';
  return error;
}

function load() {
  const path = join(FOLDER, `redpack.${platform}.node`);
  if (!existsSync(path)) throw unfit('there is no built addon');
  try {
    return require(path);
  } catch (error) {
    throw unfit(`the built addon does not load (${error.message})`, error);
  }
}

module.exports = load();
