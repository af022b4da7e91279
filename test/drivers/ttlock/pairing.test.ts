// Becoming a lock's owner and giving it back: with a virtual lock, and with one that misbehaves.
import { describe, expect, test } from 'vitest';
import { LockError } from '../../../src/base/errors.ts';
import { makeZone } from '../../../src/base/zone.ts';
import { ttlock } from '../../../src/drivers/ttlock/driver.ts';
import type { Credential } from '../../../src/lock/driver.ts';
import {
  type Answers,
  DEADBOLT,
  FakeLock,
  OTHER_KEY,
  advert,
  credential,
  errorOf,
  logins,
  stage,
} from './fake-lock.ts';
import { connect, heard, opened, paired, scene, session } from './virtual.ts';

const healthy: Answers = {
  ...logins,
  '45': ['4501'],
  '19': ['190100112233445566778899aabbccddeeff'],
  '56': ['5601534349454e4552'],
  '43': ['4301'],
  '01': ['01016471c4f5f100000510'],
  '57': ['5701'],
  '52': ['5201'],
};

async function pairing(answers: Answers, options?: Record<string, string>) {
  const at = stage();
  const lock = new FakeLock({ ...healthy, ...answers });
  const kept: { at: number; credential: Credential; commands: string }[] = [];
  const keep = async (credential: Credential): Promise<void> => {
    kept.push({ at: at.clock.elapsed(), credential, commands: lock.commands });
  };
  // Everything until the key is asked and told is under the key that all new locks share.
  lock.keyUntil('19');
  const hint = { advert, ...(options && { options }) };
  return { ...at, lock, kept, work: ttlock.pair(lock, at.ground, hint, keep) };
}

describe('pairing', () => {
  test('asks in the order that commits early', async () => {
    const { lock, work, clock } = await pairing({});
    await clock.run(work);
    expect(lock.commands).toBe('45 19 56 43 01 57');
  });

  test('keeps the secrets before the lock can learn them, and again when it is done', async () => {
    const { kept, work, clock } = await pairing({});
    const { credential } = await clock.run(work);
    expect(kept.map(({ commands }) => commands)).toEqual(['45 19', '45 19 56 43 01 57']);
    const [first, last] = kept.map(one => one.credential.data.reveal());
    expect([first?.['status'], last?.['status']]).toEqual(['provisional', 'committed']);
    expect(['aesKey', 'adminPs', 'unlockKey'].map(name => first?.[name] === last?.[name])).toEqual([true, true, true]);
    expect(credential.data.reveal()).toEqual(last);
  });

  test('tells the lock nothing when the key cannot be kept', async () => {
    const lock = new FakeLock(healthy);
    lock.keyUntil('19');
    const { clock, ground } = stage();
    const full = async (): Promise<void> => {
      throw new LockError('disk', 'The disk is full.');
    };
    const error = await clock.run(errorOf(ttlock.pair(lock, ground, { advert }, full)));
    expect([error.code, lock.commands, lock.isOpen]).toEqual(['disk', '45 19', false]);
  });

  test('takes scene from the advert, group and organisation from the first answer', async () => {
    const { lock, work, clock } = await pairing({});
    lock.header = { ...lock.header, scene: 7, group: 10, org: 12 };
    const { credential } = await clock.run(work);
    expect(credential.data.reveal()['header']).toEqual({ type: 5, version: 3, scene: 2, group: 10, org: 12 });
  });

  test.each([
    ['clock', { '43': ['430013'] }],
    ['clock, by silence', { '43': [] }],
    ['features', { '01': ['01001b'] }],
    ['features, by silence', { '01': [] }],
    ['first question', { '45': [] }],
    ['first question, with nonsense', { '45': ['45ff0011'] }],
    ['first question, with nothing', { '45': ['raw:7f5a0503020001000154aa00970d0a'] }],
  ] as [string, Answers][])('goes on when the lock fails the %s', async (_, answers) => {
    const { work, clock } = await pairing(answers);
    expect((await clock.run(work)).credential.data.reveal()['status']).toBe('committed');
  });

  test('says that a lock is owned when it refuses its key', async () => {
    const { work, clock, lock } = await pairing({ '19': ['190007'] });
    const error = await clock.run(errorOf(work));
    expect([error.code, error.reason, lock.isOpen]).toEqual(['rejected', 'not_pairable', false]);
  });

  test.each(['45', '19'])('says that a lock is owned when its answer to %s cannot be read', async at => {
    const { work, clock, lock } = await pairing({});
    lock.keyUntil(undefined);
    if (at === '45') lock.key = OTHER_KEY;
    else lock.answers = { ...lock.answers, '19': () => ((lock.key = OTHER_KEY), ['190007']) };
    const error = await clock.run(errorOf(work));
    expect([error.code, error.reason]).toEqual(['rejected', 'not_pairable']);
  });

  test('fails when the lock does not repeat the token', async () => {
    const { work, clock, lock } = await pairing({ '56': ['56015858'] });
    const error = await clock.run(errorOf(work));
    expect([error.code, error.reason, lock.commands]).toEqual(['rejected', 'pairing_refused', '45 19 56']);
  });

  test.each(['drop', []] as const)(
    'does not know whether it is paired when the last answer is lost (%j)',
    async end => {
      const { work, clock, kept } = await pairing({ '57': end });
      const error = await clock.run(errorOf(work));
      expect([error.acted, error.reason, kept.length]).toEqual(['maybe', 'half_paired', 1]);
    },
  );

  test('is not paired when the lock refuses the last step', async () => {
    const { work, clock } = await pairing({ '57': ['570006'] });
    expect((await clock.run(errorOf(work))).acted).toBe('no');
  });

  test('uses the vendor token of the configuration', async () => {
    const { work, clock, lock } = await pairing({ '56': ['56014f454d'] }, { vendorToken: 'OEM' });
    await clock.run(work);
    expect(lock.asked[1]).toBe('19 4f454d');
  });

  test('draws numbers of the range that makers use, and draws again outside it', async () => {
    const at = stage();
    const lock = new FakeLock(healthy);
    lock.keyUntil('19');
    const draws = ['00000000', 'ffffffff', 'c0000001', '3b9aca00', '3b9ac9ff'].map(text => Buffer.from(text, 'hex'));
    const ground = { ...at.ground, random: () => new Uint8Array(draws.shift() as Buffer) };
    const { credential } = await at.clock.run(ttlock.pair(lock, ground, { advert }, async () => undefined));
    const { adminPs, unlockKey } = credential.data.reveal();
    expect([adminPs, unlockKey]).toEqual([1, 999_999_999]);
  });

  test('sets the lock’s clock to the wall time of the zone', async () => {
    const at = stage(makeZone('Asia/Kathmandu'));
    const lock = new FakeLock(healthy);
    lock.keyUntil('19');
    await at.clock.run(ttlock.pair(lock, at.ground, { advert }, async () => undefined));
    // 14:23:07 UTC and half a second of waiting is 20:08:07 there.
    expect(lock.asked.find(line => line.startsWith('43'))).toBe('43 1a050b140807');
  });

  test('takes a virtual lock from the shelf to a session', async () => {
    const { lock, session, clock } = await opened();
    expect([lock.paired, session.updated]).toEqual([true, undefined]);
    await clock.run(session.act('lock'));
    expect(lock.bolt).toBe('locked');
  });

  test('gives what the lock really holds', async () => {
    const at = scene();
    const key = (await paired(at)).data.reveal();
    expect(at.lock.secrets).toMatchObject({
      aesKey: key['aesKey'],
      adminPs: key['adminPs'],
      unlockKey: key['unlockKey'],
    });
  });

  test('is refused by a virtual lock that is owned', async () => {
    const at = scene();
    await paired(at);
    const advert = await heard(at);
    const work = ttlock.pair(await connect(at), at.ground, { advert }, async () => undefined);
    expect((await at.clock.run(errorOf(work))).reason).toBe('not_pairable');
  });

  test.each([
    [{ refuse: [0x43] }],
    [{ crLfInside: true, splitCrLf: true }],
    [{ readFirst: true, garbagePrefix: true }],
  ])('gets along with %j', async knobs => {
    const at = scene({ knobs });
    await paired(at);
    expect(at.lock.paired).toBe(true);
  });
});

describe('forgetting', () => {
  async function forgetting(answers: Answers) {
    const lock = new FakeLock({ ...healthy, ...answers });
    const at = stage();
    const work = ttlock.forget(lock, at.ground, credential(), advert);
    return { ...at, lock, work };
  }

  test.each([
    ['an empty answer', ['raw:7f5a0503020001000154aa00970d0a']],
    ['a yes', ['5201']],
  ])('is proven by %s', async (_, answer) => {
    const { work, clock, lock } = await forgetting({ '52': answer });
    expect(await clock.run(work)).toBe('proven');
    expect([lock.commands, lock.isOpen]).toEqual(['55 41 30 52', false]);
  });

  test('is unproven when the link drops instead of an answer', async () => {
    const { work, clock } = await forgetting({ '52': 'drop' });
    expect(await clock.run(work)).toBe('unproven');
  });

  test('may have happened when the lock stays silent for 7 s', async () => {
    const { work, clock } = await forgetting({ '52': [] });
    const error = await clock.run(errorOf(work));
    expect([error.code, error.acted, clock.elapsed()]).toEqual(['timeout', 'maybe', 7500]);
  });

  test('did not happen when the lock says no', async () => {
    const { work, clock } = await forgetting({ '52': ['520002'] });
    const error = await clock.run(errorOf(work));
    expect([error.code, error.reason, error.acted]).toEqual(['unauthenticated', 'key_refused', 'no']);
  });

  test('did not happen when the link drops before', async () => {
    const { work, clock } = await forgetting({ '30': 'drop' });
    const error = await clock.run(errorOf(work));
    expect([error.code, error.acted]).toEqual(['unreachable', 'no']);
  });

  test('needs the owner’s key', async () => {
    const lock = new FakeLock(healthy);
    const { clock, ground } = stage();
    const shared = { ...credential({ features: DEADBOLT }).data.reveal() } as Record<string, never>;
    delete shared['adminPs'];
    const guest = ttlock.importCredential?.({ family: 'ttlock', data: shared })?.[0]?.credential as Credential;
    const error = await clock.run(errorOf(ttlock.forget(lock, ground, guest, advert)));
    expect([error.code, error.reason, lock.commands]).toEqual(['forbidden', 'not_administrator', '55']);
  });

  test.each([{ resetReply: 'empty' }, { resetReply: 'status' }] as const)(
    'resets a virtual lock with %j',
    async knobs => {
      const at = scene({ knobs });
      const key = await paired(at);
      const link = await connect(at);
      expect(await at.clock.run(ttlock.forget(link, at.ground, key))).toBe('proven');
      expect(at.lock.paired).toBe(false);
      expect(ttlock.recognise(await heard(at))?.state).toBe('pairable');
    },
  );

  test('makes the old key useless', async () => {
    const at = scene();
    const key = await paired(at);
    await at.clock.run(ttlock.forget(await connect(at), at.ground, key));
    await paired(at);
    expect((await errorOf(session(at, key))).reason).toBe('key_refused');
  });
});
