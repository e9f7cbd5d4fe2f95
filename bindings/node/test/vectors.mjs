// The cases that every language runs, and the number of them that the manifest demands.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const FOLDER = process.env.REDPACK_VECTORS || fileURLToPath(new URL('../../../tests/vectors', import.meta.url));

export const read = async (file) => JSON.parse(await readFile(`${FOLDER}/${file}`, 'utf8'));

export async function ran(file, count) {
  console.log(`${file}: ${count} cases`);
  assert.equal(count, (await read('MANIFEST.json'))[file], `${file}: the manifest has another number`);
}
