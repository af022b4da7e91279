// Who can still open a door: nobody is forgotten, and nobody is claimed to be known who is not.
import { expect, test } from 'vitest';
import type { CredentialView } from '../../src/access/access.ts';
import { Secret } from '../../src/base/log.ts';
import { type OpenersAsk, openersOf } from '../../src/flow/openers.ts';
import type { Procedure } from '../../src/flow/procedures.ts';
import type { FlowView } from '../../src/flow/words.ts';
import type { CredentialStatus, KeptCredential } from '../../src/lock/ports.ts';
import { lockView } from '../bridge/web/fake-parts.ts';

const procedure = (form: Procedure['form']): Procedure => ({
  id: 'some_lock',
  title: 'Some lock',
  form,
  facts: {},
  conflicts: [],
  sourceTitles: [],
  values: { opensAfterReset: 'unknown', hasOrientation: false },
});
const key = (status: CredentialStatus, id = status): KeptCredential => ({
  id,
  lock: '0123456789ab',
  generation: 1,
  status,
  credential: { family: 'ttlock', data: new Secret({ key: 'canary' }) },
  madeAt: 5,
  changedAt: 6,
});
const code = (change: Partial<CredentialView> = {}): CredentialView => ({
  id: 'c1',
  lock: '0123456789ab',
  kind: 'code',
  slot: 3,
  state: 'on_lock',
  known: true,
  ...change,
});
function openers(change: Partial<OpenersAsk> = {}) {
  return openersOf({
    view: lockView(),
    credentials: [],
    keys: [key('live')],
    fabrics: [],
    byMqtt: false,
    owners: 'one',
    procedure: procedure('keybox'),
    flows: [],
    ...change,
  });
}
const kinds = (change: Partial<OpenersAsk>): string[] => openers(change).map(({ kind }) => kind);

test('our own key comes first, with the day it was made', () => {
  expect(openers()[0]).toMatchObject({ kind: 'our_key', since: 5, known: true, revocable: true });
});

test('a key of ours that the lock has not shown to have forgotten may open it', () => {
  expect(openers({ keys: [key('live'), key('retired'), key('dead')] })).toContainEqual(
    expect.objectContaining({ kind: 'old_key', revocable: false }),
  );
});

test('a dead key opens nothing', () => {
  expect(kinds({ keys: [key('dead')] })).not.toContain('old_key');
});

test('a code says whose it is and until when', () => {
  const ada = code({ person: { id: 'p', name: 'Ada' }, until: 99 });
  expect(openers({ credentials: [ada] })).toContainEqual({
    kind: 'code',
    text: 'The code of Ada in slot 3.',
    who: 'Ada',
    until: 99,
    known: true,
    revocable: true,
  });
});

test('a code that was found on the lock is a stranger', () => {
  expect(kinds({ credentials: [code({ known: false })] })).toContain('stranger');
});

test('what is not on the lock opens nothing', () => {
  const off = [code({ state: 'disabled' }), code({ state: 'wanted' })];
  expect(kinds({ credentials: off })).not.toContain('code');
});

test('what is still to be taken off opens it until it is', () => {
  expect(openers({ credentials: [code({ state: 'removing' })] })).toContainEqual(
    expect.objectContaining({ kind: 'code', text: expect.stringContaining('still is on the lock') as string }),
  );
});

test('homes and the broker are ways in only where the lock is shown to them', () => {
  const home = { node: 'bridge', index: 1, label: 'Home', vendor: 'Apple', fabricId: '1', nodeId: '2' };
  const shown = lockView({ settings: { session: 'on_demand', exposed: ['matter', 'mqtt'] } });
  const hidden = lockView({ settings: { session: 'on_demand', exposed: [] } });
  expect(kinds({ view: shown, fabrics: [home], byMqtt: true })).toEqual(expect.arrayContaining(['matter', 'mqtt']));
  expect(kinds({ view: hidden, fabrics: [home], byMqtt: true })).not.toContain('matter');
  expect(kinds({ view: shown, byMqtt: false })).not.toContain('mqtt');
});

test('without a working key of ours nobody opens it through us', () => {
  const home = { node: 'bridge', index: 1, label: 'Home', vendor: 'Apple', fabricId: '1', nodeId: '2' };
  expect(kinds({ keys: [], fabrics: [home], byMqtt: true })).not.toContain('matter');
});

test('phones of a lock with one owner cannot be counted, those of a lock with many can be listed', () => {
  expect(openers({ owners: 'one' })).toContainEqual(expect.objectContaining({ kind: 'app_keys', known: false }));
  expect(openers({ owners: 'many' })).toContainEqual(expect.objectContaining({ kind: 'clients', known: false }));
});

test('a lock of many clients that is not paired with us may be somebody’s: nobody says that anybody can take it', () => {
  const view = lockView({ lifecycle: 'factory' });
  expect(kinds({ view, keys: [], owners: 'many' })).not.toContain('anybody');
  expect(kinds({ view, keys: [], owners: 'one' })).toContain('anybody');
});

test('a public code counts as long as the door is exposed to it', () => {
  const exposure = { what: 'It opens to 123456.', seconds: 3, limitSeconds: 180 };
  expect(openers({ flows: [{ exposure } as FlowView] })[0]).toMatchObject({ kind: 'public_code' });
});

test('a lock that nobody owns can be opened by anybody', () => {
  expect(kinds({ view: lockView({ lifecycle: 'factory' }), keys: [] })).toContain('anybody');
});

test('a lock with a cylinder may have metal keys that nobody knows of, a key box has none', () => {
  expect(kinds({ procedure: procedure('deadbolt') })).toContain('metal_key');
  expect(kinds({ procedure: procedure('keybox') })).not.toContain('metal_key');
});

test('what the last flow left behind is not forgotten', () => {
  const residuals = [{ kind: 'algorithmic_codes', text: 'Codes of the app go on until May.', until: 7 }];
  expect(openers({ flows: [{ endedAt: 1, residuals } as unknown as FlowView] })).toContainEqual(
    expect.objectContaining({ kind: 'residual', until: 7, known: false }),
  );
});

test('no key is in what is shown', () => {
  expect(JSON.stringify(openers({ credentials: [code()] }))).not.toContain('canary');
});
