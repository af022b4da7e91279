// latchbridge web link: a way in for the page, from the machine itself.
import { renderUnicodeCompact } from 'uqr';
import { usage } from './args.ts';
import type { Client } from './client.ts';
import { command, jsonOption, whereOptions } from './command.ts';
import type { Io } from './io.ts';
import { dateTime } from './text.ts';

export const web = command({
  name: 'web',
  about: 'a link to come in to the page',
  words: 'ACT',
  options: {
    as: { type: 'string', value: 'NAME', about: 'link: for which login, default the first owner' },
    ...jsonOption,
    ...whereOptions,
  },
  more: ['web link                a link that works once; while nobody has a login it makes the first owner'],
  async run({ words: [act], values, io, daemon }) {
    if (act !== 'link') throw usage('ACT must be link.');
    return link(await daemon(), io, values);
  },
});

interface MadeLink {
  purpose: 'setup' | 'login';
  name?: string;
  expires: number;
  urls: string[];
}

async function link(client: Client, io: Io, { as, json }: { as?: string; json?: boolean }): Promise<number> {
  const made = await client.ask<MadeLink>('POST', '/api/links', { body: as === undefined ? {} : { as } });
  if (json) {
    io.out(JSON.stringify(made));
    return 0;
  }
  const what = made.purpose === 'setup' ? 'It makes the first owner' : `It lets ${made.name ?? 'its owner'} in`;
  for (const url of made.urls) io.out(url);
  const [first] = made.urls;
  // A phone cannot reach what only this machine can.
  if (first !== undefined && io.interactive && !/^http:\/\/(127\.|\[::1\])/.test(first)) {
    io.out(renderUnicodeCompact(first));
  }
  io.err(`${what}, once, until ${dateTime(made.expires, io.zone)}. Keep it to yourself.`);
  return 0;
}
