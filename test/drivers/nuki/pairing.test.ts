// Becoming a user of a lock: what is said, what is kept when, and what is left when it is cut at any step.
import { describe, expect, test } from 'vitest';
import { fromHex, hex, pieces } from '../../../src/base/bytes.ts';
import { LockError } from '../../../src/base/errors.ts';
import { Secret } from '../../../src/base/log.ts';
import { nuki } from '../../../src/drivers/nuki/driver.ts';
import { openFrame, sealedFrame } from '../../../src/drivers/nuki/frame.ts';
import { pairAs } from '../../../src/drivers/nuki/pair.ts';
import type { Credential, Json, PairHint } from '../../../src/lock/driver.ts';
import type { Link } from '../../../src/radio/radio.ts';
import { FakeNuki, NOT_AUTHORISED } from './fake-nuki.ts';
import { type Twist, UUID } from './pairing-side.ts';
import { named } from './published.ts';
import { errorOf, offers, stage } from './stage.ts';

type Generation = 'g4' | 'g5';
const GENERATIONS: readonly Generation[] = ['g4', 'g5'];
const PIN = new Secret('123456');

interface Kept {
  data: Readonly<Record<string, Json>>;
  heard: string;
}

function pairing(generation: Generation, how: { twists?: Record<string, Twist>; hint?: Partial<PairHint> } = {}) {
  const at = stage();
  const lock = new FakeNuki({}, generation);
  Object.assign(lock.pairing.twists, how.twists);
  const kept: Kept[] = [];
  const keep = async (credential: Credential): Promise<void> =>
    void kept.push({ data: credential.data.reveal(), heard: lock.pairing.heardCommands.join(' ') });
  const hint = { advert: offers[generation], ...(generation === 'g5' && { secret: PIN }), ...how.hint };
  return { ...at, lock, kept, work: nuki.pair(lock, at.ground, hint, keep) };
}

describe.each(GENERATIONS)('pairing, %s,', generation => {
  test('ends with the key that both sides know, and the number that the lock gave us', async () => {
    const { work, clock, lock, kept } = pairing(generation);
    const { credential, abilities, facts } = await clock.run(work);
    expect(credential.data.reveal()).toEqual(kept.at(-1)?.data);
    expect(credential.data.reveal()).toMatchObject({
      generation,
      shared: hex(lock.pairing.shared),
      authId: lock.pairing.authId,
      uuid: UUID,
      appId: lock.pairing.client.appId,
      nukiId: '4cca88ec',
      status: 'committed',
    });
    expect([abilities.verbs, facts.serial]).toEqual([['lock', 'unlock', 'unlatch'], '4CCA88EC']);
  });

  test('keeps the key before the lock can list us, and the number before it is confirmed', async () => {
    const { work, clock, kept } = pairing(generation);
    await clock.run(work);
    const whens = { g4: ['01 03 05', '01 03 05 06', '01 03 05 06 1e'], g5: ['01 03 05', '01 03 05 06'] }[generation];
    expect(kept.map(one => one.heard)).toEqual(whens);
    expect(kept.map(one => one.data['status'])).toEqual([...whens.slice(1).map(() => 'provisional'), 'committed']);
    expect(new Set(kept.map(one => one.data['shared'])).size).toBe(1);
  });

  test('tells the lock nothing of us when the key cannot be kept', async () => {
    const at = stage();
    const lock = new FakeNuki({}, generation);
    const full = async (): Promise<void> => {
      throw new LockError('disk', 'The disk is full.');
    };
    const hint = { advert: offers[generation], secret: PIN };
    const error = await at.clock.run(errorOf(nuki.pair(lock, at.ground, hint, full)));
    expect([error.code, error.acted, lock.pairing.heardCommands.join(' '), lock.isOpen]).toEqual([
      'disk',
      'no',
      '01 03 05',
      false,
    ]);
  });

  test('is the same in pieces of 20 bytes', async () => {
    const { work, clock, lock } = pairing(generation);
    lock.piece = 20;
    expect((await clock.run(work)).credential.data.reveal()['authId']).toBe(lock.pairing.authId);
  });

  test('says everything in confirmed writes, one for each message', async () => {
    const { work, clock, lock } = pairing(generation);
    await clock.run(work);
    expect(lock.confirmed).toEqual(lock.pairing.heardCommands.map(() => true));
  });

  const before: readonly string[] = ['01', '03', '05'];
  test.each(before.flatMap(step => (['drop', 'silence', 'garbage'] as const).map(twist => [step, twist] as const)))(
    'cut at step %s by %s has not happened',
    async (step, twist) => {
      const { work, clock, lock, kept } = pairing(generation, { twists: { [step]: twist } });
      const error = await clock.run(errorOf(work));
      expect([error.acted, kept.length, lock.isOpen]).toEqual(['no', 0, false]);
    },
  );

  test.each(['drop', 'silence', 'bad_mac'] as const)(
    'cut by %s where the lock lists us may have happened',
    async twist => {
      const { work, clock, lock, kept } = pairing(generation, { twists: { '06': twist } });
      const error = await clock.run(errorOf(work));
      expect([error.acted, error.reason, lock.isOpen]).toEqual(['maybe', 'half_paired', false]);
      expect(kept.map(one => [one.data['status'], one.data['authId']])).toEqual([['provisional', undefined]]);
    },
  );

  test.each([
    ['01', 0x10, 'not_pairable'],
    ['05', 0x11, 'pairing_refused'],
    ['06', 0x13, 'no_space'],
    ['06', 0x12, 'pairing_refused'],
    ['01', 0xfd, 'garbled'],
  ])('that the lock refuses at step %s with error %i says why', async (step, code, reason) => {
    const { work, clock, lock } = pairing(generation, { twists: { [step]: code } });
    const error = await clock.run(errorOf(work));
    expect([error.code, error.reason, error.acted, lock.isOpen]).toEqual(['rejected', reason, 'no', false]);
  });

  test('again uses another number for us', async () => {
    const at = stage();
    const numbers: unknown[] = [];
    for (let round = 0; round < 2; round++) {
      const hint = { advert: offers[generation], secret: PIN };
      const work = nuki.pair(new FakeNuki({}, generation), at.ground, hint, async () => undefined);
      numbers.push((await at.clock.run(work)).credential.data.reveal()['appId']);
    }
    expect(new Set(numbers).size).toBe(2);
  });

  test('again after it was cut uses the same number, so that the lock lists us once', async () => {
    const first = pairing(generation, { twists: { '06': 'drop' } });
    await first.clock.run(errorOf(first.work));
    const data = first.kept[0]?.data ?? {};
    const unfinished = { family: 'nuki', data: new Secret(data) };
    const { work, clock, lock } = pairing(generation, { hint: { unfinished } });
    await clock.run(work);
    expect([lock.pairing.client.appId, hex(lock.pairing.shared) === data['shared']]).toEqual([data['appId'], false]);
  });

  test('is nothing that can be begun when the lock does not offer itself', async () => {
    const { work, clock, lock } = pairing(generation, { hint: { advert: { ...offers.g4, serviceData: new Map() } } });
    const error = await clock.run(errorOf(work));
    expect([error.reason, lock.pairing.heardCommands]).toEqual(['not_pairable', []]);
  });
});

describe('generations 1 to 4', () => {
  test('are confirmed', async () => {
    const { work, clock, lock } = pairing('g4');
    await clock.run(work);
    expect([lock.pairing.confirmed, lock.pairing.client.idType]).toEqual([true, 0]);
  });

  test('take us as a bridge where the configuration wants that', async () => {
    const { work, clock, lock } = pairing('g4', { hint: { options: { pairAs: 'bridge' } } });
    const { abilities } = await clock.run(work);
    expect([lock.pairing.client.idType, abilities.askEveryMs]).toEqual([1, undefined]);
  });

  test.each(['drop', 'silence'] as const)(
    'cut by %s before the confirmation leave a key that may work',
    async twist => {
      const { work, clock, kept, lock } = pairing('g4', { twists: { '1e': twist } });
      const error = await clock.run(errorOf(work));
      expect([error.acted, kept.at(-1)?.data['authId']]).toEqual(['maybe', lock.pairing.authId]);
    },
  );
});

describe('the fifth generation', () => {
  test.each([[undefined], [new Secret('12345')], [new Secret('12345a')], [new Secret('1234567')]])(
    'is not spoken to without six digits (%#)',
    async secret => {
      const { work, clock, lock } = pairing('g5', { hint: secret ? { secret } : { secret: new Secret('') } });
      const error = await clock.run(errorOf(work));
      expect([error.code, error.reason, lock.pairing.heardCommands]).toEqual(['invalid', 'secret_needed', []]);
    },
  );

  test('refuses a wrong PIN, which is not tried again', async () => {
    const { work, clock, lock } = pairing('g5', { hint: { secret: new Secret('654321') } });
    const error = await clock.run(errorOf(work));
    expect([error.code, error.reason, error.acted]).toEqual(['rejected', 'wrong_code', 'no']);
    expect(lock.pairing.heardCommands.filter(one => one === '06').length).toBe(1);
  });

  test('is told a PIN with zeros in front', async () => {
    const at = stage();
    const lock = new FakeNuki({}, 'g5');
    lock.pin = '001234';
    const hint = { advert: offers.g5, secret: new Secret('001234') };
    const { credential } = await at.clock.run(nuki.pair(lock, at.ground, hint, async () => undefined));
    expect([lock.pairing.client.pin, credential.data.reveal()['pin']]).toEqual([1234, '001234']);
  });
});

describe.each(['pairing_transcript_g4', 'pairing_transcript_g5'])('the published %s', name => {
  test.each([244, 20])('is what we say, with answers in pieces of %i bytes', async size => {
    const { in: given, out } = named(name);
    const at = stage();
    const messages = out['messages'] as { dir: string; hex: string }[];
    const said: string[] = [];
    const generation = given['generation'] as Generation;
    const seventh = messages.filter(one => one.dir === 'client->lock').at(generation === 'g4' ? -2 : -1)?.hex ?? '';
    const draws = [fromHex(String(given['client_private'])), fromHex(seventh).slice(...DRAWN[generation])];
    const ground = { ...at.ground, random: () => draws.shift() ?? new Uint8Array() };
    const link = replay(messages, said, size);
    const secret = generation === 'g4' ? {} : { secret: new Secret(`${given['pin'] as number}`) };
    const identity = {
      appId: given['app_id'] as number,
      name: String(given['name']),
      idType: given['id_type'] === 1 ? ('bridge' as const) : ('app' as const),
    };
    const hint = { advert: offers[generation], ...secret };
    const { credential } = await at.clock.run(pairAs(link, ground, { hint, identity }, async () => undefined));
    const due = messages.filter(one => one.dir === 'client->lock').map(one => one.hex);
    const key = fromHex(String(out['shared']));
    expect(said.map(one => resealed(key, one))).toEqual(due.map(one => resealed(key, one)));
    expect(credential.data.reveal()).toMatchObject({
      authId: out['auth_id'],
      uuid: out['lock_uuid'],
      shared: out['shared'],
    });
  });
});

const DRAWN: Readonly<Record<Generation, [number, number]>> = { g4: [71, 103], g5: [0, 24] };

/** Sealed messages under one number: nobody has a number yet, and clients write different ones in its place. */
function resealed(key: Uint8Array, text: string): string {
  const frame = fromHex(text);
  if (frame.length < 90 || frame[0] === 0x06) return text;
  const { command, payload } = openFrame(key, frame);
  return hex(sealedFrame({ key, authId: 1, nonce: frame.slice(0, 24) }, { command, payload }));
}

function replay(messages: readonly { dir: string; hex: string }[], said: string[], size: number): Link {
  let at = 0;
  let ear: (bytes: Uint8Array) => void = () => undefined;
  return {
    mtu: 23,
    closed: new Promise(() => undefined),
    async write(_characteristic, bytes) {
      said.push(hex(bytes));
      at += 1;
      for (; messages[at]?.dir === 'lock->client'; at++) {
        const answer = fromHex(messages[at]?.hex ?? '');
        queueMicrotask(() => pieces(answer, size).forEach(piece => ear(piece)));
      }
    },
    read: async () => new Uint8Array(),
    subscribe: async (_characteristic, heard) => void (ear = heard),
    close: async () => undefined,
  };
}

test('a plain error while a sealed answer is due is heard at once', async () => {
  const { work, clock } = pairing('g5', { twists: { '06': 0x28 } });
  const error = await clock.run(errorOf(work));
  expect([error.reason, clock.elapsed(), NOT_AUTHORISED.length]).toEqual(['code_barred', 0, 7]);
});
