import { describe, expect, test } from 'vitest';
import { LockError } from '../../src/base/errors.ts';
import { diskError } from '../../src/store/disk-errors.ts';

describe('an error of the disk in words', () => {
  const system = (code: string): Error => Object.assign(new RangeError('x'), { code });
  const sqlite = (errcode: number): Error => Object.assign(new RangeError('x'), { code: 'ERR_SQLITE_ERROR', errcode });

  test.each([
    [system('ENOSPC'), 'disk_full'],
    [system('EDQUOT'), 'disk_full'],
    [system('EIO'), 'disk_failing'],
    [system('EROFS'), 'disk_read_only'],
    [system('EACCES'), 'disk_no_access'],
    [sqlite(13), 'disk_full'],
    [sqlite(10 | (4 << 8)), 'disk_failing'],
    [sqlite(8), 'disk_read_only'],
    [sqlite(5), 'disk_in_use'],
    [sqlite(11), 'disk_damaged'],
    [sqlite(26), 'disk_damaged'],
    [sqlite(14), 'disk_no_access'],
    [sqlite(1), 'disk_unknown'],
  ])('%s is %s', (thrown, reason) => {
    const error = diskError(thrown, 'save the key');
    expect(error).toMatchObject({ code: 'disk', reason, acted: 'no', cause: thrown });
    expect(error.message).toMatch(/^Could not save the key: /);
  });

  test('an error that is ours already passes as it is', () => {
    const ours = new LockError('busy', 'x');
    expect(diskError(ours, 'save')).toBe(ours);
  });
});
