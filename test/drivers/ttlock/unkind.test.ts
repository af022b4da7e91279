// What a virtual lock does to annoy us, and what happens at the door meanwhile.
import { describe, expect, test } from 'vitest';
import { Secret } from '../../../src/base/log.ts';
import { errorOf } from './fake-lock.ts';
import { connect, opened, session as reopened } from './virtual.ts';

describe('a virtual lock that is unkind', () => {
  test.each([
    { headerCheck: 'own' },
    { pushInside: true },
    { replyEncryptZero: true },
    { crLfInside: true },
    { splitCrLf: true },
    { garbagePrefix: true },
    { pushes: 'before' },
    { shortReplies: true },
    { readFirst: true },
    { pushDelay: 0 },
  ] as const)('%j is lived with', async knobs => {
    const at = await opened({ knobs, lock: { header: { group: 10, organisation: 34 } } });
    await at.clock.run(at.session.act('unlock'));
    await at.clock.run(at.session.act('lock'));
    await at.clock.run(at.session.readState());
    expect([at.lock.bolt, at.lock.moves]).toEqual(['locked', 2]);
  });

  test('that needs its own header teaches it to a key that has none', async () => {
    const at = await opened({ lock: { header: { group: 10, organisation: 34 } } });
    await at.clock.run(at.session.close());
    at.lock.knobs.headerCheck = 'own';
    const data = { ...at.key.data.reveal(), header: { type: 5, version: 3, scene: 1, group: 1, org: 1 } };
    const again = await reopened(at, { family: 'ttlock', data: new Secret(data) });
    expect(again.updated?.data.reveal()['header']).toMatchObject({ group: 10, org: 34 });
  });

  test('stays connected as long as it is asked every 2 s', async () => {
    const { session, clock } = await opened();
    for (let i = 0; i < 30; i++) {
      await clock.advance(session.abilities.holdEveryMs);
      await clock.run(session.keepAlive());
    }
    expect(clock.elapsed()).toBeGreaterThan(60_000);
  });

  test('hangs up when nothing is asked, which the session shows', async () => {
    const { session, clock } = await opened();
    let closed = false;
    void session.closed.then(() => (closed = true));
    await clock.advance(6000);
    expect(closed).toBe(true);
    expect((await clock.run(errorOf(session.readState()))).code).toBe('unreachable');
  });

  test('that jams and says so is not believed to have moved', async () => {
    const { session, clock, lock } = await opened();
    lock.knobs.jam = 'refuse';
    const error = await clock.run(errorOf(session.act('lock')));
    expect([error.code, lock.moves]).toEqual(['rejected', 0]);
  });

  test('whose bolt is stuck says so as an event, and stays where it was', async () => {
    const { session, clock, lock, reports } = await opened();
    lock.hands.act('jam', { to: 'on' });
    reports.length = 0;
    expect(await clock.run(errorOf(session.act('lock')))).toMatchObject({ code: 'rejected', reason: 'obstacle' });
    expect(reports.filter(({ kind }) => kind === 'state')).toEqual([]);
    expect(reports).toContainEqual(
      expect.objectContaining({ kind: 'happened', happening: expect.objectContaining({ type: 'jammed', ok: false }) }),
    );
    lock.hands.act('jam', { to: 'off' });
    await expect(clock.run(session.act('lock'))).resolves.toBeUndefined();
  });

  test('pushes what happens at the door while we are connected', async () => {
    const { session, clock, lock, reports } = await opened();
    await clock.run(session.readState());
    reports.length = 0;
    lock.hands.act('thumb', { to: 'unlock' });
    await clock.advance(500);
    expect(reports).toMatchObject([{ kind: 'state', battery: 100 }]);
    await clock.run(session.keepAlive());
    expect(reports.at(-1)).toMatchObject({ bolt: 'unlocked' });
  });

  test('under another owner refuses our key', async () => {
    const at = await opened();
    await at.clock.run(at.session.close());
    at.lock.knobs.foreignOwner = true;
    const error = await errorOf(reopened(at, at.key));
    expect([error.code, error.reason]).toEqual(['unauthenticated', 'key_refused']);
  });

  test('leaves no link behind when it is deaf', async () => {
    const at = await opened();
    await at.clock.run(at.session.close());
    at.lock.knobs.deaf = true;
    expect(['timeout', 'unreachable']).toContain((await errorOf(reopened(at, at.key))).code);
    at.lock.knobs.deaf = false;
    expect((await connect(at)).mtu).toBe(23);
  });
});
