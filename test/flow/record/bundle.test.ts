// The support bundle: it says what helpers need, and no secret that is kept anywhere is in it.
import { expect, it } from 'vitest';
import { LogRing } from '../../../src/base/log-ring.ts';
import { Secret, makeLog } from '../../../src/base/log.ts';
import { makeProcedures } from '../../../src/flow/catalogue/load.ts';
import { type BundleParts, bundle } from '../../../src/flow/record/bundle.ts';
import { scrub } from '../../../src/flow/record/scrub.ts';
import { BlackBox } from '../../../src/lock/black-box.ts';
import { OWNER } from '../../support/fake-family.ts';
import { House, makePlace, seeded } from '../../support/house.ts';

const PIN = '739164';

async function lived(): Promise<{ house: House; parts: BundleParts }> {
  const house = new House(makePlace());
  const ring = new LogRing();
  const log = makeLog('info', ring);
  const blackBox = new BlackBox({
    tap: house.tap,
    locks: house.registry,
    vault: house.store.vault,
    random: seeded(3),
  });
  await house.pair();
  await house.clock.run(house.access.setCode('front_door', 1, { digits: new Secret(PIN) }, OWNER));
  await house.clock.run(house.command('lock'));
  // What a careless line would do.
  log.info({ code: PIN }, `somebody typed ${PIN}`);
  const parts: BundleParts = {
    version: '1.2.3',
    host: () => ({ node: 'v20' }),
    locks: house.registry,
    flows: { all: () => [], lines: () => [] },
    blackBox,
    procedures: makeProcedures(),
    health: () => ({ ready: true, version: '1.2.3', startedAt: 0, parts: [] }),
    radios: () => [],
    auditor: house.store.audit,
    audit: house.store.audit,
    log: () => ring.lines(),
    secrets: () => house.store.vault.everything(),
    now: () => house.clock.now(),
  };
  return { house, parts };
}

/** Every value of the key, however it is written. */
function secretsOf(house: House): string[] {
  const [kept] = house.store.vault.of(house.view.id);
  const data = (kept?.credential.data.reveal() ?? {}) as Partial<Record<string, string | number>>;
  const { aesKey, unlockKey, adminPs, adminPin } = data;
  return [aesKey, unlockKey, adminPs, adminPin, PIN].flatMap(value => (value === undefined ? [] : [String(value)]));
}

it('says what is known of the lock and what went over the air, without one secret', async () => {
  const { house, parts } = await lived();
  const text = bundle(parts, 'front_door', OWNER);
  const secrets = secretsOf(house);
  expect(secrets.length).toBeGreaterThan(3);
  for (const secret of secrets) expect(text).not.toContain(secret);
  expect(JSON.parse(text)).toMatchObject({
    format: 'latchbridge-bundle/1',
    version: '1.2.3',
    locks: [{ name: 'front_door', procedure: { id: 'ttlock-v3-generic' } }],
  });
  const { locks } = JSON.parse(text) as { locks: { messages: { vectors: unknown[] } }[] };
  expect(locks[0]?.messages.vectors.length).toBeGreaterThan(4);
  expect(text).toContain('somebody typed •••');
  await house.stop();
});

it('is for owners and managers, and leaves a line in the audit', async () => {
  const { house, parts } = await lived();
  const automation = { via: 'mqtt', who: 'mqtt', role: 'automation' } as const;
  expect(() => bundle(parts, 'front_door', automation)).toThrow(/owner or a manager/);
  expect(() => bundle(parts, 'no_such_door', OWNER)).toThrow(/no lock/);
  bundle(parts, undefined, OWNER);
  expect(house.store.audit.read({ most: 1 })).toMatchObject([{ what: 'support_bundle', who: OWNER.who }]);
  await house.stop();
});

it('masks digits only as a whole number, and leaves what is meant to be read', () => {
  const kept = new Secret([JSON.stringify({ pin: 1234, key: 'aabbccdd00112233', model: 'SN138-BL02' }), '5678']);
  const text = 'at 12345 somebody typed 1234 and 5678; key AABBCCDD00112233 of SN138-BL02';
  expect(scrub(text, kept, new Set(['SN138-BL02']))).toBe('at 12345 somebody typed ••• and •••; key ••• of SN138-BL02');
});
