// latchbridge rename, latchbridge set: what a lock is called, where it belongs, how it is held.
import type { LockView } from '../lock/lock.ts';
import { usage } from './args.ts';
import { lockPath } from './client.ts';
import { command, jsonOption, whereOptions } from './command.ts';

export const rename = command({
  name: 'rename',
  about: 'give a lock another name; its topics move along',
  words: 'LOCK NAME',
  options: { ...jsonOption, ...whereOptions },
  async run({ words: [lock = '', name = ''], values, io, daemon }) {
    const view = await (await daemon()).ask<LockView>('PATCH', lockPath(lock), { body: { name } });
    io.out(values.json ? JSON.stringify(view) : `${lock} is now called ${view.name}.`);
    return 0;
  },
});

export const set = command({
  name: 'set',
  about: 'change the unit or the options of a lock',
  words: 'LOCK',
  options: {
    unit: { type: 'string', value: 'UNIT', about: 'what it belongs to, e.g. a flat' },
    session: {
      type: 'string',
      value: 'MODE',
      choices: ['on_demand', 'held'],
      about: 'on_demand spares the battery; held sees a turned key at once',
    },
    exposed: {
      type: 'string',
      value: 'LIST',
      about: 'the bridges that show it: mqtt,matter or none; Matter is not built yet',
    },
    ...jsonOption,
    ...whereOptions,
  },
  async run({ words: [lock = ''], values, io, daemon }) {
    const { unit, session } = values;
    const exposed = values.exposed === 'none' ? [] : values.exposed?.split(',');
    const options = { ...(session && { session }), ...(exposed && { exposed }) };
    if (unit === undefined && Object.keys(options).length === 0)
      throw usage('Say what to change: --unit, --session or --exposed.');
    const body = { ...(unit === undefined ? {} : { unit }), ...(Object.keys(options).length > 0 ? { options } : {}) };
    const view = await (await daemon()).ask<LockView>('PATCH', lockPath(lock), { body });
    const { settings } = view;
    if (values.json) io.out(JSON.stringify(view));
    else
      io.out(
        `${view.name}: unit ${view.unit.name}, session ${settings.session}, shown on ${settings.exposed.join(', ') || 'nothing'}.`,
      );
    return 0;
  },
});
