// latchbridge phone LOCK MINUTES, revoke-keys LOCK, admin-code LOCK show|set: other ways into a lock than ours.
import { LockError } from '../base/errors.ts';
import { lockFirst, usage } from './args.ts';
import { lockPath } from './client.ts';
import { command, jsonOption, whereOptions } from './command.ts';
import { readSecret } from './secrets.ts';
import { time } from './text.ts';

const WORK_MS = 60_000;
const MOST_MINUTES = 60;

export const phone = command({
  name: 'phone',
  about: "let go of a lock for some minutes, so that the maker's app can connect",
  words: 'LOCK MINUTES',
  options: { ...jsonOption, ...whereOptions },
  more: ['0 ends it early. A command from here still connects, if the phone leaves it room, and lets go at once.'],
  async run({ words: [lock = '', text = ''], values, io, daemon }) {
    const minutes = Number(text);
    if (!/^\d+$/.test(text) || minutes > MOST_MINUTES) throw usage(`MINUTES must be from 0 to ${MOST_MINUTES}.`);
    const client = await daemon();
    const done = await client.ask<{ until?: number }>('POST', lockPath(lock, '/phone'), { body: { minutes } });
    if (values.json) io.out(JSON.stringify(done));
    else if (done.until === undefined) io.out(`${lock} is ours again.`);
    else io.out(`${lock} is left to the phone until ${time(done.until, io.zone)}.`);
    return 0;
  },
});

export const revokeKeys = command({
  name: 'revoke-keys',
  about: 'make every key stop working that was given to an app; ours goes on',
  words: 'LOCK',
  options: { yes: { type: 'boolean', about: 'do it without asking' }, ...jsonOption, ...whereOptions },
  async run({ words: [lock = ''], values, io, daemon }) {
    const client = await daemon();
    if (!values.yes) {
      if (!io.interactive) throw usage('Nobody can be asked here; say --yes.');
      const typed = await io.ask(`Every app that has a key of ${lock} loses it. Type yes to do it: `);
      if (typed.trim().toLowerCase() !== 'yes')
        throw new LockError('stopped', 'Nothing was done.', { reason: 'not_confirmed' });
    }
    const done = await client.ask('POST', lockPath(lock, '/keys/revoke'), { withinMs: WORK_MS });
    io.out(values.json ? JSON.stringify(done) : `${lock}: the keys of all apps are revoked.`);
    return 0;
  },
});

export const adminCode = command({
  name: 'admin-code',
  about: "show, change or tell the code of a lock's own: of its menu, or of its owner",
  words: 'LOCK ACT',
  options: { 'code-stdin': { type: 'boolean', about: 'set, tell: the code is piped in' }, ...whereOptions },
  more: [
    'admin-code LOCK show   prints it',
    'admin-code LOCK set    asks for the new one, unseen',
    'admin-code LOCK tell   asks for the one that the lock has already: some do little without it',
  ],
  async run({ words, values, io, daemon }) {
    const [lock = '', act = ''] = lockFirst(words, ['show', 'set', 'tell']);
    if (act !== 'show' && act !== 'set' && act !== 'tell') throw usage('ACT must be show, set or tell.');
    const client = await daemon();
    if (act === 'show') {
      const path = lockPath(lock, '/admin_code/show');
      const { code } = await client.ask<{ code: string }>('POST', path, { withinMs: WORK_MS });
      io.out(code);
      return 0;
    }
    if (act === 'tell') {
      const told = await readSecret(io, {
        what: 'code of the lock',
        option: 'code-stdin',
        piped: values['code-stdin'],
      });
      const path = lockPath(lock, '/admin_code/tell');
      await client.ask('POST', path, { body: { code: told.reveal() }, withinMs: WORK_MS });
      io.out(`${lock} takes that code; it is kept with the key of the lock.`);
      return 0;
    }
    const wanted = { what: 'new admin code', option: 'code-stdin', piped: values['code-stdin'], twice: true };
    const code = await readSecret(io, wanted);
    await client.ask('PUT', lockPath(lock, '/admin_code'), { body: { code: code.reveal() }, withinMs: WORK_MS });
    io.out(`${lock} has a new admin code.`);
    return 0;
  },
});
