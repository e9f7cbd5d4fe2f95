// The document's code, taken out of the document: not a word of it stands in a test.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const DOCUMENT = fileURLToPath(new URL('documents/sendredpack.md', import.meta.url));

/** Its one code block, and the files in it. */
async function parts() {
  const text = await readFile(DOCUMENT, 'utf8');
  const [, block] = text.match(/^```js twoslash\n([\s\S]*?)^```/m);
  const files = block.split(/^\/\/ @filename: (.*)\n/m);
  return new Map(Array.from({ length: (files.length - 1) / 2 }, (_, index) => [files[2 * index + 1], files[2 * index + 2]]));
}

/** The interface that the business code is written against: virtual.ts. */
export const declarations = async () => (await parts()).get('virtual.ts');

/** The business code itself: what is shown of business.js. */
export const businessCode = async () => (await parts()).get('business.js').split(/^\/\/ ---cut---\n/m)[1];
