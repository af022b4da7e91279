// The chapter of the tour about Matter: the demo's own controller, in place of an app on a phone.
import { spawn } from 'node:child_process';
import { type Clock, within } from '../base/clock.ts';
import { LockError } from '../base/errors.ts';
import type { Ear } from './tour-ear.ts';

/** Node starts, the lock answers, and a PIN is read back. */
const COMMAND_MS = 30_000;
const LOCK = 'front_door';
const PIN = '739164';

/** What the chapter needs of the tour. */
export interface MatterChapter {
  readonly clock: Clock;
  readonly script: string;
  readonly data: string;
  ear: () => Ear;
  say: (sentence: string) => void;
  note: (text: string) => void;
  hand: (act: Readonly<Record<string, string>>) => Promise<unknown>;
}

export async function matter(tour: MatterChapter): Promise<void> {
  tour.say('The same lock is a Matter door lock, here on a simulated network. An app locks it.');
  tour.note(await ctl(tour, ['lock', LOCK]));
  await tour.ear().now(LOCK, line => line.body['state'] === 'LOCK');
  tour.say('The app gives a new user a PIN; the lock has it before the app is told so. Somebody types it.');
  tour.note(await ctl(tour, ['pin', LOCK, '--pin-stdin'], PIN));
  const open = tour.ear().see(LOCK, line => line.body['state'] === 'UNLOCK');
  await tour.hand({ act: 'type_code', digits: PIN });
  await open;
}

/** The line that the command prints. */
async function ctl(tour: MatterChapter, words: readonly string[], input = ''): Promise<string> {
  const argv = [tour.script, 'matter', 'ctl', ...words, '--data', tour.data];
  const child = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(`${input}\n`);
  let out = '';
  let err = '';
  child.stdout.on('data', chunk => (out += String(chunk)));
  child.stderr.on('data', chunk => (err += String(chunk)));
  const ended = new Promise<number | null>(resolve => child.once('close', resolve));
  const late = (): LockError => new LockError('timeout', `matter ctl ${words.join(' ')} did not end.`);
  const code = await within(tour.clock, COMMAND_MS, ended, late).finally(() => child.kill());
  if (code !== 0) throw new LockError('rejected', `matter ctl ${words.join(' ')} was refused: ${err.trim()}`);
  return out.trim();
}
