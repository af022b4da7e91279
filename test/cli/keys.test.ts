// Codes, passphrases and keys: typed unseen or piped in, and printed nowhere.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lockFirst } from '../../src/cli/args.ts';
import { CANARIES } from '../bridge/web/fake-parts.ts';
import { useKit } from './kit.ts';

const kit = useKit();
const { passphrase, pin, key } = CANARIES;

function digitsSent(): string {
  const { code } = kit.daemon.last('set_code') as unknown as { code: { digits: { reveal(): string } } };
  return code.digits.reveal();
}

describe('codes', () => {
  test('a code is asked for twice, unseen, and printed nowhere', async () => {
    kit.io.answers.push(pin, pin);
    expect(await kit.typeRaw('code', 'front_door', 'set', '3', '--person', 'Anna', '--data', kit.folder)).toBe(0);
    expect(kit.io.asked).toEqual([
      { question: 'Code: ', hidden: true },
      { question: 'Once more: ', hidden: true },
    ]);
    expect(digitsSent()).toBe(pin);
    expect(kit.daemon.last('set_code')).toMatchObject({ slot: 3, code: { person: 'Anna' } });
    expect(kit.io.outs).toEqual(['front_door: slot 3 is on the lock.']);
    expect(kit.io.all).not.toContain(pin);
  });

  test('a code that takes the place of another says whose is gone', async () => {
    for (const [digits, who] of [
      [pin, 'Anna'],
      ['582946', 'Ben'],
    ] as const) {
      kit.io.answers.push(digits, digits);
      expect(await kit.typeRaw('code', 'front_door', 'set', '3', '--person', who, '--data', kit.folder)).toBe(0);
    }
    expect(kit.io.outs[1]).toBe('front_door: slot 3 is on the lock. The code of Anna that was in it is gone.');
  });

  test('two different codes set nothing', async () => {
    kit.io.answers.push(pin, '1111');
    expect(await kit.type('code front_door set 3')).toBe(1);
    expect(kit.daemon.last('set_code')).toBeUndefined();
  });

  test('a code may be piped in, its line end is not part of it', async () => {
    kit.io.piped = `${pin}\n`;
    expect(await kit.type('code front_door set 3 --pin-stdin')).toBe(0);
    expect(digitsSent()).toBe(pin);
  });

  test('a code on the command line is refused, and not repeated', async () => {
    expect(await kit.typeRaw('code', 'front_door', 'set', '3', pin, '--data', kit.folder)).toBe(2);
    expect(await kit.typeRaw('code', 'front_door', 'set', '3', '--pin', pin, '--data', kit.folder)).toBe(2);
    expect(kit.daemon.last('set_code')).toBeUndefined();
    expect(kit.io.all).not.toContain(pin);
  });

  test('where nobody can be asked and nothing is piped in, it says how', async () => {
    kit.io.interactive = false;
    expect(await kit.type('code front_door set 3')).toBe(2);
    expect(kit.io.errs[0]).toBe('Nobody can be asked for the code here; pipe it in with --pin-stdin.');
  });

  test('from and until are times of this machine', async () => {
    kit.io.answers.push(pin, pin);
    const words = ['code', 'front_door', 'set', '3', '--from', '2026-05-11 15:00', '--until', '2026-05-12T11:00'];
    expect(await kit.typeRaw(...words, '--data', kit.folder)).toBe(0);
    expect(kit.daemon.last('set_code')).toMatchObject({
      code: { kind: 'period', from: Date.UTC(2026, 4, 11, 15), until: Date.UTC(2026, 4, 12, 11) },
    });
  });

  test.each(['tomorrow', '2026-02-30 10:00', '2026-05-11', '2026-05-11 25:00'])('%j is no time', async until => {
    expect(await kit.typeRaw('code', 'front_door', 'set', '3', '--until', until, '--data', kit.folder)).toBe(2);
    expect(kit.io.asked).toEqual([]);
  });

  test('codes are listed, switched off and cleared', async () => {
    await kit.type('code front_door list');
    expect(kit.io.outs.at(-1)).toBe('front_door has no codes; it has room for 150.');
    await kit.type('code front_door disable 3');
    expect(kit.io.outs.at(-1)).toBe('front_door: slot 3 is off.');
    await kit.type('code front_door list --refresh');
    expect(kit.daemon.last('reconcile')).toBeDefined();
    expect(kit.io.outs.slice(-2)).toEqual([
      'SLOT  STATE  KIND  FROM  UNTIL  HOURS  PERSON',
      '3     off    -     -     -      -      -',
    ]);
    await kit.type('code front_door clear 3');
    expect(kit.io.outs.at(-1)).toBe('front_door: slot 3 is empty.');
  });

  test('the order of lock and act does not matter, but a lock that is named like an act stands first', async () => {
    expect(await kit.type('code list front_door')).toBe(0);
    expect(lockFirst(['set', 'front_door', '3'], ['list', 'set'])).toEqual(['front_door', 'set', '3']);
    expect(lockFirst(['list', 'set', '3'], ['list', 'set'])).toEqual(['list', 'set', '3']);
    expect(lockFirst(['front_door', 'explode'], ['list', 'set'])).toEqual(['front_door', 'explode']);
  });

  test.each(['code front_door explode 3', 'code front_door set', 'code front_door set three'])(
    '"%s" is a mistake',
    async words => {
      expect(await kit.type(words)).toBe(2);
    },
  );
});

describe('export and import', () => {
  const file = () => join(kit.folder, 'keys.json');
  async function exportAll(): Promise<number> {
    kit.io.answers.push(passphrase, passphrase);
    return kit.typeRaw('export', file(), '--data', kit.folder);
  }

  test('what was exported comes in again with its passphrase', async () => {
    expect(await exportAll()).toBe(0);
    kit.io.answers.push(passphrase);
    expect(await kit.typeRaw('import', file(), '--data', kit.folder)).toBe(0);
    expect(kit.daemon.last('unpack')).toMatchObject({ parcel: kit.daemon.kept });
    expect(kit.io.outs).toEqual([
      `${file()} holds every lock whose key we have. Keep it apart from its passphrase.`,
      'front_door (ttlock) is new here.',
    ]);
  });

  test('the file is ours alone and shows no key, and the passphrase is printed nowhere', async () => {
    await exportAll();
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(readFileSync(file(), 'utf8')).not.toContain(key);
    expect(kit.io.all).not.toContain(passphrase);
  });

  test('only the locks that were named are exported', async () => {
    kit.io.piped = passphrase;
    await kit.typeRaw('export', file(), 'mailbox', '--passphrase-stdin', '--data', kit.folder);
    expect(kit.daemon.last('pack')).toMatchObject({ locks: ['ffffffffffff'] });
    expect(kit.io.outs[0]).toContain('holds mailbox');
  });

  test('another file is never written over', async () => {
    writeFileSync(file(), 'older keys');
    expect(await exportAll()).toBe(1);
    expect(kit.io.errs[0]).toBe(`${file()} exists already; choose another name.`);
    expect(readFileSync(file(), 'utf8')).toBe('older keys');
  });

  test('a wrong passphrase imports nothing', async () => {
    await exportAll();
    kit.io.answers.push(`${passphrase}.`);
    expect(await kit.typeRaw('import', file(), '--data', kit.folder)).toBe(1);
    expect(kit.io.errs).toEqual([
      'The passphrase does not open this file, or the file was changed. Nothing was imported.',
    ]);
    expect(kit.daemon.last('unpack')).toBeUndefined();
  });

  test('a short passphrase writes no file', async () => {
    kit.io.answers.push('short', 'short');
    expect(await kit.typeRaw('export', file(), '--data', kit.folder)).toBe(1);
    expect(existsSync(file())).toBe(false);
  });

  test("another program's file is taken without a passphrase, and its weak keys are told", async () => {
    writeFileSync(file(), JSON.stringify([{ address: 'C0:00:00:00:00:01', privateData: { aesKey: key } }]));
    expect(await kit.typeRaw('import', file(), '--data', kit.folder)).toBe(0);
    expect(kit.io.asked).toEqual([]);
    expect(kit.io.outs[1]).toMatch(
      /^ {2}Weak keys: Its keys were drawn from a weak generator\. To change them: .* unpair front_door/,
    );
    expect(kit.io.all).not.toContain(key);
  });

  test('a file that nobody knows is told', async () => {
    writeFileSync(file(), '{"wifi":"x"}');
    expect(await kit.typeRaw('import', file(), '--data', kit.folder)).toBe(1);
    expect(kit.io.errs).toEqual(['No family knows this file.']);
  });

  test('a file that is not JSON is told without quoting it', async () => {
    writeFileSync(file(), `aesKey ${key}`);
    expect(await kit.typeRaw('import', file(), '--data', kit.folder)).toBe(1);
    expect(kit.io.errs[0]).toContain('is not JSON');
    expect(kit.io.all).not.toContain(key);
  });

  test('a file that is not there is told', async () => {
    expect(await kit.typeRaw('import', file(), '--data', kit.folder)).toBe(1);
    expect(kit.io.errs).toEqual([`${file()} cannot be read.`]);
  });
});

describe('the recovery code', () => {
  const code = 'ABCD-EFGH-JKLM';

  test('it is shown and asked for once, as proof that it is on paper', async () => {
    kit.io.answers.push(code);
    expect(await kit.typeRaw('recovery-code', '--data', kit.folder)).toBe(0);
    expect(kit.io.outs).toEqual([code, 'It is the right one.']);
    expect(kit.io.asked).toEqual([{ question: 'Code from the paper: ', hidden: true }]);
  });

  test('another code is refused', async () => {
    kit.io.answers.push('WRONG');
    expect(await kit.type('recovery-code confirm')).toBe(1);
    expect(kit.io.errs).toEqual(['That is another code.']);
  });

  test('after a restore it opens the keys', async () => {
    kit.io.piped = `${code}\n`;
    expect(await kit.type('recovery-code enter --code-stdin')).toBe(0);
    expect(kit.io.outs).toEqual(['The keys are open again.']);
  });
});
