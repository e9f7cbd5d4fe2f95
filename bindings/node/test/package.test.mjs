// The tarball as a stranger gets it: installed in a clean project, with no Rust on the PATH, it sends.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { folder, sandbox } from './sandbox.mjs';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);
const gateway = await sandbox(after);

/** Node and the system, and no Rust. */
const PATH = [dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);
const env = { PATH, HOME: process.env.HOME };

/** A clean project with the tarball installed; made once. */
async function project() {
  const dir = await folder(after);
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', dir, PACKAGE], { maxBuffer: 1 << 24 });
  const [{ filename, files }] = JSON.parse(stdout);
  const home = join(dir, 'project');
  await mkdir(home);
  await writeFile(join(home, 'package.json'), '{ "private": true }');
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(dir, filename)], { cwd: home, env });
  return { home, files: files.map(({ path }) => path) };
}

const made = project();

test('it holds what it should, and no more', async () => {
  const { files } = await made;
  for (const file of ['index.js', 'index.mjs', 'index.d.ts', 'index.d.mts', 'compat.js', 'compat.mjs', 'compat.d.ts', 'compat.d.mts',
    'README.md', 'README.zh-CN.md', 'examples/send.mjs']) assert.ok(files.includes(file), file);
  assert.ok(files.some((file) => /^prebuilt\/redpack\..*\.node$/.test(file)));
  assert.deepEqual(files.filter((file) => /^(test|src|scripts|bench|node_modules)\//.test(file)), []);
  for (const file of (await readdir(join(PACKAGE, 'lib'))).filter((name) => name.endsWith('.js'))) assert.ok(files.includes(`lib/${file}`), file);
});

test('installed without Rust, it sends, from ESM and CommonJS', async () => {
  const { home } = await made;
  await assert.rejects(run('cargo', ['--version'], { env }), { code: 'ENOENT' });
  for (const name of ['send.mjs', 'migrated.cjs', 'walkthrough.mjs']) {
    await cp(join(PACKAGE, 'examples', name), join(home, name));
    const { stdout } = await run(process.execPath, [name, gateway.told.base_url, gateway.dir], { cwd: home, env });
    assert.match(stdout, /sent: \d+|SUCCESS SUCCESS|settled: paid, once/, name);
  }
});

test('where no addon fits, the error names the platform', async () => {
  const { home } = await made;
  const prebuilt = join(home, 'node_modules/redpack/prebuilt');
  const [addon] = await readdir(prebuilt);
  const load = () => run(process.execPath, ['-e', "try { require('redpack') } catch (error) { console.log(error.code, error.message) }"], { cwd: home, env });
  const platform = addon.replace(/^redpack\.|\.node$/g, '');
  await writeFile(join(prebuilt, 'redpack.plan9-mips.node'), '');
  await rename(join(prebuilt, addon), join(prebuilt, 'kept'));
  const missing = (await load()).stdout;
  assert.match(missing, /^ERR_REDPACK_PLATFORM redpack: there is no built addon for /);
  assert.ok(missing.includes(`for ${platform} (Node v`) && missing.includes('This package has: plan9-mips.'), missing);
  await writeFile(join(prebuilt, addon), 'no addon at all');
  const broken = (await load()).stdout;
  assert.match(broken, /^ERR_REDPACK_PLATFORM redpack: the built addon does not load \(/);
  assert.ok(broken.includes(platform), broken);
  await rm(join(prebuilt, addon));
  await rename(join(prebuilt, 'kept'), join(prebuilt, addon));
  await chmod(join(prebuilt, addon), 0o755);
  assert.equal((await load()).stdout, '');
});

test('package and library are one version', async () => {
  const { version } = JSON.parse(await readFile(join(PACKAGE, 'package.json'), 'utf8'));
  const cargo = await readFile(join(PACKAGE, '../../Cargo.toml'), 'utf8');
  assert.ok(cargo.includes(`version = "${version}"`), version);
});
