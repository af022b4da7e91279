// latchbridge remove LOCK: forgets a lock here, not at the lock.
import { LockError } from '../base/errors.ts';
import type { LockView } from '../lock/lock.ts';
import { lockPath } from './client.ts';
import { command, jsonOption, whereOptions } from './command.ts';

export const remove = command({
  name: 'remove',
  about: 'forget a lock here; the lock itself is not asked',
  words: 'LOCK',
  options: {
    force: { type: 'boolean', about: 'even while we hold a working key: the lock keeps that key for ever' },
    yes: { type: 'boolean', about: 'do not ask' },
    ...jsonOption,
    ...whereOptions,
  },
  more: ['To make the lock forget us, too, unpair it first.'],
  async run({ words: [lock = ''], values, io, daemon }) {
    const client = await daemon();
    const view = await client.get<Pick<LockView, 'name' | 'lifecycle'>>(lockPath(lock));
    const hasKey = view.lifecycle !== 'factory';
    if (values.force && hasKey && !values.yes && io.interactive) {
      const typed = await io.ask(`Its key is lost here and stays in the lock. Type ${view.name} to do it: `);
      if (typed.trim() !== view.name) throw new LockError('stopped', 'Nothing was done.', { reason: 'not_confirmed' });
    }
    const body = values.force ? { force: true } : {};
    const done = await client.ask<{ removed: { name: string } }>('DELETE', lockPath(lock), { body });
    io.out(values.json ? JSON.stringify(done) : `${done.removed.name} is no longer here.`);
    return 0;
  },
});
