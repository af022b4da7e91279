// All that can be set on a lock, in a running demo: set, read back from the lock and taken away, from both sides.
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
const CARD = '3137429908';
const KNOWN_CARD = '1500222333444555';
const PIN = '493817';
const OTHER_PIN = '604928';

type Body = Record<string, unknown>;

let data: string;
let demo: Program;
let ears: Ears;
/** As the lock was made. */
let made: Record<string, unknown>;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'lb-all-'));
  demo = await startDemo(data, ['--locks', 'ttlock:deadbolt:front_door']);
  ears = await Ears.on(demo.ready.mqtt);
  made = (await ask('lock/settings/read'))['settings'] as Record<string, unknown>;
}, 30_000);

afterAll(async () => {
  await ears?.close();
  await demo?.kill('SIGTERM');
  rmSync(data, { recursive: true, force: true });
});

/** A request about the lock that must succeed; its data. */
async function ask(request: string, body: Body = {}): Promise<Body> {
  const answer = await ears.ask(request, { lock: 'front_door', ...body });
  expect(answer).toMatchObject({ status: 'ok' });
  return answer['data'] as Body;
}

/** Does something at the lock, as if by hand; what a person would see. */
async function hand(act: string, value: string): Promise<Body> {
  const transaction = `${ears.all.length} ${act}`;
  const from = ears.all.length;
  await ears.client.publishAsync('latchbridge/demo/front_door/hand', JSON.stringify({ act, value, transaction }));
  const said = await ears.until('latchbridge/demo/front_door/said', body => body['transaction'] === transaction, from);
  return bodyOf(said.text)['data'] as Body;
}

/** A command of the program that must succeed; its JSON, or its text. */
async function type(words: string, input?: string): Promise<unknown> {
  const done = await run([...words.split(' '), '--data', data], input === undefined ? {} : { input });
  expect(done).toMatchObject({ code: 0 });
  return words.includes('--json') ? (JSON.parse(done.out) as unknown) : done.out.trim();
}

function valuesOf(listed: unknown): Body {
  return Object.fromEntries((listed as { name: string; value: unknown }[]).map(each => [each.name, each.value]));
}

describe('settings', () => {
  it('has an entity for each in Home Assistant', async () => {
    const [lock] = demo.ready.locks;
    const heard = await ears.until(`homeassistant/device/latchbridge_${lock?.id}/config`, body => 'components' in body);
    const components = Object.keys(bodyOf(heard.text)['components'] as object);
    expect(components.filter(key => key.startsWith('setting_'))).toEqual(
      Object.keys(WANTED).map(name => `setting_${name}`),
    );
    expect(components).toEqual(expect.arrayContaining(['last_actor', 'battery_days']));
  });

  it('are set over MQTT, read back from the lock, and set as they were from the command line', async () => {
    const from = ears.all.length;
    // From the last to the first: a lock that is given a volume is no longer silent.
    for (const [name, value] of Object.entries(WANTED).toReversed()) {
      const text = typeof value === 'boolean' ? (value ? 'ON' : 'OFF') : String(value);
      await ears.client.publishAsync(`latchbridge/front_door/set/${name}`, text);
    }
    const told = (body: Body): boolean => Object.entries(WANTED).every(([name, value]) => body[name] === value);
    await ears.until('latchbridge/front_door/settings', told, from);
    expect(valuesOf(await type('settings front_door --refresh --json'))).toEqual(WANTED);
    const words = Object.entries(made).map(([name, value]) => `settings front_door ${name} ${String(value)}`);
    await Promise.all(words.map(each => type(each)));
    expect((await ask('lock/settings/read'))['settings']).toEqual(made);
  }, 20_000);
});

describe('a code', () => {
  const codes = async (): Promise<unknown> => (await ask('lock/code/list', { refresh: true }))['codes'];

  it('is set over MQTT, opens the lock, and is deleted', async () => {
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
  });

  it('is set from the command line, opens the lock, and is cleared', async () => {
    await type('code set front_door 4 --pin-stdin', `${OTHER_PIN}\n`);
    expect(await type('code list front_door --refresh --json')).toMatchObject({
      codes: [{ slot: 4, state: 'on_lock' }],
    });
    expect(await hand('type_code', OTHER_PIN)).toMatchObject({ opened: true });
    await type('code clear front_door 4');
    expect(await type('code list front_door --refresh --json')).toMatchObject({ codes: [] });
  });
});

describe('a card', () => {
  const cards = async (): Promise<unknown> => (await ask('lock/card/list', { refresh: true }))['cards'];

  it('is enrolled over MQTT, opens the lock, is limited, and is deleted', async () => {
    const from = ears.all.length;
    const enrolled = ask('lock/card/enrol', { person: 'Ada' });
    await ears.until(
      'latchbridge/bridge/event',
      body => (body['data'] as Body | undefined)?.['say'] === 'present',
      from,
    );
    await hand('present_card', CARD);
    expect(await enrolled).toMatchObject({ slot: 1, kind: 'card', state: 'on_lock', person: 'Ada' });
    await ears.client.publishAsync('latchbridge/front_door/set', 'LOCK');
    await ears.until('latchbridge/front_door', body => body['ha_state'] === 'LOCKED', from);
    expect(await hand('present_card', CARD)).toMatchObject({ opened: true });
    await ears.until('latchbridge/front_door', isBy('Ada'), from);
    await ask('lock/card/validity', { slot: 1, from: '2089-01-01T00:00:00Z', weekly: 'mon-fri 08:00-17:00' });
    expect(await cards()).toMatchObject([{ slot: 1, from: '2089-01-01T00:00:00.000Z', weekly: 'mon-fri 08:00-17:00' }]);
    expect(await hand('present_card', CARD)).toMatchObject({ opened: false });
    await ask('lock/card/delete', { slot: 1 });
    expect(await cards()).toEqual([]);
  });

  it('of a known number is added from the command line, opens the lock, and is removed', async () => {
    await type('card front_door add 7 --number-stdin', `${KNOWN_CARD}\n`);
    expect(await type('card front_door list --refresh --json')).toMatchObject({
      cards: [{ slot: 7, state: 'on_lock' }],
    });
    expect(await hand('present_card', KNOWN_CARD)).toMatchObject({ opened: true });
    await type('card front_door remove 7');
    expect(await type('card front_door list --refresh --json')).toMatchObject({ cards: [] });
    expect(await hand('present_card', KNOWN_CARD)).toMatchObject({ opened: false });
  });
});

describe('a fingerprint', () => {
  const fingers = async (): Promise<unknown> => (await ask('lock/finger/list', { refresh: true }))['fingers'];

  it('is enrolled over MQTT press by press, opens the lock, and is deleted', async () => {
    const from = ears.all.length;
    const enrolled = ask('lock/finger/enrol', { slot: 2 });
    const isStep = (step: number) => (body: Body) => {
      const { say, step: count } = (body['data'] ?? {}) as Body;
      return step === 0 ? say === 'present' : say === 'again' && count === step;
    };
    for (let press = 0; press < 4; press++) {
      await ears.until('latchbridge/bridge/event', isStep(press), from);
      await hand('present_finger', 'right thumb');
    }
    expect(await enrolled).toMatchObject({ slot: 2, kind: 'finger', state: 'on_lock' });
    expect(await hand('present_finger', 'right thumb')).toMatchObject({ opened: true });
    expect(await fingers()).toMatchObject([{ slot: 2 }]);
    await ask('lock/finger/delete', { slot: 2 });
    expect(await fingers()).toEqual([]);
  });

  it('is enrolled from the command line as it says, limited, and removed', async () => {
    const presses: Promise<Body>[] = [];
    const heard = (line: string): void => {
      if (/Press the finger|press again/.test(line)) presses.push(hand('present_finger', 'left thumb'));
    };
    const enrolled = await run(['finger', 'front_door', 'enrol', '--data', data], { heard });
    expect(enrolled).toMatchObject({ code: 0, out: 'front_door: finger 1 is on the lock.\n' });
    expect(await Promise.all(presses)).toHaveLength(4);
    await run(['finger', 'front_door', 'validity', '1', '--from', '2089-01-01 00:00', '--data', data]);
    expect(await hand('present_finger', 'left thumb')).toMatchObject({ opened: false });
    await type('finger front_door remove 1');
    expect(await type('finger front_door list --refresh --json')).toMatchObject({ fingers: [] });
  });
});

describe('the rest', () => {
  it("reads the lock's own log from both sides, with slots and persons", async () => {
    const { records } = (await ask('lock/log/read', { most: 12 })) as { records: Body[] };
    const typed = (await type('log front_door --most 12 --json')) as Body[];
    expect(typed.map(each => each['record'])).toEqual(records.map(each => each['record']).toReversed());
    expect(records.map(each => each['event_type'])).toEqual(
      expect.arrayContaining(['unlocked', 'card_deleted', 'finger_added', 'finger_deleted', 'refused']),
    );
  });

  it('changes the admin code, which no message carries', async () => {
    const before = await type('admin-code front_door show');
    await type('admin-code front_door set --code-stdin', '5551234\n');
    expect(await type('admin-code front_door show')).toBe('5551234');
    expect(before).toMatch(/^\d{7}$/);
    expect(ears.all.filter(heard => heard.text.includes('5551234') || heard.text.includes(String(before)))).toEqual([]);
  });

  it('revokes the keys of apps from both sides, over MQTT only with a token', async () => {
    await type('revoke-keys front_door --yes');
    expect(await ears.ask('lock/keys/revoke', { lock: 'front_door' })).toMatchObject({ code: 'not_authorised' });
    await ask('lock/keys/revoke', { token: demo.ready.token });
    expect(await type('lock front_door')).toContain('locked');
  });

  it('lets the phone in from both sides', async () => {
    expect(await ask('lock/phone', { minutes: 5 })).toHaveProperty('until');
    expect(await type('phone front_door 0')).toBe('front_door is ours again.');
  });

  it('told no code and no number of a card to anybody', () => {
    const ours = /^latchbridge\/(?:bridge\/request|demo)\//;
    const said = ears.all.filter(({ topic }) => !ours.test(topic)).map(({ text }) => text);
    const secret = [PIN, OTHER_PIN, CARD, KNOWN_CARD];
    expect(said.filter(text => secret.some(value => text.includes(value)))).toEqual([]);
  });
});

function isBy(person: string): (body: Body) => boolean {
  return body => (body['attributes'] as Body | undefined)?.['last_actor'] === person;
}
