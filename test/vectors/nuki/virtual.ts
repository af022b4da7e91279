// Nuki vectors against the virtual lock's own bytes: what it opens, what it builds (nuki.md 21.1, column V).
import { fromHex, hex } from '../../../src/base/bytes.ts';
import { beaconData, nameOf, pairingData } from '../../../src/sim/nuki/advert.ts';
import { u16 } from '../../../src/sim/nuki/bytes.ts';
import { payloadSizes } from '../../../src/sim/nuki/commands.ts';
import { nuki } from '../../../src/sim/nuki/family.ts';
import * as frames from '../../../src/sim/nuki/frames.ts';
import * as keys from '../../../src/sim/nuki/keys.ts';
import { authorizationId5 } from '../../../src/sim/nuki/layouts.ts';
import { readData5 } from '../../../src/sim/nuki/pairing.ts';
import { readPin } from '../../../src/sim/nuki/pin.ts';
import { variants } from '../../../src/sim/nuki/variants.ts';
import { uuid } from '../../../src/sim/nuki/voice.ts';
import { type Vector, differences, unlike } from '../vector.ts';
import { builders } from './built.ts';
import { dashed, flag, generationIn, generationOf, inOf, leftOver, number, outOf, text } from './names.ts';
import { replayAtVirtualNuki } from './replay.ts';

type Check = (vector: Vector) => readonly string[] | Promise<readonly string[]>;

const SMALL = 20;
const PLAIN_OUT = ['nonce', 'auth_id_adata', 'length', 'pdata', 'auth_id_pdata', 'cmd', 'payload'];

export const virtual: Readonly<Record<string, Check>> = {
  crc16: vector => {
    const crc = frames.crc16(bytesIn(vector, 'data'));
    return differences(outOf(vector), { crc, wire: hex(Uint8Array.from(u16(crc))) });
  },
  key_agreement: vector => {
    const [own, peer] = [bytesIn(vector, 'client_private'), bytesIn(vector, 'lock_public')];
    const dh = hex(keys.agree(own, peer));
    const shared = hex(keys.sharedKey(own, peer));
    return differences(outOf(vector), { client_public: hex(keys.publicOf(own)), dh, shared });
  },
  hsalsa20: vector => [
    ...unlike('input', '0'.repeat(32), text(inOf(vector), 'input')),
    ...differences(outOf(vector), { out: hex(keys.derive(bytesIn(vector, 'key'))) }),
  ],
  hmac: vector => differences(outOf(vector), { mac: hex(macOf(vector)) }),
  plain_frame: vector => {
    const message = { command: number(inOf(vector), 'cmd'), payload: bytesIn(vector, 'payload') };
    const frame = frames.plainFrame(message);
    const back = frames.readPlain(fromHex(text(outOf(vector), 'frame')));
    return [
      ...differences(outOf(vector), { frame: hex(frame) }),
      ...unlike('reads', shownMessage(message), typeof back === 'object' ? shownMessage(back) : back),
    ];
  },
  encrypted_frame: vector => [...checkOpened(vector), ...checkSealed(vector), ...checkSize(vector)],
  fragments: vector => {
    const pieces = inOf(vector)['fragments'] as string[];
    const message = text(outOf(vector), 'message');
    const stream = text(inOf(vector), 'stream');
    if (stream !== 'plain' && stream !== 'encrypted') return [`stream "${stream}": unknown to this program`];
    const gatherer = new frames.Gatherer(stream === 'plain' ? 'plain' : 'sealed');
    const heard = pieces.map(piece => gatherer.feed(fromHex(piece)));
    const got = heard.map(each => (each === undefined ? '' : each === 'broken' ? each : hex(each))).join();
    const due = pieces.map((_, i) => (i === pieces.length - 1 ? message : '')).join();
    const cut = frames.cut(fromHex(message), SMALL).map(hex);
    return [...unlike('gathers', due, got), ...unlike('cuts', pieces.join(' '), cut.join(' '))];
  },
  reject: vector => {
    const frame = bytesIn(vector, 'frame');
    const stream = text(inOf(vector), 'stream');
    const read =
      stream === 'plain' ? frames.readPlain(frame) : stream === 'encrypted' ? opened(vector, frame) : undefined;
    if (read === undefined) return [`stream "${stream}": unknown to this program`];
    if (typeof read !== 'object' || ('crcFits' in read && !read.crcFits)) return [];
    return ['takes a frame that is to be refused'];
  },
  pin: vector => {
    const sent = fromHex(text(outOf(vector), 'hex'));
    const size = generationIn(inOf(vector)) === 'g5' ? 4 : 2;
    return [
      ...unlike('bytes of a PIN', String(size), String(sent.length)),
      ...differences(number(inOf(vector), 'pin'), readPin(sent)),
    ];
  },
  fields: checkFields,
  advert_ibeacon: checkBeacon,
  advert_pairing: checkPairingAdvert,
  pairing_transcript: replayAtVirtualNuki,
  ...builders,
};

function checkBeacon(vector: Vector): string[] {
  const out = outOf(vector);
  const id = Number.parseInt(text(out, 'nuki_id'), 16);
  const changed = flag(out, 'state_changed');
  const built = beaconData(id, number(out, 'tx_power_byte') & ~1, changed);
  return [
    ...unlike('beacon', text(inOf(vector), 'manufacturer_data_with_company'), hex(built)),
    ...differences(out, {
      company: Buffer.from(built).readUInt16LE(0),
      beacon_uuid: dashed(uuid('e200')),
      nuki_id: hex(built.subarray(20, 24)),
      name: nameOf(id),
      address: out['address'] === null ? null : addressOf(id),
      tx_power_byte: built[24],
      state_changed: changed,
    }),
  ];
}

function checkPairingAdvert(vector: Vector): string[] {
  const out = outOf(vector);
  const id = Number.parseInt(text(out, 'nuki_id'), 16);
  const generation = generationIn(out);
  const [service, data] = pairingData(generation, id);
  return [
    ...differences(inOf(vector), { service_data_uuid: dashed(service), service_data: hex(data), name: nameOf(id) }),
    ...differences(out, { generation, nuki_id: hex(data), address: addressOf(id), pairing: true }),
  ];
}

/** As the family gives addresses out: the vendor's half, and the last bytes of the id. */
function addressOf(id: number): string {
  return nuki.address(Uint8Array.of((id >> 16) & 0xff, (id >> 8) & 0xff, id & 0xff));
}

function bytesIn(vector: Vector, name: string): Uint8Array {
  return fromHex(text(inOf(vector), name));
}

function shownMessage({ command, payload }: frames.Message): string {
  return `${command} ${hex(payload)}`;
}

/** The parts by name, in the function that the lock pairs with; of another use, sealed in order. */
function macOf(vector: Vector): Uint8Array {
  const parts = inOf(vector)['parts'] as { name: string; hex: string }[];
  const key = bytesIn(vector, 'key');
  const part = (name: string): Uint8Array => {
    const found = parts.find(each => each.name === name);
    if (!found) throw new RangeError(`there is no part "${name}"`);
    return fromHex(found.hex);
  };
  const joined = (...names: string[]): Uint8Array => Buffer.concat(names.map(part));
  if (vector.name.endsWith('_authenticator')) {
    const [clientPublic, lockPublic, challenge] = ['client_public', 'lock_public', 'challenge'].map(part);
    if (clientPublic && lockPublic && challenge) {
      return keys.authenticator(key, { clientPublic, lockPublic, challenge });
    }
  }
  if (vector.name.endsWith('_authorization_data')) {
    const data = joined('id_type', 'app_id', 'name', 'nonce_abf');
    return keys.authorizationDataMac(key, data, part('challenge'));
  }
  if (vector.name.endsWith('_authorization_id')) {
    return keys.authorizationIdMac(key, joined('auth_id', 'uuid', 'nonce_k'), part('nonce_abf'));
  }
  if (vector.name.endsWith('_id_confirmation')) {
    return keys.confirmationMac(key, Buffer.from(part('auth_id')).readUInt32LE(0), part('nonce_k'));
  }
  return keys.macOf(key, ...parts.map(each => fromHex(each.hex)));
}

function opened(vector: Vector, frame: Uint8Array): ReturnType<typeof frames.unseal> | 'length' {
  const sealed = frames.readSealed(frame);
  return sealed === 'length' ? sealed : frames.unseal(bytesIn(vector, 'key'), sealed);
}

function checkOpened(vector: Vector): string[] {
  const frame = bytesIn(vector, 'frame');
  const sealed = frames.readSealed(frame);
  if (sealed === 'length') return ['its length does not fit'];
  const message = frames.unseal(bytesIn(vector, 'key'), sealed, true);
  if (typeof message !== 'object') return [`does not open: ${message}`];
  const { authId, command, payload, crcFits } = message;
  const covered = Buffer.alloc(6);
  covered.writeUInt32LE(authId, 0);
  covered.writeUInt16LE(command, 4);
  const body = Buffer.concat([covered, payload]);
  const pdata = Buffer.concat([body, Uint8Array.from(u16(frames.crc16(body)))]);
  return [
    ...(crcFits ? [] : ['its checksum does not fit']),
    ...differences(outOf(vector), {
      nonce: hex(sealed.nonce),
      auth_id_adata: sealed.authId,
      length: sealed.box.length,
      pdata: hex(pdata),
      auth_id_pdata: authId,
      cmd: command,
      payload: hex(payload),
    }),
  ];
}

function checkSealed(vector: Vector): string[] {
  const out = outOf(vector);
  const sealed = frames.seal(bytesIn(vector, 'key'), number(out, 'auth_id_pdata'), {
    command: number(out, 'cmd'),
    payload: fromHex(text(out, 'payload')),
    nonce: fromHex(text(out, 'nonce')),
    outside: number(out, 'auth_id_adata'),
  });
  return [...leftOver(out, PLAIN_OUT), ...unlike('seals', text(inOf(vector), 'frame'), hex(sealed))];
}

/** What a client sends has to be as long as this generation has it. */
function checkSize(vector: Vector): string[] {
  const out = outOf(vector);
  const variant = variants[generationOf(vector) === 'g5' ? 'ultra' : 'smart_lock_4'];
  const sizes = payloadSizes(variant, number(out, 'cmd'));
  const size = text(out, 'payload').length / 2;
  return !sizes || sizes.includes(size) ? [] : [`${size} bytes of payload: this command has ${sizes.join(' or ')}`];
}

function checkFields(vector: Vector): string[] {
  const out = outOf(vector);
  const layout = text(inOf(vector), 'layout');
  const payload = bytesIn(vector, 'payload');
  if (layout === 'g5_authorization_data') {
    const read = readData5(payload);
    return differences(out, read && { app_id: read.appId, name: read.name, pin: read.pin });
  }
  if (layout !== 'g5_authorization_id') return [`layout "${layout}": unknown to this program`];
  const built = authorizationId5(number(out, 'auth_id'), text(out, 'uuid'));
  return [...leftOver(out, ['auth_id', 'uuid']), ...unlike('builds', hex(payload), hex(built))];
}
