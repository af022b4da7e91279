import { describe, expect, it } from 'vitest';
import type { CredentialView } from '../../../src/access/access.ts';
import type { Findings } from '../../../src/flow/findings.ts';
import { type Case, R10, R11, judge } from '../../../src/flow/engine/rules.ts';
import { ABILITIES } from '../../support/fake-family.ts';
import { POLICY } from '../../support/flow-house.ts';
import { BUTTON, NOW, OUR_KEY, SOFT, about, plan, view } from './kit.ts';

/** Rule and reason of the first refusal. */
function refused(one: Case): string {
  const found = judge(one);
  return found ? `${found.rule} ${found.error.reason}` : 'passes';
}
const spoilt = (findings: { [K in keyof Findings]?: Findings[K] | undefined }, more: Partial<Case> = {}): string =>
  refused(about(findings as Partial<Findings>, more));
const said = { grade: 'E1', at: 0 } as const;
const unsaid = { grade: 'E0', at: 0 } as const;

it('a pivot for which everything is good passes all rules', () => {
  expect(refused(about())).toBe('passes');
});

describe('R01', () => {
  it('R01 refuses a pivot while the lock is locked', () => {
    expect(spoilt({ bolt: { grade: 'E3', at: 0, is: 'locked' } })).toBe('R01 not_unlocked');
  });
  it('R01 refuses a pivot while nobody knows where the bolt is', () => {
    expect(spoilt({ bolt: undefined })).toBe('R01 not_unlocked');
    expect(spoilt({ bolt: { ...unsaid, is: 'unlocked' } })).toBe('R01 not_unlocked');
  });
  it('R01 refuses a pivot while the door is closed, or nobody has said that it is open', () => {
    expect(spoilt({ door: { grade: 'E3', at: 0, is: 'closed' } })).toBe('R01 door_not_open');
    expect(spoilt({ door: { ...unsaid, is: 'open' } })).toBe('R01 door_not_open');
  });
  it('R01 refuses what was looked at too long ago or before a restart', () => {
    expect(refused(about({}, { isFresh: key => key !== 'bolt' }))).toBe('R01 precondition_changed');
  });
  it('R01 lets a key box through that stands open by hand', () => {
    const box = view({ abilities: { ...ABILITIES, kind: 'key_box', verbs: ['unlock'] } });
    expect(spoilt({ bolt: { ...said, is: 'by_hand' }, door: undefined }, { view: box })).toBe('passes');
  });
  it('R01 lets a soft wipe over the air through at a locked door', () => {
    const locked = { bolt: { grade: 'E3', at: 0, is: 'locked' }, door: undefined } as const;
    expect(spoilt(locked, { plan: SOFT })).toBe('passes');
  });
});

describe('R03', () => {
  it('R03 refuses a pivot with batteries below the least', () => {
    expect(spoilt({ battery: { ...said, percent: 39 } })).toBe('R03 battery_low');
    expect(spoilt({ battery: { ...said, percent: 40 } })).toBe('passes');
  });
  it('R03 refuses unknown batteries unless a person says that fresh ones are in', () => {
    expect(spoilt({ battery: undefined })).toBe('R03 battery_unknown');
    expect(spoilt({ battery: { ...unsaid, fresh: true } })).toBe('R03 battery_unknown');
    expect(spoilt({ battery: { ...said, fresh: true } })).toBe('passes');
  });
  it('R03 takes the higher least of the model', () => {
    const procedure = { values: { leastBattery: 90 } } as Case['procedure'];
    expect(refused(about({}, { procedure }))).toBe('R03 battery_low');
  });
});

describe('R04', () => {
  it('R04 refuses a pivot with one way back only', () => {
    expect(spoilt({ ways: [OUR_KEY] })).toBe('R04 no_way_back');
  });
  it('R04 refuses two ways that both need the radio', () => {
    expect(spoilt({ ways: [OUR_KEY, { ...BUTTON, needsRadio: true }] })).toBe('R04 no_way_back');
  });
  it('R04 refuses two ways that both need this program', () => {
    expect(spoilt({ ways: [OUR_KEY, { ...BUTTON, needsDaemon: true }] })).toBe('R04 no_way_back');
  });
  it('R04 does not count what nobody knows', () => {
    expect(spoilt({ ways: [OUR_KEY, { ...BUTTON, grade: 'E0' }] })).toBe('R04 no_way_back');
  });
  it('R04 gives way to an owner’s sentence', () => {
    const overrides = [{ rule: 'R04', sentence: 'The metal key is in my hand.' }];
    const overridden = plan({ request: { type: 'reset', lock: 'a', reason: 'lost_admin', overrides } });
    expect(spoilt({ ways: [OUR_KEY] }, { plan: overridden })).toBe('passes');
  });
});

it('R05 refuses a pivot before everything was copied', () => {
  expect(spoilt({ backUp: undefined })).toBe('R05 disk');
});

describe('R07', () => {
  const unsure = plan({ procedure: { id: 'p', title: 'A lock', sure: false, sources: [] } });
  it('R07 refuses to erase by itself what only a weak source knows', () => {
    expect(refused(about({}, { plan: { ...SOFT, procedure: unsure.procedure }, unattended: true }))).toBe(
      'R07 catalogue_uncertain',
    );
    expect(refused(about({}, { plan: unsure }))).toBe('passes');
  });
  it('R07 refuses an automatic step that is driven by such a fact, whoever confirms', () => {
    expect(refused(about({}, { step: { kind: 'auto_ble', with: { sure: 'weak' } } }))).toBe('R07 catalogue_uncertain');
    expect(refused(about({}, { step: { kind: 'human_do', with: { sure: 'weak' } } }))).toBe('passes');
  });
});

describe('R08', () => {
  it('R08 refuses a state that opens to the public with nobody there', () => {
    expect(refused(about({}, { unattended: true }))).toBe('R08 person_absent');
    const nobody = { presence: undefined, bolt: { ...unsaid, is: 'by_hand' }, door: undefined } as const;
    expect(spoilt(nobody)).toBe('R08 person_absent');
  });
  it('R08 does not meet a soft wipe, which opens to nobody', () => {
    expect(refused(about({}, { plan: SOFT, unattended: true }))).toBe('passes');
  });
});

describe('R09', () => {
  const ago = (minutes: number, lock = 'b') => ({ lock, at: NOW - minutes * 60_000 });
  it('R09 refuses a fourth hard pivot within an hour', () => {
    expect(refused(about({}, { pivots: [ago(5), ago(20), ago(50)] }))).toBe('R09 busy');
    expect(refused(about({}, { pivots: [ago(5), ago(20), ago(61)] }))).toBe('passes');
  });
  it('R09 refuses two of one lock within ten minutes', () => {
    expect(refused(about({}, { pivots: [ago(9, 'a')] }))).toBe('R09 busy');
    expect(refused(about({}, { pivots: [ago(11, 'a')] }))).toBe('passes');
  });
  it('R09 counts hard pivots only', () => {
    expect(refused(about({}, { plan: SOFT, pivots: [ago(1), ago(2), ago(3)] }))).toBe('passes');
  });
});

describe('R10', () => {
  it('R10 refuses a third wrong code in a flow', () => {
    expect(R10({ wrongCodes: 2 })).toBeUndefined();
    expect(R10({ wrongCodes: 3 })?.reason).toBe('lockout_active');
  });
  it('R10 takes the smaller number of a model', () => {
    const procedure = { values: { wrongCodesAllowed: 1, opensAfterReset: 'unknown', hasOrientation: false } } as const;
    expect(R10({ wrongCodes: 2 }, procedure)?.reason).toBe('lockout_active');
  });
});

it('R11 refuses to unlock for an empty place', () => {
  expect(R11({})?.reason).toBe('person_absent');
  expect(R11({ presence: unsaid })?.reason).toBe('person_absent');
  expect(R11({ presence: said })).toBeUndefined();
});

describe('R16', () => {
  const stay = (more: Partial<CredentialView> = {}): CredentialView => ({
    id: 'c',
    lock: 'a',
    kind: 'code',
    slot: 3,
    state: 'on_lock',
    known: true,
    from: NOW - 3600_000,
    until: NOW + 3600_000,
    ...more,
  });
  it('R16 refuses to lock out a sitting tenant', () => {
    expect(refused(about({}, { credentials: [stay()] }))).toBe('R16 tenancy_active');
  });
  it.each([
    ['whose stay is over', stay({ until: NOW })],
    ['whose stay has not begun', stay({ from: NOW + 1 })],
    ['who has a code without an end', { ...stay(), until: undefined } as unknown as CredentialView],
  ])('R16 lets a wipe through for somebody %s', (_who, one) => {
    expect(refused(about({}, { credentials: [one] }))).toBe('passes');
  });
  it('R16 gives way to who says that the tenant has left, and to an owner’s sentence', () => {
    const left = plan({ request: { type: 'reset', lock: 'a', reason: 'tenant_left' } });
    const overrides = [{ rule: 'R16', sentence: 'A court has said so.' }];
    const over = plan({ request: { type: 'reset', lock: 'a', reason: 'other', overrides } });
    expect(refused(about({}, { plan: left, credentials: [stay()] }))).toBe('passes');
    expect(refused(about({}, { plan: over, credentials: [stay()] }))).toBe('passes');
  });
  it('R16 keeps a machine from giving a sitting tenant new digits that nobody could tell; a person can', () => {
    const rekey = { plan: { ...SOFT, type: 'rekey' as const }, credentials: [stay()] };
    expect(refused(about({}, { ...rekey, unattended: true }))).toBe('R16 tenancy_active');
    expect(refused(about({}, { ...rekey, unattended: false }))).toBe('passes');
  });
});

describe('R17', () => {
  const bad = (name: string): Partial<Case> => ({
    health: { ready: true, version: '', startedAt: 0, parts: [{ name, ok: false, text: 'It is not well.' }] },
  });
  it.each(['disk', 'power', 'vault', 'firmware'])('R17 refuses a pivot while this is not well: %s', name => {
    expect(refused(about({}, bad(name)))).toMatch(/^R17 /);
  });
  it('R17 lets a broker be away', () => {
    expect(refused(about({}, bad('mqtt')))).toBe('passes');
  });
});

it('a policy may ask for fuller batteries', () => {
  expect(refused(about({}, { policy: { ...POLICY, leastBattery: 81 } }))).toBe('R03 battery_low');
});
