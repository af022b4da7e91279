// latchbridge unpair: shows what it will do, then does it when somebody types the lock's name.
import { LockError } from '../base/errors.ts';
import type { WipePlan } from '../flow/flow.ts';
import type { LockView } from '../lock/lock.ts';
import { usage } from './args.ts';
import { type Client, lockPath } from './client.ts';
import { command, jsonOption, whereOptions } from './command.ts';
import type { Io } from './io.ts';

/** Connection, the wipe with the lock's own time, and waiting for the proof that it forgot. */
const CONFIRM_MS = 180_000;

interface Unpaired {
  view: LockView;
  proven: boolean;
  removed: boolean;
  text: string;
}

export const unpair = command({
  name: 'unpair',
  about: 'make a lock forget us, so that it can be given away or paired elsewhere',
  words: 'LOCK',
  options: {
    remove: { type: 'boolean', about: 'also forget its name, topics and history here' },
    'forget-only': {
      type: 'boolean',
      about: 'only forget it here: the lock cannot be reached any more, and keeps its keys',
    },
    plan: { type: 'boolean', about: 'only show what would be done, with the token that confirms it' },
    yes: { type: 'boolean', about: 'do it without asking; needs --token' },
    token: { type: 'string', value: 'TOKEN', about: 'the token of the plan, good for two minutes' },
    ...jsonOption,
    ...whereOptions,
  },
  async run({ words: [name = ''], values, io, daemon }) {
    if ((values.yes ?? false) !== (values.token !== undefined)) {
      throw usage('Without being asked it takes two steps: first --plan, then --yes with the --token of that plan.');
    }
    const client = await daemon();
    if (values.token !== undefined)
      return confirm(client, io, { name, token: values.token, json: values.json ?? false });
    const body = { ...(values.remove && { remove: true }), ...(values['forget-only'] && { forget_only: true }) };
    const plan = await client.ask<WipePlan>('POST', lockPath(name, '/unpair'), { body });
    if (values.json && values.plan) io.out(JSON.stringify(plan));
    else print(plan, io);
    const asks = io.interactive && !values.plan;
    if (!asks && !values.json) io.err(`Token, good for ${plan.expires_in_s} s: ${plan.confirm_token}`);
    if (values.plan) return 0;
    if (!asks) {
      io.err('Nothing was done: nobody can be asked here. Use --plan, then --yes with --token.');
      return 1;
    }
    const typed = await io.ask(`Type ${plan.name} to do it, anything else to stop: `);
    if (typed.trim() !== plan.name) throw new LockError('stopped', 'Nothing was done.', { reason: 'not_confirmed' });
    return confirm(client, io, { name, token: plan.confirm_token, json: values.json ?? false });
  },
});

async function confirm(
  client: Client,
  io: Io,
  { name, token, json }: { name: string; token: string; json: boolean },
): Promise<number> {
  const body = { confirm_token: token };
  const done = await client.ask<Unpaired>('POST', lockPath(name, '/unpair/confirm'), { body, withinMs: CONFIRM_MS });
  io.out(json ? JSON.stringify(done) : done.text);
  return 0;
}

/** On the channel of what goes on: with --json only the result is on standard output. */
function print({ name, steps, erases, warnings }: WipePlan, io: Io): void {
  io.err(`To unpair ${name}:`);
  for (const [i, step] of steps.entries()) io.err(`  ${i + 1}. ${step}`);
  if (erases.length > 0) io.err('This will be lost:');
  for (const line of erases) io.err(`  - ${line}`);
  for (const line of warnings) io.err(`Mind: ${line}`);
}
