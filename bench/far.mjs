// `latchbridge run` in a process of its own; the virtual locks, the controller and the broker are in this one.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { systemClock } from '../dist/base/clock.js';
import { startBroker } from '../dist/demo/broker.js';
import { lockFolder, lockOf, pairAll } from './locks.mjs';

const { VirtualController } = createRequire(import.meta.url)('../test/hci/controller.cjs');
const here = name => new URL(name, import.meta.url).pathname;

/** The adapter at the other end of the daemon's file descriptor 3. */
function serve(controller, wire) {
  let rest = Buffer.alloc(0);
  controller.attach({
    bound: true,
    deliver(packet) {
      const length = Buffer.alloc(2);
      length.writeUInt16LE(packet.length);
      wire.write(Buffer.concat([length, packet]));
    },
  });
  wire.on('data', bytes => {
    rest = Buffer.concat([rest, bytes]);
    while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16LE(0)) {
      const size = 2 + rest.readUInt16LE(0);
      controller.write(Buffer.from(rest.subarray(2, size)));
      rest = rest.subarray(size);
    }
  });
  wire.on('error', () => undefined);
}

/** The answer comes when the daemon is at the broker. `page`: the port of its page; without it there is none. */
export async function startFar(count, { page } = {}) {
  const data = mkdtempSync(join(tmpdir(), 'latchbridge-far-'));
  await pairAll(data, count);
  const broker = await startBroker(0);
  const controller = new VirtualController({ links: 10 });
  const locks = Array.from({ length: count }, (_, i) => lockOf(data, i, systemClock));
  for (const lock of locks) controller.add(lock, { mtu: 23 });
  const watcher = await connectAsync(broker.url, { protocolVersion: 4 });
  const online = new Promise(resolve =>
    watcher.on('message', (topic, text) => {
      if (topic === 'latchbridge/bridge/state' && String(text).includes('online')) resolve(performance.now());
    }),
  );
  await watcher.subscribeAsync('latchbridge/bridge/state');
  const words = ['run', '--json', '--data', data, '--mqtt-url', broker.url, '--log-level', 'silent'];
  const began = performance.now();
  const child = spawn(process.execPath, ['--import', here('far-socket.mjs'), here('../dist/main.js'), ...words], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
    env: {
      ...process.env,
      LATCHBRIDGE_MATTER_ENABLED: 'false',
      LATCHBRIDGE_HTTP_ENABLED: String(page !== undefined),
      ...(page !== undefined && { LATCHBRIDGE_HTTP_PORT: String(page) }),
    },
  });
  serve(controller, child.stdio[3]);
  const startMs = (await online) - began;
  return {
    data,
    locks,
    watcher,
    startMs,
    /** MiB: what it takes now, and the most that it has taken. */
    memory() {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      const mib = name => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
      return { now: mib('VmRSS'), most: mib('VmHWM') };
    },
    async stop() {
      const gone = new Promise(resolve => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
      await watcher.endAsync(true);
      await broker.stop();
      controller.stop();
      for (const lock of locks) lock.stop();
      for (const folder of [lockFolder(data), data]) rmSync(folder, { recursive: true, force: true });
    },
  };
}
