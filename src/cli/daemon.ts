// Finds the daemon that a command is meant for.
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type Clock, within } from '../base/clock.ts';
import { LockError } from '../base/errors.ts';
import { dataFolder } from '../config.ts';
import { Client } from './client.ts';
import { newestDemos } from './newest-demo.ts';

/** A living daemon accepts at once. */
const PROBE_MS = 2_000;

export interface Found {
  data: string;
  client: Client;
  /** It is the newest demo, since none runs where one would be. */
  demo: boolean;
}
export interface Where {
  /** What --data and --config say. */
  data?: string | undefined;
  config?: string | undefined;
}

/** Rejects `unreachable` (reason `not_running`), saying how to start one. */
export async function findDaemon(where: Where, { clock, self }: { clock: Clock; self: string }): Promise<Found> {
  const { path, from } = dataFolder({ file: where.config, options: { data: where.data } });
  if (await isServed(path, clock)) return found(path, clock, false);
  const named = from === '--data' || from === 'LATCHBRIDGE_DATA';
  for (const demo of named ? [] : newestDemos()) if (await isServed(demo, clock)) return found(demo, clock, true);
  // Its virtual locks have their memory there; without a folder of its own a demo is another one each time.
  const word = existsSync(join(path, 'sim')) ? 'demo' : 'run';
  const again = named ? `${self} ${word} --data ${path}` : `${self} run`;
  const text = `Latchbridge is not running with the data folder ${path}. Start it with: ${again}`;
  throw new LockError('unreachable', text, { reason: 'not_running' });
}

function found(data: string, clock: Clock, demo: boolean): Found {
  return { data, demo, client: new Client(socketOf(data), clock) };
}

function socketOf(data: string): string {
  return join(data, 'control.sock');
}

/** Somebody listens there, even somebody who does not let us in: then the command says so. */
async function isServed(data: string, clock: Clock): Promise<boolean> {
  const socket = connect(socketOf(data));
  const answer = new Promise<boolean>(resolve => {
    socket.once('connect', () => resolve(true));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EACCES'));
  });
  const late = () => new LockError('timeout', 'The control socket did not answer.');
  return within(clock, PROBE_MS, answer, late)
    .catch(() => false)
    .finally(() => socket.destroy());
}
