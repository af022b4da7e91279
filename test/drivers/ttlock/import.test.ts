// Keys of other programs.
import { describe, expect, test } from 'vitest';
import type { LockError } from '../../../src/base/errors.ts';
import { ttlock } from '../../../src/drivers/ttlock/driver.ts';
import type { Json } from '../../../src/lock/driver.ts';
import { credential } from './fake-lock.ts';

const KEY = '00112233445566778899aabbccddeeff';

function imported(foreign: Json) {
  return ttlock.importCredential?.(foreign)?.map(one => ({ ...one, data: one.credential.data.reveal() }));
}

/** An entry of a lockData.json. */
const peers: Record<string, Json> = {
  address: 'F2:C1:AD:4C:AE:FD',
  battery: 100,
  rssi: -60,
  autoLockTime: 5,
  lockedStatus: 0,
  privateData: {
    aesKey: KEY,
    admin: { adminPs: 73079075, unlockKey: 76257105 },
    adminPasscode: '1234567',
    pwdInfo: [],
  },
  operationLog: [],
};

const makers: Record<string, Json> = {
  lockMac: 'F2:C1:AD:4C:AE:FD',
  lockName: 'D01_fdae4c',
  lockAlias: 'Front door',
  aesKeyStr: '00,11,22,33,44,55,66,77,88,99,aa,bb,cc,dd,ee,ff',
  adminPwd: 'MTAzLDEwMSw5OSw5NywxMTEsMTAyLDEwMCw5OCw5NiwxMTAsNDE=',
  lockKey: '76257105',
  lockFlagPos: 3,
  lockVersion: '{"protocolType":5,"protocolVersion":3,"scene":2,"groupId":10,"orgId":34}',
  featureValue: '51071C4F5F1',
  noKeyPwd: '1234567',
};

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (thrown) {
    return thrown;
  }
}

describe('importing', () => {
  test('takes a lockData.json and warns of its random numbers', () => {
    const [one] = imported([peers]) ?? [];
    expect(one?.data).toMatchObject({ aesKey: KEY, adminPs: 73079075, unlockKey: 76257105, adminPin: '1234567' });
    expect([one?.address, one?.weak]).toEqual(['f2:c1:ad:4c:ae:fd', expect.stringContaining('random')]);
  });

  test('leaves out locks that were only seen', () => {
    expect(imported([peers, { address: 'F2:C1:AD:4C:AE:FE', privateData: {} }])?.length).toBe(1);
  });

  test('takes the maker’s key with masked numbers and the header as text', () => {
    const [one] = imported(makers) ?? [];
    expect(one).toMatchObject({ name: 'Front door', address: 'f2:c1:ad:4c:ae:fd' });
    expect(one?.data).toMatchObject({
      aesKey: KEY,
      adminPs: 246813579,
      unlockKey: 76257105,
      lockFlagPos: 3,
      features: '51071c4f5f1',
      header: { type: 5, version: 3, scene: 2, group: 10, org: 34 },
    });
  });

  test('takes a shared key, which opens and does nothing else', () => {
    const { adminPwd: _, ...shared } = makers;
    expect(imported(shared)?.[0]?.data['adminPs']).toBeUndefined();
  });

  test.each([
    [0, 0, undefined],
    [1_780_000_000_000, 0, { from: 1_780_000_000_000 }],
    [1_780_000_000_000, 1_790_000_000_000, { from: 1_780_000_000_000, until: 1_790_000_000_000 }],
  ])('takes the dates %d and %d of a shared key', (startDate, endDate, due) => {
    expect(imported({ ...makers, startDate, endDate })?.[0]?.data['window']).toEqual(due);
  });

  test('takes our own export back as it was', () => {
    const data = credential().data.reveal();
    expect(imported({ family: 'ttlock', data })?.[0]?.data).toEqual(data);
  });

  test.each([[{}], [[]], [null], ['text'], [{ family: 'nuki', data: {} }], [[{ hello: 1 }]]] as [Json][])(
    'leaves %j to other families',
    foreign => expect(imported(foreign)).toBeUndefined(),
  );

  test.each([
    ['a short key', { ...peers, privateData: { aesKey: '0011', admin: { adminPs: 1, unlockKey: 2 } } }],
    ['no administrator', { ...peers, privateData: { aesKey: KEY } }],
    ['a number too large', { ...peers, privateData: { aesKey: KEY, admin: { adminPs: 2 ** 32, unlockKey: 2 } } }],
    ['no address', { privateData: { aesKey: KEY, admin: { adminPs: 1, unlockKey: 2 } } }],
    ['a masked number that is none', { ...makers, lockKey: 'bm90aGluZw==' }],
    ['ours without data', { family: 'ttlock' }],
    ['ours with half a header', { family: 'ttlock', data: { ...credential().data.reveal(), header: { type: 5 } } }],
  ] as [string, Json][])('says that a key with %s is broken, without showing it', (_, foreign) => {
    const error = thrownBy(() => imported(foreign));
    expect(error).toMatchObject({ name: 'LockError', code: 'invalid' });
    expect((error as LockError).message).not.toContain('0011');
  });
});
