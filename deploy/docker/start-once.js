/**
 * Starts the program of an image once, asks it one query and stops it, so that Node keeps the compiled code. Run it in the folder of the
 * image's program. Fails if the program does not answer, and the image is then not built.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const longestMs = 30_000;

const gateway = spawn(process.execPath, ['dist/main.js'], {
  env: { HOST: '127.0.0.1', PORT: '0', WAYBILL_DATA_DIR: mkdtempSync(join(tmpdir(), 'waybill-')) },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const timeout = setTimeout(() => gateway.kill('SIGKILL'), longestMs);
const exit = once(gateway, 'exit');

const query = JSON.stringify({ query: '{ jobs(first: 1) { nodes { id } } }' });
for await (const line of createInterface({ input: gateway.stdout })) {
  const [url] = /http:\S+\/graphql/.exec(line) ?? [];
  if (url === undefined) continue;
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: query });
  const { data } = await answer.json();
  process.exitCode = data?.jobs.nodes.length === 1 ? 0 : 1;
  gateway.kill('SIGTERM');
}
const [code] = await exit;
clearTimeout(timeout);
if (code !== 0) throw new Error(`expected that the program ends with 0, received ${code}`);
