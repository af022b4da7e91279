// act, paired, timer and admin-code tell, typed at a terminal.
import { describe, expect, test } from 'vitest';
import { ABILITIES, lockView } from '../bridge/web/fake-parts.ts';
import { useKit } from './kit.ts';

const kit = useKit();

describe('act', () => {
  test('lists what a lock can do, and does it', async () => {
    const actions = [{ name: 'lock_n_go', label: 'Lock ’n’ go', moves: true }];
    kit.daemon.locks = [lockView({ abilities: { ...ABILITIES, actions } })];
    await kit.type('act front_door');
    await kit.type('act front_door lock_n_go');
    expect(kit.io.outs).toEqual(['ACTION     WHAT', 'lock_n_go  Lock ’n’ go', 'front_door: lock_n_go is done.']);
    expect(kit.daemon.workbench.done).toMatchObject([{ what: 'perform', action: 'lock_n_go' }]);
  });
});

describe('paired', () => {
  test('lists whom a lock takes, and takes one off', async () => {
    await kit.type('paired front_door');
    await kit.type('paired front_door remove 12');
    expect(kit.io.outs).toEqual([
      'ID  KIND  NAME                        ENABLED  LAST USED',
      '11  app   Latchbridge (this program)  yes',
      '12  app   Anna                        yes',
      'front_door has forgotten 12.',
    ]);
  });
});

describe('timer', () => {
  test('adds one, lets it rest, and takes it off', async () => {
    await kit.type('timer front_door add mon,fri 22:30 lock');
    await kit.type('timer front_door off 1');
    await kit.type('timer front_door remove 1');
    expect(kit.io.outs).toEqual([
      'front_door: timer 1 does lock at 22:30, mon,fri.',
      'front_door: timer 1 is off.',
      'front_door: timer 1 is gone.',
    ]);
    expect(kit.daemon.workbench.done).toMatchObject([
      { what: 'add_timer', timer: { days: [1, 5], minute: 1350 } },
      { what: 'timers' },
      { what: 'change_timer', timer: { enabled: false } },
      { what: 'remove_timer' },
    ]);
  });

  test('that cannot be is not sent', async () => {
    expect(await kit.type('timer front_door add someday 22:30 lock')).not.toBe(0);
    expect(kit.daemon.workbench.done).toEqual([]);
  });
});

describe('admin-code tell', () => {
  test('asks for the code unseen, and prints it nowhere', async () => {
    kit.io.answers.push('8421973');
    expect(await kit.type('admin-code front_door tell')).toBe(0);
    expect(kit.io.outs.join('\n')).not.toContain('8421973');
    expect(kit.daemon.workbench.done).toMatchObject([{ what: 'tell_admin_code' }]);
  });
});
