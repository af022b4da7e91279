import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/base/log.ts';
import type { KeyVault } from '../../src/store/vault.ts';
import { closeAll, credential, errorOf, freshFolder, inMemory, modeOf, open, seeded, statuses } from './kit.ts';

const LOCK = 'aabbccddeeff';

describe('the key file', () => {
  test('is 32 bytes that only we may read', () => {
    const folder = freshFolder();
    open({ folder });
    expect(readFileSync(join(folder, 'vault.key'))).toHaveLength(32);
    expect(modeOf(join(folder, 'vault.key'))).toBe(0o600);
  });

  async function withKeys(): Promise<{ folder: string; code: string }> {
    const folder = freshFolder();
    const store = open({ folder });
    store.vault.promote(store.vault.keep(LOCK, credential('k1'), 1).id);
    store.vault.setSecret('pin:a', new Secret('1234'));
    const code = store.vault.recoveryCode().reveal();
    await store.close();
    return { folder, code };
  }

  const spoil: Record<string, (path: string) => void> = {
    missing: path => rmSync(path),
    'of another installation': path => writeFileSync(path, seeded('other')(32)),
    'cut short': path => writeFileSync(path, readFileSync(path).subarray(0, 31)),
    empty: path => writeFileSync(path, ''),
    'a folder': path => {
      rmSync(path);
      mkdirSync(path);
    },
  };

  test.each(Object.keys(spoil))(
    '%s: every use of a key says that they are sealed, and nothing is made anew',
    async how => {
      const { folder } = await withKeys();
      const path = join(folder, 'vault.key');
      (spoil[how] as (path: string) => void)(path);
      const { vault } = open({ folder });
      const uses = [
        () => vault.of(LOCK),
        () => vault.keep(LOCK, credential('k2'), 2),
        () => vault.secret('pin:a'),
        () => vault.setSecret('pin:b', new Secret('1')),
        () => vault.recoveryCode(),
      ];
      for (const use of uses) expect(errorOf(use)).toMatchObject({ code: 'unauthenticated', reason: 'sealed' });
      expect(vault.sealed).toContain('recovery code');
      expect(vault.hasSecret('pin:a')).toBe(false);
    },
  );

  test.each(['missing', 'of another installation', 'cut short'])(
    '%s: the recovery code opens the vault for good',
    async how => {
      const { folder, code } = await withKeys();
      (spoil[how] as (path: string) => void)(join(folder, 'vault.key'));
      const store = open({ folder });
      store.vault.restoreKey(code.toLowerCase().replaceAll('-', ' '));
      expect(statuses(store.vault.of(LOCK))).toEqual([['k1', 'live']]);
      await store.close();
      const again = open({ folder });
      expect(statuses(again.vault.of(LOCK))).toEqual([['k1', 'live']]);
      expect(again.vault.recoveryConfirmed).toBe(true);
      expect(modeOf(join(folder, 'vault.key'))).toBe(0o600);
    },
  );

  test('a mistyped recovery code changes nothing', async () => {
    const { folder, code } = await withKeys();
    rmSync(join(folder, 'vault.key'));
    const { vault } = open({ folder });
    const wrong = code.startsWith('7') ? `8${code.slice(1)}` : `7${code.slice(1)}`;
    expect(errorOf(() => vault.restoreKey(wrong)).message).toContain('Group 1 ');
    expect(vault.sealed).toBeDefined();
  });

  test('the recovery code of another installation is refused before anything is written', async () => {
    const { folder } = await withKeys();
    const other = open({ random: seeded('other') })
      .vault.recoveryCode()
      .reveal();
    rmSync(join(folder, 'vault.key'));
    const { vault } = open({ folder });
    expect(errorOf(() => vault.restoreKey(other))).toMatchObject({ code: 'invalid', reason: 'recovery_code' });
    expect(() => readFileSync(join(folder, 'vault.key'))).toThrow('ENOENT');
  });

  test('that is missing before anything was sealed is made again', async () => {
    const folder = freshFolder();
    await open({ folder }).close();
    rmSync(join(folder, 'vault.key'));
    expect(open({ folder }).vault.sealed).toBeUndefined();
  });

  test('is proved by opening a row where its check value was lost', () => {
    const { vault, database, again } = inMemory();
    vault.keep(LOCK, credential('k1'), 1);
    database.run('delete from meta');
    expect(statuses(again().of(LOCK))).toEqual([['k1', 'provisional']]);
  });
});

describe('when key file and recovery code are both lost', () => {
  async function startedOver(): Promise<{ vault: KeyVault; code: string; folder: string }> {
    const folder = freshFolder();
    const store = open({ folder });
    store.vault.promote(store.vault.keep(LOCK, credential('old'), 1).id);
    store.vault.setSecret('pin:a', new Secret('1234'));
    const code = store.vault.recoveryCode().reveal();
    await store.close();
    rmSync(join(folder, 'vault.key'));
    const { vault } = open({ folder, random: seeded('later') });
    vault.startOver();
    return { vault, code, folder };
  }

  test('locks can be paired again after starting over, which somebody has to ask for', async () => {
    const { vault } = await startedOver();
    expect(vault.of(LOCK)).toEqual([]);
    vault.promote(vault.keep(LOCK, credential('new'), 2).id);
    expect(statuses(vault.of(LOCK))).toEqual([['new', 'live']]);
  });

  test('what was sealed is kept, and counted', async () => {
    const { vault } = await startedOver();
    expect(vault.outOfReach).toBe(1);
    expect(vault.secret('pin:a')).toBeUndefined();
  });

  test('and the code turns up after all, everything is there again', async () => {
    const { vault, code } = await startedOver();
    vault.keep(LOCK, credential('new'), 2);
    vault.restoreKey(code);
    expect(statuses(vault.of(LOCK))).toEqual([
      ['new', 'provisional'],
      ['old', 'retired'],
    ]);
    expect(vault.secret('pin:a')?.reveal()).toBe('1234');
    expect(vault.outOfReach).toBe(0);
  });

  test('the new code is to be written down and confirmed anew', async () => {
    const { vault, code } = await startedOver();
    expect(vault.recoveryConfirmed).toBe(false);
    expect(vault.recoveryCode().reveal()).not.toBe(code);
  });

  test('the next start finds the new key', async () => {
    const { vault, folder } = await startedOver();
    vault.keep(LOCK, credential('new'), 2);
    await closeAll();
    expect(statuses(open({ folder }).vault.of(LOCK))).toEqual([['new', 'provisional']]);
  });

  test('an open vault cannot be started over', () => {
    expect(errorOf(() => open().vault.startOver()).code).toBe('invalid');
  });

  test('a code that nothing was sealed with changes nothing in an open vault', () => {
    const other = open({ random: seeded('other') })
      .vault.recoveryCode()
      .reveal();
    expect(errorOf(() => open().vault.restoreKey(other)).reason).toBe('recovery_code');
  });
});

describe('the recovery code', () => {
  test('counts as unconfirmed until it was typed back', () => {
    const { vault } = open();
    expect(vault.recoveryConfirmed).toBe(false);
    vault.confirmRecoveryCode(vault.recoveryCode().reveal());
    expect(vault.recoveryConfirmed).toBe(true);
  });

  test('of another installation does not confirm', () => {
    const { vault } = open();
    const other = open({ random: seeded('other') })
      .vault.recoveryCode()
      .reveal();
    expect(errorOf(() => vault.confirmRecoveryCode(other)).reason).toBe('recovery_code');
    expect(vault.recoveryConfirmed).toBe(false);
  });

  test('shown to somebody leaves a line in the audit, without the code', () => {
    const { vault, audit } = open();
    const code = vault.recoveryCode().reveal();
    expect(audit.read({ most: 1 })).toMatchObject([{ what: 'recovery_code_shown' }]);
    expect(JSON.stringify(audit.read({ most: 9 }))).not.toContain(code.slice(0, 5));
  });

  test('prints as a mask', () => {
    expect(String(open().vault.recoveryCode())).toBe('•••');
  });
});
