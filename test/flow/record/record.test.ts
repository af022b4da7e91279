// Records: what they claim, what they refuse to claim, and that nothing in them can be changed afterwards.
import { describe, expect, it } from 'vitest';
import type { Secret } from '../../../src/base/log.ts';
import type { Json } from '../../../src/lock/driver.ts';
import type { JournalLine, KeptFlow, LineKind } from '../../../src/flow/journal.ts';
import type { Plan } from '../../../src/flow/plan.ts';
import { type About, issue } from '../../../src/flow/record/issue.ts';
import { type KeyPlace, open, publicKey, seal } from '../../../src/flow/record/seal.ts';

const T0 = Date.UTC(2026, 10, 22, 9);

function place(): KeyPlace {
  const kept = new Map<string, Secret<string>>();
  return { secret: name => kept.get(name), setSecret: (name, value) => void kept.set(name, value) };
}

const plan = {
  type: 'turnover',
  goal: 'Nobody who could open it before can open it after.',
  rung: 'all_guests',
  hash: 'ab'.repeat(32),
  request: { type: 'turnover', reason: 'tenant_left' },
  steps: [{ id: 'erase.codes', segment: 'pivot' }],
} as unknown as Plan;
const flow: KeptFlow = {
  id: 'f-0a1b2c3d',
  type: 'turnover',
  lock: '0123456789ab',
  plan,
  starter: { via: 'mqtt', who: 'mqtt', role: 'automation' },
  state: 'succeeded',
  startedAt: T0,
  endedAt: T0 + 60_000,
};
const lock: About['lock'] = {
  id: '0123456789ab',
  name: 'front_door',
  unit: { id: 'u', name: 'Unit 3' },
  family: 'ttlock',
  facts: { model: 'D01', serial: '77-001' },
  generation: 2,
};

type Said = readonly [LineKind, Readonly<Record<string, Json>>, number?];
function lines(said: readonly Said[]): JournalLine[] {
  return said.map(([kind, data, elapsed], index) => ({
    number: index + 1,
    at: T0 + (elapsed ?? index * 1000),
    elapsed: elapsed ?? index * 1000,
    kind,
    ...(kind === 'intent' && { step: 'erase.codes' }),
    data,
    hash: `${index}`.padStart(64, '0'),
  }));
}

const usual: readonly Said[] = [
  ['planned', {}],
  ['clearance', { who: 'policy soft_wipe', via: 'daemon' }],
  ['remembered', { name: 'counts.before', value: { code: 3, card: 1 } }],
  ['intent', { what: 'clear the codes' }],
  ['outcome', {}],
  ['evidence', { grade: 'E3', what: 'The old app key is refused by the lock.', by: 'radio' }],
  ['remembered', { name: 'counts.after', value: { code: { left: 0, grade: 'E3' }, card: { left: 0, grade: 'E3' } } }],
];
const without = (kind: LineKind, name?: string): Said[] =>
  usual.filter(([k, data]) => k !== kind || (name !== undefined && data['name'] !== name));
const about = (said: readonly Said[], changed: Partial<KeptFlow> = {}): About => ({
  flow: { ...flow, ...changed },
  lines: lines(said),
  lock,
});

describe('a record', () => {
  it('of a flow that did all it should is called a record', () => {
    const record = issue(about(usual));
    expect(record).toMatchObject({ kind: 'record', missing: [], erased: [{ kind: 'code', before: 3, after: 0 }, {}] });
    expect(record.people.confirmer).toContain('policy');
    expect(record.statements).toMatchObject([{ word: 'proved', grade: 'E3' }]);
  });

  it.each([
    ['proved', 'E3'],
    ['observed', 'E2'],
    ['stated', 'E1'],
    ['not verified', 'E0'],
  ])('says "%s" of what is known with %s', (word, grade) => {
    const said: Said = ['evidence', { grade, what: 'The old code opens nothing.', by: 'person', who: 'cli' }];
    expect(issue(about([...usual, said])).statements.at(-1)).toMatchObject({ word, grade });
  });

  it('counts the seconds in which the door stood open to the public', () => {
    const said: Said[] = [...usual, ['exposed', {}, 20_000], ['covered', {}, 32_500], ['exposed', {}, 40_000]];
    expect(issue(about([...said, ['state', {}, 41_000]])).flow.exposure_seconds).toBe(13.5);
  });

  it('never holds the serial number itself', () => {
    expect(JSON.stringify(issue(about(usual)))).not.toContain('77-001');
  });
});

describe('a record is called incomplete', () => {
  it.each<[string, About]>([
    ['when the flow needs attention', about(usual, { state: 'needs_attention' })],
    ['when nobody read what was there', about(without('remembered', 'counts.before'))],
    ['when nobody read what was left', about(without('remembered', 'counts.after'))],
    ['when nothing was erased', about(without('intent'))],
    ['when an old code still opens', about([...usual, ['residual', { kind: 'still_opens', text: 'Code 2 opens.' }]])],
  ])('%s', (_why, what) => {
    const record = issue(what);
    expect(record.kind).toBe('incomplete');
    expect(record.missing).not.toEqual([]);
    expect(record.title).toMatch(/no proof/);
  });
});

describe('the record of a wiped lock', () => {
  const wipe = { ...plan, rung: 'factory_reset', exposure: { what: 'its public code opens it', limitSeconds: 600 } };
  const wiped = (...more: Said[]): About => {
    const made = about([...without('remembered', 'counts.after'), ...more], { plan: wipe as unknown as Plan });
    const lines = made.lines.map(line => (line.kind === 'evidence' ? { ...line, step: 'unpair.factory' } : line));
    return { ...made, lines };
  };

  it('needs no count where the lock was proved to be factory-new, and says who can open it now', () => {
    const record = issue(wiped());
    expect(record).toMatchObject({ kind: 'record', residual_access: [{ kind: 'factory_new' }] });
    expect(record.residual_access[0]?.text).toContain('its public code opens it');
  });

  it('is incomplete where nobody proved it', () => {
    const { lines, ...rest } = wiped();
    expect(issue({ ...rest, lines: lines.filter(({ kind }) => kind !== 'evidence') }).kind).toBe('incomplete');
  });
});

describe('a signature', () => {
  const keys = place();
  const signed = seal(issue(about(usual)), keys);
  const changed = (change: (copy: typeof signed) => void): string => {
    const copy = structuredClone(signed);
    change(copy);
    return JSON.stringify(copy);
  };

  it('is good for the file as it is, however its keys are ordered', () => {
    const { record, signature } = signed;
    const turned = JSON.stringify({ signature, record: Object.fromEntries(Object.entries(record).toReversed()) });
    expect(open(turned).record.id).toBe('r-0a1b2c3d');
    expect(open(turned, publicKey(keys)).publicKey).toBe(publicKey(keys));
  });

  it('is of one key for the whole life of the installation', () => {
    expect(seal(issue(about(usual)), keys).signature).toEqual(signed.signature);
  });

  it.each<[string, string, (copy: typeof signed) => void]>([
    ['a count', 'wrong_signature', copy => void ((copy.record.erased[0] as { before: number }).before = 9)],
    ['a residual that is taken away', 'wrong_signature', copy => void (copy.record.flow.exposure_seconds = 1)],
    ['an unknown member', 'unknown_format', copy => void Object.assign(copy.record, { note: 'all is well' })],
    ['the signature', 'wrong_signature', copy => void (copy.signature.value = other(copy.signature.value))],
    [
      'how the signature is spelt',
      'wrong_signature',
      copy => void (copy.signature.value = respelt(copy.signature.value)),
    ],
  ])('finds a change of %s', (_what, reason, change) => {
    expect(() => open(changed(change))).toThrow(expect.objectContaining({ reason }));
  });

  it('of somebody else is told apart', () => {
    const reason = 'wrong_signer';
    expect(() => open(JSON.stringify(signed), publicKey(place()))).toThrow(expect.objectContaining({ reason }));
  });

  it('does not save a record that says more than it knows', () => {
    const [first] = signed.record.statements;
    if (!first) throw new TypeError('there is a statement');
    const loud = { ...signed.record, statements: [{ ...first, grade: 'E1' as const, by: 'cli' }] };
    expect(() => open(JSON.stringify(seal(loud, keys)))).toThrow(expect.objectContaining({ reason: 'over_claims' }));
  });

  it.each(['', '{', 'null', '[]', '{"record":{}}'])('is not found in %j', text => {
    expect(() => open(text)).toThrow(expect.objectContaining({ code: 'invalid', reason: 'unknown_format' }));
  });
});

/** Another one, whatever it begins with. */
function other(value: string): string {
  return `${value.startsWith('A') ? 'B' : 'A'}${value.slice(1)}`;
}

/** The same bytes: the last four bits of the last character say nothing. */
function respelt(value: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = alphabet.indexOf(value.at(-1) as string);
  return `${value.slice(0, -1)}${alphabet[last + 1] as string}`;
}
