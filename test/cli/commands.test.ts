// Every command, typed at a terminal, over a real control socket to a daemon that writes down what it is asked.
import { describe, expect, test } from 'vitest';
import { LockError } from '../../src/base/errors.ts';
import type { Candidate } from '../../src/flow/flow.ts';
import { lockView } from '../bridge/web/fake-parts.ts';
import { useKit } from './kit.ts';

const kit = useKit();

describe('lock, unlock, unlatch', () => {
  test.each([
    ['lock', 'front_door: locked (0.8 s).'],
    ['unlock', 'front_door: unlocked (0.8 s).'],
    ['unlatch', 'front_door: unlatched (0.8 s).'],
  ])("%s tells the lock's own yes", async (verb, said) => {
    expect(await kit.type(`${verb} front_door`)).toBe(0);
    expect(kit.daemon.last('command')).toMatchObject({ command: { verb, lock: '0123456789ab' } });
    expect(kit.io.outs).toEqual([said]);
  });

  test("the lock's no is told on the other channel, with exit code 1", async () => {
    kit.daemon.fails = new LockError('timeout', 'The lock did not answer within 10 s. It may have acted; look at it.');
    expect(await kit.type('lock front_door')).toBe(1);
    expect(kit.io.outs).toEqual([]);
    expect(kit.io.errs).toEqual(['The lock did not answer within 10 s. It may have acted; look at it.']);
  });

  test('for programs, a no is one line of JSON that says whether the lock may have moved', async () => {
    kit.daemon.fails = new LockError('timeout', 'No answer.', { acted: 'maybe', reason: 'late' });
    expect(await kit.type('unlock front_door --json')).toBe(1);
    expect(kit.printed()).toEqual({ error: { code: 'timeout', reason: 'late', text: 'No answer.', acted: 'maybe' } });
  });

  test('a lock that does not exist', async () => {
    expect(await kit.type('lock nobody')).toBe(1);
    expect(kit.io.errs).toEqual(['There is no lock of that name. Look at the list of locks.']);
  });
});

describe('list and show', () => {
  test('a list says how each lock is, and what is wrong with one', async () => {
    const trouble = { reason: 'asleep', text: 'It was not heard for an hour. Touch it.' };
    const state = { ...lockView().state, trust: 'guessed' as const, reachable: false };
    kit.daemon.locks = [lockView(), lockView({ id: 'f'.repeat(12), name: 'shed', state, trouble })];
    expect(await kit.type('list')).toBe(0);
    expect(kit.io.outs).toEqual([
      'NAME        STATE                                     BATTERY  REACHABLE  SESSION    MODEL  UNIT',
      'front_door  locked                                    80 %     yes        on demand  S502   Flat 3',
      'shed        locked (not sure: from before a restart)  80 %     no         on demand  S502   Flat 3',
      'shed: It was not heard for an hour. Touch it.',
    ]);
  });

  test('a lock that was never paired is not called by a word of ours', async () => {
    kit.daemon.locks = [lockView({ lifecycle: 'factory', generation: 0 })];
    await kit.type('list');
    expect(kit.io.outs[1]).toMatch(/^front_door +never paired /);
    await kit.type('show front_door');
    expect(kit.io.outs).toContain('lifecycle   never paired');
  });

  test('for programs, the list is the locks themselves', async () => {
    await kit.type('list --json');
    expect(kit.printed()).toMatchObject([{ name: 'front_door' }, { name: 'mailbox' }]);
  });

  test('an empty list says what to do', async () => {
    kit.daemon.locks = [];
    await kit.type('list');
    expect(kit.io.outs[0]).toMatch(/^There are no locks yet\. Look around with: .* scan$/);
  });

  test('one lock is shown with everything, after asking it where that is wanted', async () => {
    expect(await kit.type('show front_door --refresh')).toBe(0);
    expect(kit.daemon.last('refresh')).toBeDefined();
    expect(kit.io.outs).toContain('state       locked, said 2026-05-11 14:20:00');
    expect(kit.io.outs).toContain('last heard  2026-05-11 14:23:00 (-61 dBm)');
  });

  test('a lock that is connected was not "never" heard: it is in session', async () => {
    const stats = { open: true, since: 0, opens: 1, losses: 0, lossReasons: {}, connectedMs: 9, roundTrips: 4 };
    const { lastHeard: _heard, rssi: _rssi, ...held } = lockView({ stats });
    kit.daemon.locks = [held];
    await kit.type('show front_door');
    expect(kit.io.outs).toContain('last heard  in session now');
  });

  test('a name from the air cannot move the cursor', async () => {
    kit.daemon.locks = [lockView({ facts: { model: 'S502\u001b[2J\u202e' } })];
    await kit.type('list');
    expect(['\u001b', '\u202e'].filter(mark => kit.io.all.includes(mark))).toEqual([]);
  });
});

describe('scan', () => {
  const candidate = (change: Partial<Candidate>): Candidate => ({
    address: 'c0:00:00:00:00:09',
    family: 'ttlock',
    model: 'S502',
    kind: 'deadbolt',
    rssi: -70,
    heardAt: Date.UTC(2026, 4, 11, 14, 23),
    state: 'pairable',
    ...change,
  });

  test('each lock nearby is listed, nearest first, with what to do', async () => {
    kit.daemon.candidates = [
      candidate({ state: 'taken', address: 'c0:00:00:00:00:01' }),
      candidate({ rssi: -50 }),
      candidate({ state: 'refused', address: 'c0:00:00:00:00:02', advice: 'its firmware is too old.', rssi: -80 }),
      candidate({ state: 'ours', address: 'c0:00:00:00:00:03', lock: '0123456789ab', rssi: -90 }),
    ];
    expect(await kit.type('scan --seconds 0')).toBe(0);
    expect(kit.io.outs.slice(0, 3)).toEqual([
      'STATE     NAME  MODEL  ADDRESS            SIGNAL   HEARD',
      'pairable  S502  S502   c0:00:00:00:00:09  -50 dBm  14:23:00',
      'taken     S502  S502   c0:00:00:00:00:01  -70 dBm  14:23:00',
    ]);
    const advice = kit.io.outs.slice(5);
    expect(advice[0]).toMatch(/^c0:00:00:00:00:09: pair it with: .* pair c0:00:00:00:00:09$/);
    expect(advice[1]).toMatch(
      /^c0:00:00:00:00:01: taken: delete it in the maker's app first \(this erases its codes\)/,
    );
    expect(advice[2]).toBe('c0:00:00:00:00:02: refused: its firmware is too old.');
    expect(advice[3]).toBe('c0:00:00:00:00:03: it is ours, called front_door.');
  });

  test('a lock that asks for its code says so beside how it is paired', async () => {
    const asks = { minDigits: 6, maxDigits: 6, text: 'The six digits that were chosen in its app.' };
    kit.daemon.candidates = [candidate({ asks })];
    await kit.type('scan --seconds 0');
    expect(kit.io.outs.at(-1)).toMatch(
      /pair c0:00:00:00:00:09 {3}\(it asks for its code: the six digits that were chosen/,
    );
  });

  test('it looks for six seconds unless told otherwise', async () => {
    const done = kit.type('scan');
    await kit.io.until(all => all.includes('Looking for 6 s'));
    await kit.io.clock.settle();
    kit.daemon.candidates = [candidate({})];
    await kit.io.clock.run(done);
    expect(kit.io.outs.join('\n')).toContain('pairable');
  });

  test.each(['scan', 'pair'])('%s asks nobody to touch a lock while nothing can be heard', async what => {
    kit.daemon.radio = { name: 'radio', ok: false, text: 'There is no adapter.', fix: 'Plug one in.' };
    expect(await kit.type(what)).toBe(1);
    expect(kit.io.errs).toEqual(['No lock can be heard. There is no adapter. Plug one in.']);
    expect(kit.daemon.last('pair')).toBeUndefined();
  });

  test('nothing heard says what to try', async () => {
    await kit.type('scan --seconds 0');
    expect(kit.io.outs).toEqual(['No lock was heard. Touch it, go closer, or look again.']);
  });
});

describe('pair', () => {
  test('it says what it waits for and how it goes on, then which lock it is', async () => {
    let paired: (view: ReturnType<typeof lockView>) => void = () => undefined;
    kit.daemon.pairs = () => new Promise(resolve => (paired = resolve));
    const done = kit.type('pair C0:00:00:00:00:09 --name shed --unit Yard --seconds 30');
    while (!kit.daemon.last('pair') || kit.daemon.clock.armed === 0)
      await new Promise(resolve => setImmediate(resolve));
    kit.daemon.tellPairing({ kind: 'started', address: 'c0:00:00:00:00:09' });
    await kit.io.until(all => all.includes('pairing c0:00:00:00:00:09'));
    paired(lockView({ name: 'shed' }));
    expect(await done).toBe(0);
    expect(kit.daemon.last('pair')).toMatchObject({
      request: { address: 'c0:00:00:00:00:09', name: 'shed', unit: 'Yard', seconds: 30 },
    });
    expect(kit.io.errs).toEqual([
      'Waiting up to 30 s for a lock; touch it to wake it, or hold its button where its kind wants that.',
      'pairing c0:00:00:00:00:09; stay near the lock',
    ]);
    expect(kit.io.outs).toEqual(['Paired shed (S502).']);
  });

  test('pairing again names the lock that is here', async () => {
    await kit.type('pair --again front_door');
    expect(kit.daemon.last('pair')).toMatchObject({ request: { lock: 'front_door' } });
  });

  test('a word that is no address is the name of a lock on the list', async () => {
    await kit.type('pair key_box');
    expect(kit.daemon.last('pair')).toEqual(expect.objectContaining({ request: { seconds: 120, lock: 'key_box' } }));
    expect(await kit.type('pair key_box --again front_door')).toBe(2);
  });

  test('why it failed is told', async () => {
    kit.daemon.pairs = () => Promise.reject(new LockError('rejected', 'The lock belongs to somebody else.'));
    expect(await kit.type('pair')).toBe(1);
    expect(kit.io.errs.at(-1)).toBe('The lock belongs to somebody else.');
  });

  test('the pairing window is opened and closed', async () => {
    await kit.type('permit-join 60');
    await kit.type('permit-join 0');
    expect(kit.io.outs).toEqual([
      'The pairing window is open until 14:24:07. Touch the lock to wake it.',
      'The pairing window is closed.',
    ]);
  });
});

describe('unpair', () => {
  test('the plan is shown, and the lock forgets us when its name was typed', async () => {
    kit.io.answers.push('front_door');
    expect(await kit.type('unpair front_door --remove')).toBe(0);
    expect(kit.io.errs).toEqual([
      'To unpair front_door:',
      '  1. Connect.',
      '  2. Erase all keys.',
      'This will be lost:',
      '  - All codes.',
      'Mind: Stay at the door.',
    ]);
    expect(kit.daemon.last('plan')).toMatchObject({ request: { remove: true } });
    expect(kit.daemon.last('confirm')).toMatchObject({ lock: '0123456789ab', token: 'token-1' });
    expect(kit.io.outs).toEqual(['The lock has forgotten everything.']);
  });

  test.each(['y', 'yes', 'mailbox', ''])('typing %j does nothing', async answer => {
    kit.io.answers.push(answer);
    expect(await kit.type('unpair front_door')).toBe(1);
    expect(kit.daemon.last('confirm')).toBeUndefined();
  });

  test('where nobody can be asked, it takes the plan first and then the token', async () => {
    kit.io.interactive = false;
    expect(await kit.type('unpair front_door')).toBe(1);
    expect(kit.io.errs).toContain('Token, good for 120 s: token-1');
    expect(kit.daemon.last('confirm')).toBeUndefined();
    expect(await kit.type('unpair front_door --plan --json')).toBe(0);
    const { confirm_token } = kit.printed() as { confirm_token: string };
    expect(await kit.type(`unpair front_door --yes --token ${confirm_token}`)).toBe(0);
    expect(kit.daemon.last('confirm')).toMatchObject({ token: confirm_token });
  });

  test.each(['--yes', '--token token-1'])('%s alone is a mistake', async option => {
    expect(await kit.type(`unpair front_door ${option}`)).toBe(2);
    expect(kit.daemon.noted).toEqual([]);
  });

  test('a token that is not good is told', async () => {
    expect(await kit.type('unpair front_door --yes --token guess')).toBe(1);
    expect(kit.io.errs).toEqual(['That token is not good.']);
  });
});

describe('rename, set, remove', () => {
  test('a lock gets another name', async () => {
    await kit.type('rename front_door back_door');
    expect(kit.io.outs).toEqual(['front_door is now called back_door.']);
  });

  test('a name that cannot be a topic is refused', async () => {
    expect(await kit.type('rename front_door Back')).toBe(1);
    expect(kit.io.errs[0]).toContain('name: must be 1 to 64 lower case letters');
  });

  test('unit, session and bridges are set', async () => {
    await kit.typeRaw(
      'set',
      'front_door',
      '--unit',
      'Flat 4',
      '--session',
      'held',
      '--exposed',
      'mqtt',
      '--data',
      kit.folder,
    );
    expect(kit.io.outs).toEqual(['front_door: unit Flat 4, session held, shown on mqtt.']);
    await kit.type('set front_door --exposed none');
    expect(kit.io.outs.at(-1)).toContain('shown on nothing');
    expect(await kit.type('set front_door')).toBe(2);
  });

  test('removing by force asks for the name first', async () => {
    kit.io.answers.push('no');
    expect(await kit.type('remove front_door --force')).toBe(1);
    expect(kit.daemon.last('remove')).toBeUndefined();
    kit.io.answers.push('front_door');
    expect(await kit.type('remove front_door --force')).toBe(0);
    expect(kit.daemon.last('remove')).toMatchObject({ how: { force: true } });
  });

  test('removing a lock that is not paired loses no key, and asks nobody', async () => {
    kit.daemon.locks = [lockView({ lifecycle: 'factory' })];
    expect(await kit.type('remove front_door --force')).toBe(0);
    expect(kit.io.asked).toEqual([]);
  });

  test('removing without force asks nobody, since it is refused where it matters', async () => {
    expect(await kit.type('remove mailbox')).toBe(0);
    expect(kit.daemon.last('remove')).toMatchObject({ how: { force: false } });
    expect(kit.io.outs).toEqual(['mailbox is no longer here.']);
  });
});

describe('hand, audit, backup', () => {
  test('hands do what is said, with one value', async () => {
    await kit.typeRaw('hand', 'front_door', 'type_code', '0042', '--data', kit.folder);
    expect(kit.daemon.last('hand')).toMatchObject({ name: 'front_door', act: { act: 'type_code', value: '0042' } });
    expect(kit.io.outs).toEqual(['front_door: type_code.']);
  });

  test('a hand without effect is exit code 1 and says what is seen', async () => {
    kit.daemon.handSays = { done: false, said: 'It beeps twice and stays shut.' };
    expect(await kit.type('hand front_door type_code 1111')).toBe(1);
    expect(kit.io.errs).toEqual(['It beeps twice and stays shut.']);
  });

  test('the audit is listed, newest last', async () => {
    await kit.type('audit front_door --most 5');
    expect(kit.daemon.last('audit')).toMatchObject({ query: { lock: '0123456789ab', most: 5 } });
    expect(kit.io.outs[1]).toMatch(/^7\s+2026-05-11 14:23:07\s+done\s+front_door\s+cli\s+lock$/);
    kit.daemon.locks = [];
    await kit.type('audit');
    expect(kit.io.outs[3]).toMatch(/done\s+0123456789ab\s+cli/);
  });

  test('a backup is made', async () => {
    await kit.type('backup');
    expect(kit.io.outs).toEqual(['/d/backup.db (4 KiB)']);
  });
});

describe('watch', () => {
  test('each event is a line with its time, a repeated state only once, until Ctrl-C', async () => {
    const done = kit.type('watch');
    while (kit.daemon.clock.armed === 0) await new Promise(resolve => setImmediate(resolve));
    kit.daemon.tell({ kind: 'state', view: lockView() });
    kit.daemon.tell({ kind: 'state', view: lockView() });
    const happening = { type: 'unlocked', source: 'keypad', ok: true, at: 1, slot: 3, person: 'Anna' } as const;
    kit.daemon.tell({ kind: 'happened', view: lockView(), happening });
    kit.daemon.tell({ kind: 'renamed', view: lockView(), from: 'old_name' });
    kit.daemon.tellCode('0123456789ab', 3);
    kit.daemon.tellPairing({ kind: 'window', open: true });
    await kit.io.until(all => all.includes('window'));
    kit.io.stopper.abort();
    expect(await done).toBe(0);
    expect(kit.io.outs).toEqual([
      '14:23:07 front_door locked, battery 80 %',
      '14:23:07 front_door unlocked at the keypad (slot 3, Anna)',
      '14:23:07 old_name is now called front_door',
      '14:23:07 front_door code slot 3 changed',
      '14:23:07 the pairing window is open',
    ]);
  });

  test('for programs, each event is a line of JSON', async () => {
    const done = kit.type('watch front_door --json');
    while (kit.daemon.clock.armed === 0) await new Promise(resolve => setImmediate(resolve));
    kit.daemon.tell({ kind: 'state', view: lockView() });
    await kit.io.until(all => all.includes('kind'));
    kit.io.stopper.abort();
    await done;
    expect(kit.printed()).toMatchObject({ kind: 'state', lock: { name: 'front_door' } });
  });
});
