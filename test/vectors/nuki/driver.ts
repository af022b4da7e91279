// Nuki vectors against the driver's wire: what it opens and seals, gathers and refuses (nuki.md 21.1, column D).
import { ByteReader, fromHex, hex } from '../../../src/base/bytes.ts';
import { LockError } from '../../../src/base/errors.ts';
import { addressOf, nameOf, readBeacon, readOffer } from '../../../src/drivers/nuki/advert.ts';
import { crc16, crcBytes } from '../../../src/drivers/nuki/crc.ts';
import {
  Gatherer,
  type Heard,
  openFrame,
  plainFrame,
  readPlain,
  sealedFrame,
} from '../../../src/drivers/nuki/frame.ts';
import * as keys from '../../../src/drivers/nuki/keys.ts';
import * as pairing from '../../../src/drivers/nuki/pair-wire.ts';
import { pinBytes, readPin } from '../../../src/drivers/nuki/wire.ts';
import { type Vector, differences, unlike } from '../vector.ts';
import { dashed, generationIn, inOf, number, outOf, text, undashed } from './names.ts';
import { readers } from './read.ts';
import { replayAtNukiDriver } from './replay-driver.ts';

type Check = (vector: Vector) => readonly string[] | Promise<readonly string[]>;

export const driver: Readonly<Record<string, Check>> = {
  crc16: vector => {
    const data = bytesIn(vector, 'data');
    return differences(outOf(vector), { crc: crc16(data), wire: hex(crcBytes(data)) });
  },
  key_agreement: vector => {
    const [own, peer] = [bytesIn(vector, 'client_private'), bytesIn(vector, 'lock_public')];
    const [dh, shared] = [hex(keys.agreed(own, peer)), hex(keys.sharedKey(own, peer))];
    return differences(outOf(vector), { client_public: hex(keys.publicKey(own)), dh, shared });
  },
  hsalsa20: vector => {
    const out = keys.derived(bytesIn(vector, 'key'), bytesIn(vector, 'input'));
    return differences(outOf(vector), { out: hex(out) });
  },
  hmac: vector => differences(outOf(vector), { mac: hex(macOf(vector)) }),
  plain_frame: vector => {
    const [command, payload] = [number(inOf(vector), 'cmd'), bytesIn(vector, 'payload')];
    const back = readPlain(fromHex(text(outOf(vector), 'frame')));
    return [
      ...differences(outOf(vector), { frame: hex(plainFrame({ command, payload })) }),
      ...unlike('reads', `${command} ${hex(payload)}`, `${back.command} ${hex(back.payload)}`),
    ];
  },
  encrypted_frame: checkSealed,
  fragments: vector => {
    const pieces = inOf(vector)['fragments'] as string[];
    const gatherer = new Gatherer(streamOf(vector));
    const heard = pieces.map(piece => gatherer.feed(fromHex(piece)).map(bytesOf).join());
    const due = pieces.map((_, i) => (i === pieces.length - 1 ? text(outOf(vector), 'message') : ''));
    return unlike('gathers', due.join(' '), heard.join(' '));
  },
  reject: vector => {
    const frame = bytesIn(vector, 'frame');
    const isPlain = streamOf(vector) === 'plain';
    const read = (): unknown => (isPlain ? readPlain(frame) : openFrame(bytesIn(vector, 'key'), frame));
    return differences(outOf(vector), { reason: refusalOf(read) });
  },
  pin: vector => {
    const generation = generationIn(inOf(vector));
    const pin = number(inOf(vector), 'pin');
    const written = pinBytes(generation, String(pin));
    return [
      ...differences(outOf(vector), { hex: hex(written) }),
      ...differences(pin, Number(readPin(generation, new ByteReader(written)))),
    ];
  },
  fields: checkFields,
  advert_ibeacon: vector => {
    const data = bytesIn(vector, 'manufacturer_data_with_company');
    const beacon = readBeacon(data);
    if (!beacon) return ['is no beacon'];
    const { nukiId, txPower, changed } = beacon;
    return differences(outOf(vector), {
      company: new ByteReader(data).u16le(),
      beacon_uuid: dashed(hex(data.subarray(4, 20))),
      nuki_id: nukiId,
      name: nameOf(nukiId),
      // Of one nobody has noted the address.
      address: outOf(vector)['address'] === null ? null : addressOf(nukiId),
      tx_power_byte: txPower,
      state_changed: changed,
    });
  },
  advert_pairing: vector => {
    const service = undashed(text(inOf(vector), 'service_data_uuid'));
    const offer = readOffer(new Map([[service, bytesIn(vector, 'service_data')]]));
    if (!offer?.nukiId) return ['offers no pairing'];
    const { generation, nukiId } = offer;
    const found = { generation, nuki_id: nukiId, address: addressOf(nukiId), pairing: true };
    return [...differences(outOf(vector), found), ...unlike('name', text(inOf(vector), 'name'), nameOf(nukiId))];
  },
  pairing_transcript: replayAtNukiDriver,
  ...readers,
};

function bytesIn(vector: Vector, name: string): Uint8Array {
  return fromHex(text(inOf(vector), name));
}

function streamOf(vector: Vector): 'plain' | 'sealed' {
  const stream = text(inOf(vector), 'stream');
  if (stream === 'plain') return 'plain';
  if (stream === 'encrypted') return 'sealed';
  throw new RangeError(`the stream "${stream}" is unknown`);
}

function bytesOf(heard: Heard): string {
  return hex('sealed' in heard ? heard.sealed : plainFrame(heard.plain));
}

function refusalOf(read: () => unknown): string {
  try {
    read();
    return 'none';
  } catch (thrown) {
    if (thrown instanceof LockError && thrown.code === 'malformed') return thrown.reason ?? 'unnamed';
    throw thrown;
  }
}

function checkSealed(vector: Vector): string[] {
  const [key, frame] = [bytesIn(vector, 'key'), bytesIn(vector, 'frame')];
  const out = outOf(vector);
  const { authId, command, payload, inside } = openFrame(key, frame);
  const head = new ByteReader(frame.subarray(24));
  const nonce = fromHex(text(out, 'nonce'));
  const sealed = sealedFrame(
    { key, authId: number(out, 'auth_id_adata'), nonce },
    { command: number(out, 'cmd'), payload: fromHex(text(out, 'payload')) },
  );
  return [
    ...differences(out, {
      nonce: hex(frame.subarray(0, 24)),
      auth_id_adata: head.u32le(),
      length: head.u16le(),
      pdata: hex(inside),
      auth_id_pdata: authId,
      cmd: command,
      payload: hex(payload),
    }),
    ...unlike('seals', hex(frame), hex(sealed)),
  ];
}

/** In the function that pairing uses; of another use, sealed in order. */
function macOf(vector: Vector): Uint8Array {
  const parts = inOf(vector)['parts'] as { name: string; hex: string }[];
  const key = bytesIn(vector, 'key');
  const part = (name: string): Uint8Array => {
    const found = parts.find(each => each.name === name);
    if (!found) throw new RangeError(`there is no part "${name}"`);
    return fromHex(found.hex);
  };
  if (vector.name.endsWith('_authenticator')) {
    const publics = { clientPublic: part('client_public'), lockPublic: part('lock_public') };
    return pairing.authenticator(key, { ...publics, challenge: part('challenge') });
  }
  if (vector.name.endsWith('_authorization_data')) {
    const who = { idType: part('id_type'), appId: part('app_id'), name: part('name') };
    return pairing.dataAuthenticator(key, { ...who, nonce: part('nonce_abf'), challenge: part('challenge') });
  }
  if (vector.name.endsWith('_authorization_id')) {
    const told = { authId: part('auth_id'), uuid: part('uuid'), lockNonce: part('nonce_k') };
    return pairing.idAuthenticator(key, { ...told, nonce: part('nonce_abf') });
  }
  if (vector.name.endsWith('_id_confirmation')) {
    return pairing.confirmationAuthenticator(key, { authId: part('auth_id'), lockNonce: part('nonce_k') });
  }
  return keys.hmac(key, ...parts.map(each => fromHex(each.hex)));
}

function checkFields(vector: Vector): string[] {
  const layout = text(inOf(vector), 'layout');
  const payload = bytesIn(vector, 'payload');
  if (layout === 'g5_authorization_id') {
    const { authId, uuid } = pairing.readSealedAuthorisationId(new ByteReader(payload));
    return differences(outOf(vector), { auth_id: authId, uuid: hex(uuid) });
  }
  if (layout !== 'g5_authorization_data') return [`layout "${layout}": unknown to this program`];
  const { appId, name, pin } = pairing.readSealedAuthorisationData(new ByteReader(payload));
  const again = pairing.sealedAuthorisationData({ appId, name, idType: 'app' }, String(pin));
  return [
    ...differences(outOf(vector), { app_id: appId, name, pin }),
    ...unlike('writes', hex(payload), hex(again.payload)),
  ];
}
