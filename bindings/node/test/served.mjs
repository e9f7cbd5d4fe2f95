// A server of tests/ that speaks in lines of JSON: where it is, and, once its input has ended, what reached it.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { folder } from './sandbox.mjs';

/** @param variable of the environment, with the server's path */
export async function served(variable, after) {
  const path = process.env[variable];
  if (!path) throw new Error(`${variable} must name a built server: run bindings/node/test.sh`);
  const child = spawn(path, [await folder(after)], { stdio: ['pipe', 'pipe', 'inherit'] });
  after(() => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value);
  const told = await next();
  return {
    told,
    async end() {
      child.stdin.end();
      return next();
    },
  };
}
