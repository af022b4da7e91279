// The lock's side of a pairing, for the fake lock: by the book, unless a test puts another answer in its place.
import { ByteReader, ByteWriter, concat, fromHex } from '../../../src/base/bytes.ts';
import { openFrame, plainFrame, readPlain, sealedFrame } from '../../../src/drivers/nuki/frame.ts';
import { publicKey, sharedKey } from '../../../src/drivers/nuki/keys.ts';
import { authenticator, idMac } from '../../../src/drivers/nuki/pair-wire.ts';
import { type Generation, command } from '../../../src/drivers/nuki/wire.ts';

export const UUID = '8127d49a5f985c4483884720b3061453';

/** Errors are codes of Error Reports. */
export type Twist = number | 'drop' | 'silence' | 'bad_mac' | 'garbage';

export class PairingSide {
  /** By the command that comes in; with "#2" for its second coming. */
  readonly twists: Record<string, Twist> = {};
  /** Commands that came in. */
  readonly heardCommands: string[] = [];
  readonly authId = 34_808;
  shared: Uint8Array = new Uint8Array();
  /** What we were told: idType, app id, name and, in the fifth generation, the PIN. */
  client: { idType?: number; appId?: number; pin?: number } = {};
  confirmed = false;
  readonly #generation: Generation;
  readonly #random: (count: number) => Uint8Array;
  readonly #own: Uint8Array;
  #clientPublic: Uint8Array = new Uint8Array();
  #challenge: Uint8Array = new Uint8Array();

  constructor(generation: Generation, random: (count: number) => Uint8Array) {
    this.#generation = generation;
    this.#random = random;
    this.#own = random(32);
  }

  heard(bytes: Uint8Array, pin: string): Uint8Array[] | 'drop' {
    const sealed = this.#generation === 'g5' && bytes.length > 90;
    const { command: of, payload } = sealed ? openFrame(this.shared, bytes) : readPlain(bytes);
    const name = of.toString(16).padStart(2, '0');
    this.heardCommands.push(name);
    const twist = this.twists[name];
    if (twist === 'drop') return 'drop';
    if (twist === 'silence') return [];
    if (twist === 'garbage') return [fromHex('ffffffffff')];
    if (typeof twist === 'number') return [error(twist, of)];
    return this.#answer(of, new ByteReader(payload), pin).map(answer =>
      twist === 'bad_mac' ? damaged(answer) : answer,
    );
  }

  #answer(of: number, data: ByteReader, pin: string): Uint8Array[] {
    if (of === command.requestData) return [plain(command.publicKey, publicKey(this.#own))];
    if (of === command.publicKey) {
      this.#clientPublic = data.bytes(32);
      this.shared = sharedKey(this.#own, this.#clientPublic);
      return [plain(command.challenge, (this.#challenge = this.#random(32)))];
    }
    if (of === command.authenticator) {
      const parts = { clientPublic: this.#clientPublic, lockPublic: publicKey(this.#own), challenge: this.#challenge };
      const due = authenticator(this.shared, parts);
      if (Buffer.compare(due, data.bytes(32)) !== 0) return [error(0x11, of)];
      return this.#generation === 'g5'
        ? [plain(command.pinInfo, Uint8Array.of(1))]
        : [plain(command.challenge, (this.#challenge = this.#random(32)))];
    }
    if (of === command.authorisationData) return this.#listed(data, pin);
    this.confirmed = true;
    return [plain(command.status, Uint8Array.of(0))];
  }

  #listed(data: ByteReader, pin: string): Uint8Array[] {
    const id = new ByteWriter().u32le(this.authId).done();
    if (this.#generation === 'g5') {
      this.client = { appId: data.u32le() };
      data.bytes(32);
      this.client.pin = data.u32le();
      if (this.client.pin !== Number(pin)) return [error(0x21, command.authorisationData)];
      const payload = concat(id, fromHex(UUID));
      const how = { key: this.shared, authId: this.authId, nonce: this.#random(24) };
      return [sealedFrame(how, { command: command.authorisationId, payload })];
    }
    data.bytes(32);
    this.client = { idType: data.u8(), appId: data.u32le() };
    data.bytes(32);
    const [nonce, lockNonce] = [data.bytes(32), this.#random(32)];
    const told = { mac: new Uint8Array(), authId: this.authId, uuid: fromHex(UUID), lockNonce };
    return [plain(command.authorisationId, concat(idMac(this.shared, told, nonce), id, told.uuid, lockNonce))];
  }
}

function plain(of: number, payload: Uint8Array): Uint8Array {
  return plainFrame({ command: of, payload });
}

function error(code: number, of: number): Uint8Array {
  return plain(command.error, new ByteWriter().u8(code).u16le(of).done());
}

/** Of a plain message with a right checksum: only its authenticator is wrong. Of a sealed one the seal. */
function damaged(frame: Uint8Array): Uint8Array {
  if (frame.length !== 88) return frame.with(40, (frame[40] as number) ^ 1);
  const { command: of, payload } = readPlain(frame);
  return plain(of, payload.with(0, (payload[0] as number) ^ 1));
}
