// A trace of a real session: vectors that the wire takes, and not one secret in them.
import { describe, expect, test } from 'vitest';
import { fromHex, hex } from '../../../src/base/bytes.ts';
import { Secret } from '../../../src/base/log.ts';
import { nuki } from '../../../src/drivers/nuki/driver.ts';
import { openFrame } from '../../../src/drivers/nuki/frame.ts';
import type { Credential, Json } from '../../../src/lock/driver.ts';
import type { Advert, Link } from '../../../src/radio/radio.ts';
import type { Traffic } from '../../../src/radio/tap.ts';
import { type Scene, connect, heard, offered, scene } from './virtual.ts';

interface Traced {
  name: string;
  kind: string;
  in: Record<string, string>;
  out: Record<string, Json>;
}

/** Everything from the first advert to a code on the keypad, as it went over the air. */
async function traffic(variant: Scene['lock']['variant']): Promise<{ at: Scene; all: Traffic[]; key: Credential }> {
  const at = scene({ variant });
  const all: Traffic[] = [];
  const advertised = (advert: Advert): Advert => (all.push({ at: at.clock.elapsed(), kind: 'advert', advert }), advert);
  const advert = advertised(await offered(at));
  const link = tapped(at, await connect(at), all, 1);
  const hint = { advert, secret: new Secret('123456') };
  const { credential } = await at.clock.run(nuki.pair(link, at.ground, hint, async () => undefined));
  await at.clock.run(link.close());
  advertised(await heard(at, one => nuki.recognise(one)?.state === 'taken'));
  const session = await at.clock.run(nuki.open(tapped(at, await connect(at), all, 2), at.ground, credential));
  await at.clock.run(session.adminCode!.tell!(new Secret(at.lock.pin ?? '')));
  await at.clock.run(session.inspect!());
  await at.clock.run(session.codes!.add({ digits: new Secret('778899'), kind: 'permanent', validity: {} }));
  await at.clock.run(session.codes!.list());
  await at.clock.run(session.authorisations!.list());
  await at.clock.run(session.act('unlock'));
  return { at, all, key: session.updated ?? credential };
}

function tapped({ clock }: Scene, link: Link, all: Traffic[], number: number): Link {
  const tell = (kind: 'wrote' | 'heard', characteristic: string, bytes: Uint8Array): void =>
    void all.push({ at: clock.elapsed(), kind, link: number, characteristic, bytes });
  return {
    mtu: link.mtu,
    closed: link.closed,
    read: characteristic => link.read(characteristic),
    close: () => link.close(),
    async write(characteristic, bytes, how) {
      tell('wrote', characteristic, bytes);
      await link.write(characteristic, bytes, how);
    },
    subscribe: (characteristic, ear) =>
      link.subscribe(characteristic, bytes => {
        tell('heard', characteristic, bytes);
        ear(bytes);
      }),
  };
}

describe.each(['smart_lock_4', 'ultra'] as const)('a trace of %s', variant => {
  async function masked() {
    const { at, all, key } = await traffic(variant);
    const how = { credentials: [key], random: (count: number) => new Uint8Array(count).fill(0x11) };
    const { vectors, meta } = nuki.mask!(all, how);
    return { at, key, vectors: vectors as unknown as Traced[], meta };
  }

  test('holds adverts, questions and answers that open', async () => {
    const { vectors } = await masked();
    const kinds = new Set(vectors.map(one => one.kind));
    expect([...kinds].toSorted()).toEqual(['advert_ibeacon', 'advert_pairing', 'encrypted_frame', 'plain_frame']);
    for (const { in: given, out } of vectors.filter(one => one.kind === 'encrypted_frame')) {
      const { command, payload } = openFrame(fromHex(given['key'] ?? ''), fromHex(given['frame'] ?? ''));
      expect([command, hex(payload)]).toEqual([out['cmd'], out['payload']]);
    }
  });

  test('holds no key, PIN, code, name, number of a user or place', async () => {
    const { at, key, vectors, meta } = await masked();
    const { shared, uuid, nukiId, authId, appId } = key.data.reveal();
    const word = (value: number): string => hex(Uint8Array.from([0, 8, 16, 24], shift => (value >>> shift) & 0xff));
    const inside = vectors.map(one => `${one.out['payload'] as string} ${one.in['payload'] ?? ''}`).join(' ');
    const all = JSON.stringify([vectors, meta]);
    expect([shared, uuid, nukiId].filter(secret => all.includes(secret as string))).toEqual([]);
    const texts = ['Latchbridge', 'door'].map(text => hex(Buffer.from(text)));
    const numbers = [word(778_899), word(authId as number), word(appId as number)];
    expect([...texts, ...numbers].filter(secret => inside.includes(secret))).toEqual([]);
    const pin = word(Number(at.lock.pin)).slice(0, variant === 'ultra' ? 8 : 4);
    const guarded = vectors.filter(one => one.out['cmd'] === 0x20 || one.out['cmd'] === 0x41);
    expect([guarded.length > 1, guarded.some(one => (one.out['payload'] as string).endsWith(pin))]).toEqual([
      true,
      false,
    ]);
  });

  test('does not show how the key was agreed on', async () => {
    const { vectors, meta } = await masked();
    const plain = vectors.filter(one => one.kind === 'plain_frame').map(one => Number(one.in['cmd']));
    expect(plain.filter(command => ![0x01, 0x0e, 0x12, 0x4c].includes(command))).toEqual([]);
    expect(JSON.stringify(meta['unread'])).toContain('"cmd":"0003"');
  });
});
