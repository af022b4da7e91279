// Checksum, key agreement, authenticators: against the published bytes.
import { describe, expect, test } from 'vitest';
import { fromHex, hex } from '../../../src/base/bytes.ts';
import { crc16, crcBytes } from '../../../src/drivers/nuki/crc.ts';
import { agreed, derived, hmac, publicKey, sameMac, seal, sharedKey, unseal } from '../../../src/drivers/nuki/keys.ts';
import * as pairing from '../../../src/drivers/nuki/pair-wire.ts';
import { bytesOf, published } from './published.ts';

test.each(published('crc16'))('the checksum $name', ({ in: given, out }) => {
  const data = bytesOf(given, 'data');
  expect([crc16(data), hex(crcBytes(data))]).toEqual([out['crc'], out['wire']]);
});

test.each(published('key_agreement'))('the keys of $name', ({ in: given, out }) => {
  const [own, other] = [bytesOf(given, 'client_private'), bytesOf(given, 'lock_public')];
  expect([hex(publicKey(own)), hex(agreed(own, other)), hex(sharedKey(own, other))]).toEqual([
    out['client_public'],
    out['dh'],
    out['shared'],
  ]);
});

test.each(published('hsalsa20'))('the derivation $name', ({ in: given, out }) => {
  expect(hex(derived(bytesOf(given, 'key'), bytesOf(given, 'input')))).toBe(out['out']);
});

describe('the authenticator', () => {
  type Part = { name: string; hex: string };
  test.each(published('hmac'))('$name', ({ name, in: given, out }) => {
    const key = bytesOf(given, 'key');
    const parts = Object.fromEntries((given['parts'] as Part[]).map(part => [part.name, fromHex(part.hex)]));
    const part = (which: string): Uint8Array => parts[which] as Uint8Array;
    const mac = name.endsWith('_authenticator')
      ? pairing.authenticator(key, {
          clientPublic: part('client_public'),
          lockPublic: part('lock_public'),
          challenge: part('challenge'),
        })
      : name.endsWith('_authorization_data')
        ? pairing.dataAuthenticator(key, {
            idType: part('id_type'),
            appId: part('app_id'),
            name: part('name'),
            nonce: part('nonce_abf'),
            challenge: part('challenge'),
          })
        : name.endsWith('_authorization_id')
          ? pairing.idAuthenticator(key, {
              authId: part('auth_id'),
              uuid: part('uuid'),
              lockNonce: part('nonce_k'),
              nonce: part('nonce_abf'),
            })
          : pairing.confirmationAuthenticator(key, { authId: part('auth_id'), lockNonce: part('nonce_k') });
    expect(hex(mac)).toBe(out['mac']);
  });

  test('is compared whole', () => {
    const mac = hmac(new Uint8Array(32), Uint8Array.of(1));
    expect([sameMac(mac, mac.slice()), sameMac(mac, mac.with(31, 0)), sameMac(mac, mac.slice(1))]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

test.each(['00'.repeat(32), `01${'00'.repeat(31)}`])('a key that would keep nothing secret is refused: %s', other => {
  expect(() =>
    agreed(
      Uint8Array.from({ length: 32 }, (_, i) => i + 1),
      fromHex(other),
    ),
  ).toThrow(/nothing secret/);
});

test('a seal opens with its key and nonce only', () => {
  const [key, nonce, plain] = [new Uint8Array(32).fill(1), new Uint8Array(24).fill(2), fromHex('0102')];
  const box = seal(key, nonce, plain);
  expect([unseal(key, nonce, box), unseal(nonce.length === 24 ? key.with(0, 9) : key, nonce, box)]).toEqual([
    plain,
    undefined,
  ]);
  expect([unseal(key, nonce.with(0, 9), box), unseal(key, nonce, box.subarray(0, 8))]).toEqual([undefined, undefined]);
});
