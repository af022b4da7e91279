// The tour: the story of a lock in about a minute, in plain sentences, with the real MQTT lines beside them.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Clock, within } from '../base/clock.ts';
import { LockError } from '../base/errors.ts';
import { Ear, type Line } from './tour-ear.ts';
import { matter } from './tour-matter.ts';
import { reset, type Stagehand, turnover, unpairAndPair } from './tour-flows.ts';

/** Starting, pairing and the first session, on a slow Pi too. */
const START_MS = 30_000;
const STOP_MS = 5000;
const LOCKS = 'ttlock:deadbolt:front_door:unpaired,ttlock:key_box:key_box:unpaired';
const PIN = '602214';

export interface TourParts {
  out(line: string): void;
  clock: Clock;
  /** The program itself, started as a child so that it can be killed. */
  script: string;
}

interface Ready {
  mqtt: string;
  token: string;
}

/** Resolves with 0 when everything happened as told, else 1. */
export async function playTour(parts: TourParts): Promise<number> {
  const data = mkdtempSync(join(tmpdir(), 'latchbridge-tour-'));
  const tour = new Tour(parts, data);
  try {
    await tour.play();
    parts.out('\nThe tour is over; everything happened as told.');
    return 0;
  } catch (thrown) {
    if (!(thrown instanceof LockError)) throw thrown;
    parts.out(`\nThe tour broke off: ${thrown.message}`);
    return 1;
  } finally {
    await tour.end();
    rmSync(data, { recursive: true, force: true });
  }
}

class Tour {
  readonly #parts: TourParts;
  readonly #data: string;
  #daemon: ChildProcess | undefined;
  #ear: Ear | undefined;
  #token = '';
  #chapter = 0;

  constructor(parts: TourParts, data: string) {
    this.#parts = parts;
    this.#data = data;
  }

  async play(): Promise<void> {
    this.#say('A daemon starts, with a virtual deadbolt and a virtual key box. Neither is paired.');
    await this.#start();
    const id = await this.#pair(
      'Somebody wakes the deadbolt with a touch, and it is paired. Its keys are on disk before it can know them.',
      1,
    );
    await this.#lock();
    await this.#code();
    await matter({ ...this.#stagehand(), data: this.#data });
    await this.#thumb();
    await this.#kill();
    const flows = this.#stagehand();
    await turnover(flows, PIN);
    await unpairAndPair(flows);
    await reset(flows);
    await this.#order('LOCK', 'locked', 'And it obeys, as the lock that it always was here.');
    this.#note(`still ${id}`);
  }

  async end(): Promise<void> {
    await this.#ear?.close();
    const daemon = this.#daemon;
    if (!daemon || daemon.exitCode !== null || daemon.signalCode !== null) return;
    const gone = new Promise<void>(resolve => daemon.once('exit', () => resolve()));
    daemon.kill('SIGTERM');
    await within(this.#parts.clock, STOP_MS, gone, () => broken('the demo did not stop')).catch(() =>
      daemon.kill('SIGKILL'),
    );
  }

  async #pair(sentence: string, generation: number): Promise<string> {
    this.#say(sentence);
    const answer = this.#ask('lock/pair', { lock: 'front_door' });
    await this.#hand({ act: 'press_key' });
    const { id } = (await answer).data as { id: string };
    await this.#heard().now(
      'front_door',
      line => line.body['lifecycle'] === 'managed' && line.body['state'] === 'UNLOCK',
    );
    this.#note(`paired as ${id}, pairing number ${generation}`);
    return id;
  }

  async #lock(): Promise<void> {
    await this.#order('LOCK', 'locked', 'Home Assistant, a voice assistant or a script locks it.');
  }

  async #order(word: 'LOCK' | 'UNLOCK', state: string, sentence: string): Promise<void> {
    this.#say(sentence);
    const moving = word === 'LOCK' ? 'LOCKING' : 'UNLOCKING';
    const shown = this.#see('front_door', line => line.body['ha_state'] === moving);
    const done = this.#see('front_door', line => line.body['state'] === word && line.body['lock_state'] === state);
    await this.#publish('front_door/set', word);
    await shown;
    await done;
  }

  async #code(): Promise<void> {
    this.#say('A guest gets a code. It goes to the lock and into the vault, nowhere else.');
    await this.#ask('lock/code/set', { lock: 'front_door', user: 1, pin_code: PIN, person: 'Guest' });
    this.#say('The guest types it at the door. The lock opens, and says whose code it was.');
    const told = this.#see('front_door/event', line => line.body['event_type'] === 'unlocked');
    const open = this.#see('front_door', line => line.body['state'] === 'UNLOCK');
    await this.#hand({ act: 'type_code', digits: PIN });
    await open;
    await told;
  }

  async #thumb(): Promise<void> {
    this.#say('Inside, somebody turns the thumb-turn. Nobody sent a command, and still it shows.');
    const shown = this.#see('front_door', line => line.body['state'] === 'LOCK');
    await this.#hand({ act: 'thumb', value: 'lock' });
    await shown;
  }

  async #kill(): Promise<void> {
    this.#say('The daemon is killed, as by a power cut (kill -9), and started again. Nothing is paired anew.');
    await this.#killAndStart();
    await this.#heard().now('front_door', line => line.body['state'] === 'LOCK' && line.body['reachable'] === true);
    await this.#order('UNLOCK', 'unlocked', 'It still has the key.');
  }

  async #killAndStart(): Promise<void> {
    const daemon = this.#daemon;
    await this.#ear?.close();
    this.#ear = undefined;
    const gone = new Promise<void>(resolve => daemon?.once('exit', () => resolve()));
    daemon?.kill('SIGKILL');
    await gone;
    await this.#start();
  }

  #stagehand(): Stagehand {
    const { clock, script } = this.#parts;
    const token = (): string => this.#token;
    return {
      clock,
      script,
      get token() {
        return token();
      },
      ear: () => this.#heard(),
      say: sentence => this.#say(sentence),
      note: text => this.#note(text),
      ask: async (request, body) => (await this.#ask(request, body)).data as Line['body'],
      hand: act => this.#hand(act),
      killAndStart: () => this.#killAndStart(),
    };
  }

  async #start(): Promise<void> {
    const words = [
      this.#parts.script,
      'demo',
      '--json',
      '--data',
      this.#data,
      '--locks',
      LOCKS,
      '--mqtt-port',
      '0',
      '--http-port',
      '0',
      '--log-level',
      'silent',
    ];
    const daemon = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#daemon = daemon;
    const first = new Promise<Ready>((resolve, reject) => {
      createInterface({ input: daemon.stdout }).once('line', line => resolve(JSON.parse(line) as Ready));
      daemon.once('exit', code => reject(broken(`the demo ended by itself (code ${code})`)));
    });
    const ready = await within(this.#parts.clock, START_MS, first, () => broken('the demo did not start in time'));
    this.#token = ready.token;
    this.#ear = await Ear.listen(ready.mqtt, { clock: this.#parts.clock, out: line => this.#parts.out(line) });
  }

  async #ask(request: string, body: Readonly<Record<string, unknown>>): Promise<{ data: unknown }> {
    const answer = await this.#heard().ask(request, body);
    if (answer['status'] !== 'ok') throw broken(`${request} was refused: ${String(answer['error'])}`);
    return { data: answer['data'] };
  }

  async #hand(act: Readonly<Record<string, string>>): Promise<Readonly<Record<string, unknown>>> {
    const said = this.#see('demo/front_door/said', () => true);
    await this.#publish('demo/front_door/hand', JSON.stringify(act));
    const { body } = await said;
    return (body['data'] ?? body) as Readonly<Record<string, unknown>>;
  }

  #see(topic: string, wanted: (line: Line) => boolean): Promise<Line> {
    return this.#heard().see(topic, wanted);
  }

  #publish(topic: string, text: string): Promise<void> {
    return this.#heard().publish(topic, text);
  }

  #heard(): Ear {
    if (!this.#ear) throw broken('there is no connection to the broker');
    return this.#ear;
  }

  #say(sentence: string): void {
    this.#chapter += 1;
    this.#parts.out(`\n${this.#chapter}. ${sentence}`);
  }

  #note(text: string): void {
    this.#parts.out(`   · ${text}`);
  }
}

function broken(what: string): LockError {
  return new LockError('timeout', `${what}.`);
}
