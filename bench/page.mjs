// Memory of the daemon with its page open in one browser: every file of the page, what it loads at first, and its stream.
// BENCH_PORT is where the page is.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { startFar } from './far.mjs';
import { limit, pause } from './kit.mjs';

const COUNT = 20;
const MOST_MIB = 110;
const PORT = Number(process.env.BENCH_PORT ?? 18_839);
const SETTLED_MS = 30_000;
/** As long as a command may take. */
const COMMAND_MS = 16_000;
const LOADED = ['session', 'locks', 'health', 'flows', 'units', 'radios', 'mqtt', 'config', 'doctor', 'openapi.json'];

const main = new URL('../dist/main.js', import.meta.url).pathname;
const built = new URL('../dist/ui/', import.meta.url);
const url = `http://127.0.0.1:${PORT}`;

/** A session of the first owner, as a browser gets it. */
async function enter(data) {
  const { stdout } = spawnSync(process.execPath, [main, 'web', 'link', '--data', data], { encoding: 'utf8' });
  const [, token] = /#\/link\/([\w-]+)/.exec(stdout);
  const body = JSON.stringify({ token, name: 'bench', password: 'a password for a bench' });
  const headers = { 'content-type': 'application/json', origin: url };
  const answer = await fetch(`${url}/api/setup`, { method: 'POST', headers, body });
  return answer.headers
    .getSetCookie()
    .map(cookie => cookie.split(';')[0])
    .join('; ');
}

/** Reads the stream to the end of the bench; the answer tells how many events came. */
async function read(cookie) {
  const { body } = await fetch(`${url}/api/events`, { headers: { cookie, accept: 'text/event-stream' } });
  let events = 0;
  const decoder = new TextDecoder();
  const reading = async () => {
    for await (const chunk of body) events += decoder.decode(chunk).split('\ndata:').length - 1;
  };
  reading().catch(() => undefined);
  return () => events;
}

const far = await startFar(COUNT, { page: PORT });
await pause(SETTLED_MS);
const before = far.memory().now;
const cookie = await enter(far.data);
const events = await read(cookie);
const files = readdirSync(built, { recursive: true, withFileTypes: true }).filter(file => file.isFile());
for (const file of files) {
  const path = `${file.parentPath}/${file.name}`.slice(built.pathname.length).replace(/^\/+/, '');
  await (await fetch(`${url}/${path}`)).arrayBuffer();
}
for (const path of [...LOADED.map(each => `api/${each}`), 'metrics']) {
  const answer = await fetch(`${url}/${path}`, { headers: { cookie } });
  if (!answer.ok) throw new Error(`${path} answers ${answer.status}`);
  await answer.arrayBuffer();
}
for (const verb of ['LOCK', 'UNLOCK']) {
  for (let i = 0; i < COUNT; i++) await far.watcher.publishAsync(`latchbridge/door_${i}/set`, verb);
  await pause(COMMAND_MS);
}
const { now, most } = far.memory();
limit(`${COUNT} locks: memory of the daemon with the page open`, Math.round(now), { most: MOST_MIB, unit: 'MiB' });
console.log(`${''.padEnd(64)} ${Math.round(before)} MiB before, ${Math.round(most)} at most; ${events()} events read`);
await far.stop();
