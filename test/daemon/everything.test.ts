// All that can be set on a lock, in a running demo: set, read back from the lock and taken away, from both sides. Each test
// has a lock of its own, so that none waits for another's.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Ears, type Program, bodyOf, run, startDemo } from './program.ts';

/** Everything that the virtual deadbolt has, each with another value than it is made with. */
const WANTED: Readonly<Record<string, boolean | number | string>> = {
  auto_lock_seconds: 30,
  sound: false,
  volume: 5,
  show_pin: true,
  remote_unlock: true,
  freeze: true,
  lamp_seconds: 10,
  passage_mode: true,
  tamper_alarm: false,
  reset_button: false,
  privacy_lock: true,
  direction: 'left',
};
/** From the last to the first: a lock that is given a volume is no longer silent. */
const SET = Object.entries(WANTED).toReversed();
const CARD = '3137429908';
const KNOWN_CARD = '1500222333444555';
const PIN = '493817';
const OTHER_PIN = '604928';

type Body = Record<string, unknown>;

let data: string;
let demo: Program;
let ears: Ears;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'lb-all-'));
  const names = ['hall', 'attic', 'office', 'front_door', 'back_door', 'cellar'];
  demo = await startDemo(data, ['--locks', names.map(name => `ttlock:deadbolt:${name}`).join()]);
  ears = await Ears.on(demo.ready.mqtt);
}, 60_000);

afterAll(async () => {
  await ears?.close();
  await demo?.kill('SIGTERM');
  rmSync(data, { recursive: true, force: true });
});

/** One lock, from both sides and by hand. */
function at(lock: string) {
  let hands = 0;
  /** A request that must succeed; its data. */
  const ask = async (request: string, body: Body = {}): Promise<Body> => {
    const answer = await ears.ask(request, { lock, ...body });
    expect(answer).toMatchObject({ status: 'ok' });
    return answer['data'] as Body;
  };
  /** Does something at the lock; what a person would see. */
  const hand = async (act: string, value: string): Promise<Body> => {
    const transaction = `${lock} ${hands++}`;
    const from = ears.all.length;
    await ears.client.publishAsync(`latchbridge/demo/${lock}/hand`, JSON.stringify({ act, value, transaction }));
    const said = await ears.until(`latchbridge/demo/${lock}/said`, body => body['transaction'] === transaction, from);
    return bodyOf(said.text)['data'] as Body;
  };
  /** A command that must succeed: its JSON, or its text. `LOCK` stands for the name. */
  const type = async (words: string, input?: string): Promise<unknown> => {
    const argv = [...words.replace('LOCK', lock).split(' '), '--data', data];
    const done = await run(argv, input === undefined ? {} : { input });
    expect(done).toMatchObject({ code: 0 });
    return words.includes('--json') ? (JSON.parse(done.out) as unknown) : done.out.trim();
  };
  return { ask, hand, type };
}

function word(value: boolean | number | string): string {
  return typeof value === 'boolean' ? (value ? 'ON' : 'OFF') : String(value);
}

function valuesOf(listed: unknown): Body {
  return Object.fromEntries((listed as { name: string; value: unknown }[]).map(each => [each.name, each.value]));
}

describe.concurrent('in the demo', () => {
  it('each setting is an entity, is set over MQTT, and is so when it is read back', async () => {
    const { ask } = at('hall');
    const id = demo.ready.locks.find(lock => lock.name === 'hall')?.id;
    const config = await ears.until(`homeassistant/device/latchbridge_${id}/config`, body => 'components' in body);
    const keys = Object.keys(bodyOf(config.text)['components'] as object);
    expect(keys.filter(key => key.startsWith('setting_'))).toEqual(Object.keys(WANTED).map(name => `setting_${name}`));
    const made = (await ask('lock/settings/read'))['settings'] as Body;
    expect(Object.entries(made).filter(([name, value]) => value === WANTED[name])).toEqual([]);
    const from = ears.all.length;
    for (const [name, value] of SET) await ears.client.publishAsync(`latchbridge/hall/set/${name}`, word(value));
    const told = (body: Body): boolean => Object.entries(WANTED).every(([name, value]) => body[name] === value);
    await ears.until('latchbridge/hall/settings', told, from);
    expect((await ask('lock/settings/read'))['settings']).toEqual(WANTED);
  }, 40_000);

  it('each setting is set from the command line, and is so when it is read back', async () => {
    const { type } = at('attic');
    const set = (name: string, value: boolean | number | string): Promise<unknown> =>
      type(`settings LOCK ${name} ${word(value)}`);
    await Promise.all(SET.filter(([name]) => name !== 'sound').map(([name, value]) => set(name, value)));
    expect(await set('sound', false)).toBe('attic: sound is off.');
    expect(valuesOf(await type('settings LOCK --refresh --json'))).toEqual(WANTED);
  }, 40_000);

  it('a code is set, opens the lock, and is gone again', async () => {
    const { ask, hand, type } = at('office');
    const codes = async (): Promise<unknown> => (await ask('lock/code/list', { refresh: true }))['codes'];
    await ask('lock/code/set', {
      slot: 3,
      pin_code: PIN,
      person: 'Ada',
      until: '2090-01-01T00:00:00Z',
      kind: 'period',
    });
    expect(await codes()).toMatchObject([{ slot: 3, state: 'on_lock', code_kind: 'period', person: 'Ada' }]);
    expect(await hand('type_code', PIN)).toMatchObject({ opened: true });
    await ask('lock/code/delete', { slot: 3 });
    expect(await codes()).toEqual([]);
    expect(await hand('type_code', PIN)).toMatchObject({ opened: false });

    await type('code LOCK set 4 --pin-stdin', `${OTHER_PIN}\n`);
    expect(await type('code LOCK list --refresh --json')).toMatchObject({ codes: [{ slot: 4, state: 'on_lock' }] });
    expect(await hand('type_code', OTHER_PIN)).toMatchObject({ opened: true });
    await type('code LOCK clear 4');
    expect(await type('code LOCK list --refresh --json')).toMatchObject({ codes: [] });
  }, 40_000);

  it('a card is enrolled or told, opens the lock, is limited, and is gone again', async () => {
    const { ask, hand, type } = at('front_door');
    const cards = async (): Promise<unknown> => (await ask('lock/card/list', { refresh: true }))['cards'];
    const from = ears.all.length;
    const enrolled = ask('lock/card/enrol', { person: 'Ada' });
    await ears.until('latchbridge/bridge/event', isStep('card', { say: 'present' }), from);
    await hand('present_card', CARD);
    expect(await enrolled).toMatchObject({ slot: 1, kind: 'card', state: 'on_lock', person: 'Ada' });
    await type('lock LOCK');
    expect(await hand('present_card', CARD)).toMatchObject({ opened: true });
    await ears.until('latchbridge/front_door', isBy('Ada'), from);
    await ask('lock/card/validity', { slot: 1, from: '2089-01-01T00:00:00Z', weekly: 'mon-fri 08:00-17:00' });
    expect(await cards()).toMatchObject([{ slot: 1, from: '2089-01-01T00:00:00.000Z', weekly: 'mon-fri 08:00-17:00' }]);
    expect(await hand('present_card', CARD)).toMatchObject({ opened: false });
    await ask('lock/card/delete', { slot: 1 });
    expect(await cards()).toEqual([]);

    await type('card LOCK add 7 --number-stdin', `${KNOWN_CARD}\n`);
    expect(await type('card LOCK list --refresh --json')).toMatchObject({ cards: [{ slot: 7, state: 'on_lock' }] });
    expect(await hand('present_card', KNOWN_CARD)).toMatchObject({ opened: true });
    await type('card LOCK remove 7');
    expect(await type('card LOCK list --refresh --json')).toMatchObject({ cards: [] });

    const { records } = (await ask('lock/log/read', { most: 8 })) as { records: Body[] };
    const typed = (await type('log LOCK --most 8 --json')) as Body[];
    expect(typed.map(each => each['record'])).toEqual(records.map(each => each['record']).toReversed());
    const words = records.map(each => each['event_type']);
    expect(words).toEqual(expect.arrayContaining(['card_added', 'unlocked', 'refused', 'card_deleted']));
  }, 40_000);

  it('a finger is enrolled press by press, opens the lock, is limited, and is gone again', async () => {
    const { ask, hand, type } = at('back_door');
    const from = ears.all.length;
    const enrolled = ask('lock/finger/enrol', { slot: 2 });
    for (let press = 0; press < 4; press++) {
      const wanted = press === 0 ? { say: 'present' } : { say: 'again', step: press };
      await ears.until('latchbridge/bridge/event', isStep('finger', wanted), from);
      await hand('present_finger', 'right thumb');
    }
    expect(await enrolled).toMatchObject({ slot: 2, kind: 'finger', state: 'on_lock' });
    expect(await hand('present_finger', 'right thumb')).toMatchObject({ opened: true });
    expect((await ask('lock/finger/list', { refresh: true }))['fingers']).toMatchObject([{ slot: 2 }]);
    await ask('lock/finger/delete', { slot: 2 });
    expect((await ask('lock/finger/list', { refresh: true }))['fingers']).toEqual([]);

    const presses: Promise<Body>[] = [];
    const heard = (text: string): void => {
      for (const _ of text.matchAll(/Press the finger|press again/g))
        presses.push(hand('present_finger', 'left thumb'));
    };
    const done = await run(['finger', 'back_door', 'enrol', '--data', data], { heard });
    expect(done).toMatchObject({ code: 0, out: 'back_door: finger 1 is on the lock.\n' });
    expect(presses).toHaveLength(4);
    const limited = await run(['finger', 'back_door', 'validity', '1', '--from', '2089-01-01 00:00', '--data', data]);
    expect(limited).toMatchObject({ code: 0 });
    expect(await hand('present_finger', 'left thumb')).toMatchObject({ opened: false });
    await type('finger LOCK remove 1');
    expect(await type('finger LOCK list --refresh --json')).toMatchObject({ fingers: [] });
  }, 40_000);

  it('other ways in: the admin code, the keys of apps, the phone', async () => {
    const { ask, type } = at('cellar');
    const before = await type('admin-code LOCK show');
    expect(before).toMatch(/^\d{7}$/);
    await type('admin-code LOCK set --code-stdin', '5551234\n');
    expect(await type('admin-code LOCK show')).toBe('5551234');
    expect(ears.all.filter(heard => heard.text.includes('5551234') || heard.text.includes(String(before)))).toEqual([]);

    await type('revoke-keys LOCK --yes');
    expect(await ears.ask('lock/keys/revoke', { lock: 'cellar' })).toMatchObject({ code: 'not_authorised' });
    await ask('lock/keys/revoke', { token: demo.ready.token });
    expect(await type('lock LOCK')).toContain('locked');

    expect(await ask('lock/phone', { minutes: 5 })).toHaveProperty('until');
    expect(await type('phone LOCK 0')).toBe('cellar is ours again.');
  }, 40_000);
});

it('told no code and no number of a card to anybody', () => {
  const ours = /^latchbridge\/(?:bridge\/request|demo)\//;
  const said = ears.all.filter(({ topic }) => !ours.test(topic)).map(({ text }) => text);
  const secret = [PIN, OTHER_PIN, CARD, KNOWN_CARD];
  expect(said.filter(text => secret.some(value => text.includes(value)))).toEqual([]);
});

function isBy(person: string): (body: Body) => boolean {
  return body => (body['attributes'] as Body | undefined)?.['last_actor'] === person;
}

function isStep(kind: string, wanted: Body): (body: Body) => boolean {
  return body => {
    const said = { ...(body['data'] as Body | undefined) };
    return said['kind'] === kind && Object.entries(wanted).every(([name, value]) => said[name] === value);
  };
}
