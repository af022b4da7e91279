// A virtual Nuki lock, through driver, keeper and flows: what its one owner decides about, and what everybody keeps.
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/base/log.ts';
import { recipes } from '../../src/flow/recipes/index.ts';
import type { VirtualLock } from '../../src/sim/family.ts';
import { nuki } from '../../src/sim/nuki/family.ts';
import { OWNER, failureOf } from '../support/fake-family.ts';
import { FlowHouse } from '../support/flow-house.ts';
import { makeFamilyPlace, offer, secretOf } from '../support/house.ts';

type Nuki = FlowHouse<VirtualLock>;

async function paired(variant = 'smart_lock_4', { told = true } = {}): Promise<Nuki> {
  const house = new FlowHouse(makeFamilyPlace(nuki, { variant }), { recipes });
  await house.house.pair();
  if (told) await house.house.tellCode();
  await house.clock.advance(30_000);
  return house;
}

/** Says yes to everything, after doing what stands for the step. */
async function play(house: Nuki, deeds: Readonly<Record<string, () => string | void>> = {}) {
  for (let i = 0; i < 60; i++) {
    const { state, prompts } = await house.until(['waiting_human', 'awaiting_clearance']);
    const [prompt] = prompts;
    if (!prompt) return house.flow;
    if (state !== 'waiting_human' && state !== 'awaiting_clearance') return house.flow;
    const answer = deeds[prompt.step]?.() ?? 'yes';
    if (answer !== 'nothing') await house.answer(answer).catch(() => undefined);
    await house.clock.advance(1000);
  }
  throw new RangeError(`it asks without end: ${house.flow.step?.id}`);
}

function statuses(house: Nuki): string[] {
  return house.store.vault.of(house.house.view.id).map(({ status }) => status);
}

describe('unpair of a lock with many clients', () => {
  it('takes our own key off, is refused with it, and asks for nobody at the door', async () => {
    const house = await paired();
    await house.start({ type: 'unpair' });
    const ended = await play(house);
    expect(ended).toMatchObject({ state: 'succeeded_with_residuals' });
    expect(ended.plan.steps.map(({ id }) => id)).not.toContain('opening.door');
    expect(statuses(house)).toEqual(['dead']);
    expect(house.house.view.lifecycle).toBe('factory');
    expect(house.place.lock.paired).toBe(false);
    await house.stop();
  });

  it('leaves nothing to be believed of a bolt that nobody here can ask about any more', async () => {
    const house = await paired();
    await house.start({ type: 'unpair' });
    await play(house);
    expect(house.house.view.state).toMatchObject({ bolt: 'unknown', trust: 'guessed', reachable: false });
    await house.stop();
  });

  it('that is killed before our key is taken off asks for the confirmation again, and goes on to its end', async () => {
    const house = await paired();
    await house.start({ type: 'unpair' });
    await house.until(['awaiting_clearance']);
    await house.answer();
    while (!house.kinds().includes('intent')) await house.clock.advance(1);
    await house.restart();
    const ended = await play(house);
    expect(ended.state).toBe('succeeded_with_residuals');
    expect(house.place.lock.paired).toBe(false);
    await house.stop();
  });

  it('without its code is refused, with what to do instead', async () => {
    const house = await paired('smart_lock_4', { told: false });
    expect(await failureOf(house.start({ type: 'unpair' }))).toMatchObject({ reason: 'admin_code_unknown' });
    await house.start({ type: 'unpair', forget_only: true });
    const ended = await play(house);
    expect(ended.state).toBe('succeeded_with_residuals');
    expect(house.place.lock.paired, 'the lock has forgotten nothing').toBe(true);
    await house.stop();
  });

  it('whose code somebody has changed is refused before anything is confirmed, with what to do', async () => {
    const house = await paired();
    house.place.lock.hands.act('set_pin', { value: '9981' });
    await house.start({ type: 'unpair' });
    const ended = await play(house, {
      'opening.clearance': () => {
        throw new RangeError('nobody is to confirm what cannot be done');
      },
    });
    expect(ended).toMatchObject({ state: 'aborted_clean', stop: { code: 'admin_code_unknown' } });
    expect(ended.stop?.text).toContain('admin-code front_door tell');
    await house.stop();
  });

  it('and pairing again gives the same lock another key', async () => {
    const house = await paired();
    const before = house.house.view;
    // oxlint-disable-next-line unicorn/no-thenable -- a word in a request
    await house.start({ type: 'unpair', then: 'repair' });
    const ended = await play(house, { 'repair.find': () => offer(house.place) });
    expect(ended.state).toMatch(/^succeeded/);
    expect(house.house.view).toMatchObject({ id: before.id, name: before.name, generation: 2, lifecycle: 'managed' });
    expect(house.house.view.abilities?.adminCode?.known).toBe(true);
    await house.stop();
  });
});

describe('pairing a lock again that has codes', () => {
  it('leaves them on it and in use, whoever put them there', async () => {
    const house = await paired();
    const { access, view } = house.house;
    const set = access.setCode(view.id, 1, { digits: new Secret('481516'), person: 'Ada' }, OWNER);
    await house.clock.run(set);
    // oxlint-disable-next-line unicorn/no-thenable -- a word in a request
    await house.start({ type: 'unpair', then: 'repair' });
    const ended = await play(house, { 'repair.find': () => offer(house.place) });
    expect(ended.state).toMatch(/^succeeded/);
    expect(house.house.view.lifecycle).toBe('managed');
    expect(house.place.lock.hands.act('type_code', { value: '481516' }).done).toBe(true);
    await house.stop();
  });
});

describe('pairing a lock of the fifth generation', () => {
  it('without its code says that it needs one, before anything is sent', async () => {
    const house = new FlowHouse(makeFamilyPlace(nuki, { variant: 'ultra' }), { recipes });
    offer(house.place);
    const wish = house.house.pairer.pair({ name: 'front_door', seconds: 20 }, OWNER);
    expect(await house.clock.run(failureOf(wish))).toMatchObject({ reason: 'secret_needed' });
    expect(house.place.lock.paired).toBe(false);
    await house.stop();
  });

  it('asks for it as a secret in a guided flow, and writes it nowhere', async () => {
    const house = new FlowHouse(makeFamilyPlace(nuki, { variant: 'ultra' }), { recipes });
    const pin = secretOf(house.place.lock).secret!.reveal();
    await house.engine.start({ type: 'repair', name: 'front_door', reason: 'new_lock' }, OWNER);
    let asked = 0;
    const ended = await play(house, {
      'repair.find': () => offer(house.place),
      'repair.pair': () => {
        asked += 1;
        expect(house.flow.prompts[0]).toMatchObject({ kind: 'human_input', secret: true });
        return pin;
      },
    });
    expect([ended.state, asked]).toEqual([expect.stringMatching(/^succeeded/), 1]);
    expect(JSON.stringify(house.store.flows.lines(house.flow.id))).not.toContain(pin);
    await house.stop();
  });
});

describe('a pairing that is killed before its key is on the disk', () => {
  it('is known not to have happened, and is done again', async () => {
    const house = new FlowHouse(makeFamilyPlace(nuki, {}), { recipes });
    offer(house.place);
    await house.engine.start({ type: 'repair', name: 'front_door', reason: 'new_lock' }, OWNER);
    while (!house.kinds().includes('intent')) await house.clock.advance(1);
    expect(house.store.vault.of(house.house.view.id)).toEqual([]);
    // It offers itself no more.
    house.place.lock.hands.act('batteries_out');
    house.place.lock.hands.act('batteries_in');
    await house.restart();
    await house.clock.advance(30_000);
    expect(house.flow.progress.at(-1)).toContain('Once more: hold its button');
    offer(house.place);
    const ended = await play(house, { 'repair.admin_code': () => 'skip' });
    expect(ended.state).toMatch(/^succeeded/);
    expect(house.house.view).toMatchObject({ generation: 1, lifecycle: 'managed' });
    await house.stop();
  });
});

describe('rekey of a lock with many clients', () => {
  it('makes a new key of ours, and the old one is refused', async () => {
    const house = await paired();
    await house.start({ type: 'rekey', phones: 'keep' });
    const ended = await play(house);
    expect(ended.state).toMatch(/^succeeded/);
    expect(statuses(house).toSorted()).toEqual(['dead', 'live']);
    await house.clock.run(house.house.command('lock'));
    expect(house.place.lock.bolt).toBe('locked');
    await house.stop();
  });
});

describe('turnover of a lock with many clients', () => {
  it('says that fingers of its keypad may still open it, as they do', async () => {
    const house = await paired('ultra');
    const { hands } = house.place.lock;
    hands.act('teach_finger', { value: 'right thumb' });
    await house.start({ type: 'turnover', phones: 'remove' });
    const { residuals } = await play(house);
    expect(hands.act('present_finger', { value: 'right thumb' }).done).toBe(true);
    expect(residuals).toContainEqual({
      kind: 'unmanaged_credential',
      text: expect.stringMatching(/^Fingerprints.*Nuki app/),
    });
    await house.stop();
  });

  it('asks which phones may stay, and takes the others off', async () => {
    const house = await paired();
    await house.start({ type: 'turnover', phones: 'remove' });
    const ended = await play(house);
    expect(ended.state).toMatch(/^succeeded/);
    expect(statuses(house)).toEqual(['live']);
    await house.stop();
  });
});

describe('reset of a lock that only its maker’s app resets', () => {
  async function reset(house: Nuki, deeds: Readonly<Record<string, () => string | void>>) {
    const { hands } = house.place.lock;
    await house.start({ type: 'reset', reason: 'clean_slate' });
    return play(house, {
      'opening.door': () => void hands.act('door', { value: 'open' }),
      'reset.by_maker': () => {
        hands.act('factory_reset');
        hands.act('calibrate');
        hands.act('set_pin', { value: '4711' });
        return 'nothing';
      },
      'repair.find': () => offer(house.place),
      ...deeds,
    });
  }

  it.each(['in the answer', 'from elsewhere'])(
    'that is given up %s before anybody touched the app changes nothing',
    async where => {
      const house = await paired();
      const ended = await reset(house, {
        'reset.by_maker': () => {
          if (where === 'in the answer') return 'cancel';
          void house.engine.cancel(house.flow.id, OWNER);
          return 'nothing';
        },
      });
      expect(ended.state).toBe('aborted_clean');
      expect(house.house.view.lifecycle).toBe('managed');
      await house.stop();
    },
  );

  it('asks for its new security code, so that clock, settings and lists are proved with it', async () => {
    const house = await paired();
    const answers = ['type', '12', '4711'];
    const ended = await reset(house, { 'repair.admin_code': () => answers.shift()! });
    expect([ended.state, answers]).toEqual(['succeeded', []]);
    expect(house.house.view.abilities?.adminCode?.known).toBe(true);
    expect(JSON.stringify(house.store.flows.lines(ended.id))).not.toContain('4711');
    await house.stop();
  });

  it('without that code claims nothing of what the lock keeps to itself', async () => {
    const house = await paired();
    const ended = await reset(house, { 'repair.admin_code': () => 'skip' });
    expect(ended.state).toBe('succeeded_with_residuals');
    const claims = house.engine.lines(ended.id).filter(({ grade, step = '' }) => {
      return grade === 'E3' && ['repair.clock', 'repair.settings', 'verify.counts', 'verify.log'].includes(step);
    });
    expect(claims).toEqual([]);
    await house.stop();
  });

  it('guides to it, and goes on when the lock refuses our key', async () => {
    const house = await paired();
    await house.start({ type: 'reset', reason: 'clean_slate' });
    const ended = await play(house, {
      'opening.door': () => void house.place.lock.hands.act('door', { value: 'open' }),
      'reset.by_maker': () => {
        house.place.lock.hands.act('factory_reset');
        house.place.lock.hands.act('calibrate');
        return 'nothing';
      },
      'repair.find': () => offer(house.place),
    });
    expect(ended.state).toMatch(/^succeeded/);
    expect(house.house.view).toMatchObject({ generation: 2, lifecycle: 'managed' });
    await house.stop();
  });
});
