// latchbridge recovery-code: the code that opens the keys on another machine, written on paper and typed back once.
import { usage } from './args.ts';
import type { Client } from './client.ts';
import { command, whereOptions } from './command.ts';
import type { Io } from './io.ts';
import { readSecret } from './secrets.ts';

export const recoveryCode = command({
  name: 'recovery-code',
  about: 'write the recovery code on paper, or enter it after a restore',
  words: '[ACT]',
  options: {
    'code-stdin': { type: 'boolean', about: 'confirm, enter: the code is piped in' },
    ...whereOptions,
  },
  more: [
    'recovery-code           shows it and asks for it once',
    'recovery-code confirm   asks for it: proof that it is on paper',
    'recovery-code enter     opens the keys on another machine, after a restore',
  ],
  async run({ words: [act = 'show'], values, io, daemon }) {
    if (!['show', 'confirm', 'enter'].includes(act)) throw usage('ACT must be show, confirm or enter.');
    const client = await daemon();
    if (act === 'show') {
      const { code } = await client.ask<{ code: string }>('POST', '/api/recovery_code/show');
      io.out(code);
      io.err('Write it on paper and keep it away from this machine. Whoever has it and a backup has your keys.');
      if (!io.interactive) return 0;
    }
    return typed(client, io, { act: act === 'enter' ? 'enter' : 'confirm', piped: values['code-stdin'] });
  },
});

async function typed(
  client: Client,
  io: Io,
  { act, piped }: { act: 'confirm' | 'enter'; piped: boolean | undefined },
): Promise<number> {
  const code = await readSecret(io, { what: 'code from the paper', option: 'code-stdin', piped });
  await client.ask('POST', `/api/recovery_code/${act}`, { body: { code: code.reveal() } });
  io.out(act === 'enter' ? 'The keys are open again.' : 'It is the right one.');
  return 0;
}
