// Something that pretends to be the lock: it learns nothing, and no door opens because of it.
import { describe, expect, test } from 'vitest';
import { hex } from '../../../src/base/bytes.ts';
import { nuki } from '../../../src/drivers/nuki/driver.ts';
import { openFrame } from '../../../src/drivers/nuki/frame.ts';
import { type Answers, FakeNuki, KEY, LOCKED, OTHER_KEY } from './fake-nuki.ts';
import { credential, errorOf, opened, stage, states } from './stage.ts';

/** A stranger that has heard all that went over the air, and says it again. */
class Recorder extends FakeNuki {
  readonly written: Uint8Array[] = [];
  override async write(characteristic: string, bytes: Uint8Array, how?: { response?: boolean }): Promise<void> {
    this.written.push(bytes);
    return super.write(characteristic, bytes, how);
  }
}

describe('an impostor', () => {
  test.each([
    ['silence', []],
    ['garbage', [`raw:${'5a'.repeat(80)}`]],
    ['a message under a key of its own', [`000c ${LOCKED}`]],
  ] as [string, string[]][])('that answers with %s is given nothing but sealed questions', async (_, answer) => {
    const lock = new FakeNuki();
    const stranger = Object.assign(new FakeNuki(), { key: OTHER_KEY });
    const said = answer.map(line => (line.startsWith('raw') ? line : `raw:${hex(stranger.sealed(line))}`));
    lock.answers = { '0001 0c00': said };
    const { clock, ground, reports } = stage();
    const error = await clock.run(errorOf(nuki.open(lock, ground, credential())));
    expect([['timeout', 'malformed'].includes(error.code), states(reports), lock.isOpen]).toEqual([true, [], false]);
  });

  test('that plays an old answer twice in a session is heard once', async () => {
    const { session, clock, lock } = await opened();
    const old = `raw:${hex(lock.sealed('000e 00'))}`;
    lock.say(old);
    lock.answers = { '000d': [old] };
    const error = await clock.run(errorOf(session.act('unlock')));
    expect([error.code, error.acted]).toEqual(['timeout', 'maybe']);
  });

  test('sees nothing in the clear but our number', async () => {
    const at = stage();
    const lock = new Recorder({ '0041': ['0042 0500ea07010a090000'], '0009': ['0027 0000'] } as Answers);
    const session = await at.clock.run(nuki.open(lock, at.ground, credential()));
    await at.clock.run(session.authorisations!.list());
    expect(lock.written.map(bytes => openFrame(KEY, bytes).authId)).toEqual([34_808, 34_808, 34_808]);
  });

  test('never hears two messages under one nonce', async () => {
    const at = stage();
    const lock = new Recorder({ '000d': ['000e 00'] });
    const session = await at.clock.run(nuki.open(lock, at.ground, credential()));
    for (let round = 0; round < 5; round++) await at.clock.run(session.act('lock'));
    const nonces = lock.written.map(bytes => hex(bytes.subarray(0, 24)));
    expect(new Set(nonces).size).toBe(nonces.length);
  });
});
