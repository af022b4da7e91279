// `latchbridge matter selftest`: our Matter bridge against the library's controller, on a virtual lock and a simulated
// network. It proves our side, not the network of this machine; no lock of anybody's moves.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock, within } from '../base/clock.ts';
import { LockError, textOf } from '../base/errors.ts';
import { Secret, silent } from '../base/log.ts';
import type { ControllerNews, MatterController } from '../bridge/matter/controller.ts';
import { loadConfig } from '../config.ts';
import { castOf } from '../demo/cast.ts';
import { openScene } from '../demo/open-scene.ts';
import { type Stage, setStage } from '../demo/stage.ts';
import type { Bolt } from '../lock/lock.ts';
import { Daemon } from './daemon.ts';
import { type ControlledMatter, openDemoMatter } from './demo-matter.ts';
import { systemRandom } from './run.ts';
import { sceneParts } from './scene.ts';

const NAME = 'selftest';
const PIN = new Secret('482913');
/** On a slow Pi; a fast machine needs a tenth of it. */
const STEP_MS = 30_000;
const LOOK_MS = 20;

interface Step {
  name: string;
  ms: number;
  trouble?: string;
}

export interface SelftestOptions {
  out: (line: string) => void;
  /** One line for programs, at the end. */
  json: boolean;
  version: string;
}

/** Resolves with the exit code. */
export async function selftest({ out, json, version }: SelftestOptions): Promise<number> {
  const data = mkdtempSync(join(tmpdir(), 'latchbridge-selftest-'));
  const test = new Selftest(data, version, json ? () => undefined : out);
  try {
    const steps = await test.run();
    const failed = steps.find(step => step.trouble !== undefined);
    if (json) out(JSON.stringify({ ok: failed === undefined, steps }));
    else if (failed) out('Matter does not work here.');
    else out('Matter works. This says nothing about your network: IPv6, multicast and the firewall were not used.');
    return failed ? 1 : 0;
  } finally {
    await test.end();
    rmSync(data, { recursive: true, force: true });
  }
}

class Selftest {
  readonly #data: string;
  readonly #version: string;
  readonly #out: (line: string) => void;
  readonly #clock: Clock = systemClock;
  readonly #steps: Step[] = [];
  readonly #news: ControllerNews[] = [];
  #stage: Stage | undefined;
  #daemon: Daemon | undefined;
  #matter: ControlledMatter | undefined;

  constructor(data: string, version: string, out: (line: string) => void) {
    this.#data = data;
    this.#version = version;
    this.#out = out;
  }

  async run(): Promise<readonly Step[]> {
    const steps: [name: string, work: () => Promise<void>][] = [
      ['a virtual lock is paired', () => this.#pair()],
      ['the bridge starts and is commissioned', () => this.#commission()],
      ['the controller locks it', () => this.#turn('lock', 'locked')],
      ['the controller unlocks it', () => this.#turn('unlock', 'unlocked')],
      ['a turn of its thumb-turn is reported', () => this.#thumb()],
      ['a PIN from the controller opens its keypad', () => this.#pin()],
      ['the controller leaves', () => this.#leave()],
    ];
    for (const [name, work] of steps) if (!(await this.#step(name, work))) break;
    return this.#steps;
  }

  async end(): Promise<void> {
    await this.#matter?.close();
    await this.#daemon?.stop();
    await this.#stage?.stop();
  }

  async #step(name: string, work: () => Promise<void>): Promise<boolean> {
    const began = this.#clock.elapsed();
    const late = (): LockError => new LockError('timeout', `It took longer than ${STEP_MS / 1000} s.`);
    const trouble = await within(this.#clock, STEP_MS, work(), late).then(() => undefined, textOf);
    const ms = Math.round(this.#clock.elapsed() - began);
    this.#steps.push({ name, ms, ...(trouble !== undefined && { trouble }) });
    this.#out(trouble === undefined ? `good  ${name}  (${ms} ms)` : `BAD   ${name}: ${trouble}`);
    return trouble === undefined;
  }

  async #pair(): Promise<void> {
    const options = { data: this.#data, 'log-level': 'silent' };
    const config = loadConfig({ env: {}, folder: this.#data, options });
    const cast = castOf(`ttlock:deadbolt:${NAME}`);
    const addressOf = (): undefined => undefined;
    const parts = { clock: this.#clock, random: systemRandom };
    // Nobody connects to this broker.
    const mqtt = { url: 'mqtt://127.0.0.1' };
    const names = { addressOf, nameOf: addressOf };
    const stage = await setStage({ cast, data: this.#data, mqtt, ...names, ...parts });
    this.#stage = stage;
    const held = stage.actors.map(({ lock }) => lock.address);
    const demo = { hands: stage.hands, staged: stage.staged, owners: [], held };
    this.#daemon = new Daemon({ config, radios: [stage.radio], ...parts, log: silent, version: this.#version, demo });
    this.#daemon.start();
    await openScene(stage.actors, { ...sceneParts(this.#daemon), signal: new AbortController().signal });
  }

  async #commission(): Promise<void> {
    if (!this.#daemon) return;
    this.#matter = await openDemoMatter(this.#daemon, { keep: false });
    this.#matter.controller.hear(news => this.#news.push(news));
    if (this.#controller.locks().length !== 1) throw new LockError('unsupported', 'The controller sees no lock.');
  }

  async #turn(verb: 'lock' | 'unlock', bolt: Bolt): Promise<void> {
    await this.#controller.operate(this.#endpoint, verb);
    await this.#until(() => this.#bolt === bolt && this.#controller.locks()[0]?.lockState === bolt);
  }

  async #thumb(): Promise<void> {
    const before = this.#news.length;
    await this.#hand({ act: 'thumb', value: 'lock' });
    await this.#until(() => this.#news.slice(before).some(({ name }) => name === 'doorLock.lockState'));
  }

  async #pin(): Promise<void> {
    const endpoint = this.#endpoint;
    const user = await this.#controller.setPin(endpoint, { user: null, credential: 1, pin: PIN });
    const users = await this.#controller.users(endpoint);
    if (!users.some(each => each.user === user)) throw new LockError('rejected', 'The user is not there afterwards.');
    await this.#hand({ act: 'type_code', digits: PIN.reveal() });
    await this.#until(() => this.#bolt === 'unlocked');
  }

  async #leave(): Promise<void> {
    await this.#controller.remove();
    await this.#until(() => this.#daemon?.matter.status().nodes[0]?.commissioned === false);
  }

  async #hand(act: { act: string; [detail: string]: string }): Promise<void> {
    await this.#stage?.hands.act(NAME, act);
  }

  get #bolt(): Bolt | undefined {
    return this.#daemon?.registry.find(NAME)?.state.bolt;
  }

  get #controller(): MatterController {
    if (this.#matter) return this.#matter.controller;
    throw new LockError('unreachable', 'There is no controller.');
  }

  get #endpoint(): number {
    return this.#controller.locks()[0]?.endpoint ?? 0;
  }

  async #until(so: () => boolean): Promise<void> {
    const until = this.#clock.elapsed() + STEP_MS / 2;
    while (!so()) {
      if (this.#clock.elapsed() > until) throw new LockError('timeout', 'What should follow did not.');
      await new Promise<void>(resolve => this.#clock.after(LOOK_MS, resolve));
    }
  }
}
