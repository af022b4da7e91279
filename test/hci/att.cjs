// The server side of ATT for a simulated peripheral: discovery, reading, writing, notifications.
'use strict';

const GAP = '1800';
const DEVICE_NAME = '2a00';
const PRIMARY = 0x2800;
const CHARACTERISTIC = 0x2803;
const CLIENT_CONFIG = 0x2902;
const BITS = { read: 0x02, writeWithoutResponse: 0x04, write: 0x08, notify: 0x10, indicate: 0x20 };
const NO_SUCH = { invalidHandle: 0x01, notReadable: 0x02, notWritable: 0x03, notSupported: 0x06, notFound: 0x0a };

/** A uuid of 4 or 32 digits as it goes over the air: least significant byte first. */
function wireUuid(uuid) {
  return Buffer.from(uuid, 'hex').reverse();
}

/** The attribute table: services, characteristics and their client configuration, in order. */
function attributeTable(peripheral) {
  const attributes = [];
  const add = attribute => attributes.push({ ...attribute, handle: attributes.length + 1 });
  const gap = { uuid: GAP, characteristics: [{ uuid: DEVICE_NAME, properties: ['read'] }] };
  const hasGap = peripheral.services.some(service => service.uuid === GAP);
  for (const service of hasGap ? peripheral.services : [gap, ...peripheral.services]) {
    add({ type: PRIMARY, uuid: service.uuid });
    const first = attributes.length;
    for (const characteristic of service.characteristics) {
      add({ type: CHARACTERISTIC, characteristic });
      add({ type: 'value', characteristic, own: service !== gap });
      if (characteristic.properties.some(p => p === 'notify' || p === 'indicate')) {
        add({ type: CLIENT_CONFIG, characteristic, bits: 0 });
      }
    }
    attributes[first - 1].end = attributes.length;
  }
  return attributes;
}

class AttServer {
  #peripheral;
  #send;
  #attributes;
  #mostMtu;
  #prepared = [];
  mtu = 23;

  /** `send` takes whole ATT packets. */
  constructor(peripheral, mostMtu, send) {
    this.#peripheral = peripheral;
    this.#mostMtu = mostMtu;
    this.#send = send;
    this.#attributes = attributeTable(peripheral);
  }

  notify(uuid, bytes) {
    const config = this.#attributes.find(a => a.type === CLIENT_CONFIG && a.characteristic.uuid === uuid);
    if (!config || config.bits === 0) return;
    const head = Buffer.from([config.bits & 1 ? 0x1b : 0x1d, config.handle - 1, 0]);
    this.#send(Buffer.concat([head, Buffer.from(bytes).subarray(0, this.mtu - 3)]));
  }

  packet(packet) {
    const opcode = packet[0];
    const handler = HANDLERS[opcode];
    if (handler) return this[handler](packet);
    // Commands and confirmations are never answered.
    if (!(opcode & 0x40) && opcode !== 0x1e) this.#error(opcode, 0, NO_SUCH.notSupported);
  }

  _mtu(packet) {
    this.#send(Buffer.from([0x03, this.#mostMtu & 0xff, this.#mostMtu >> 8]));
    this.mtu = Math.max(23, Math.min(this.#mostMtu, packet.readUInt16LE(1)));
  }

  _findInformation(packet) {
    const found = this.#range(packet).map(a => ({ handle: a.handle, uuid: typeUuid(a) }));
    const size = found[0]?.uuid.length;
    const parts = found.filter(f => f.uuid.length === size).map(f => Buffer.concat([handleBytes(f.handle), f.uuid]));
    this.#list(packet, Buffer.from([0x05, size === 2 ? 1 : 2]), parts);
  }

  _readByType(packet) {
    const type = packet.subarray(5);
    const found = this.#range(packet).filter(a => typeUuid(a).equals(type));
    const items = found.map(a => Buffer.concat([handleBytes(a.handle), this.#value(a)]));
    this.#list(packet, Buffer.from([0x09, items[0]?.length ?? 0]), alike(items));
  }

  _readByGroup(packet) {
    const found = this.#range(packet).filter(a => a.type === PRIMARY && packet.readUInt16LE(5) === PRIMARY);
    const items = found.map(a => Buffer.concat([handleBytes(a.handle), handleBytes(a.end), wireUuid(a.uuid)]));
    this.#list(packet, Buffer.from([0x11, items[0]?.length ?? 0]), alike(items));
  }

  _read(packet) {
    const blob = packet[0] === 0x0c;
    const attribute = this.#at(packet);
    if (!attribute) return;
    const readable = attribute.type !== 'value' || attribute.characteristic.properties.includes('read');
    if (!readable) return this.#error(packet[0], attribute.handle, NO_SUCH.notReadable);
    const value = this.#value(attribute).subarray(blob ? packet.readUInt16LE(3) : 0);
    this.#send(Buffer.concat([Buffer.from([blob ? 0x0d : 0x0b]), value.subarray(0, this.mtu - 1)]));
  }

  _write(packet) {
    const answers = packet[0] === 0x12;
    const attribute = this.#at(packet);
    if (!attribute) return;
    const properties = attribute.characteristic?.properties ?? [];
    const config = attribute.type === CLIENT_CONFIG;
    const writable = config || (attribute.own && properties.includes(answers ? 'write' : 'writeWithoutResponse'));
    if (!writable) return answers && this.#error(packet[0], attribute.handle, NO_SUCH.notWritable);
    if (answers) this.#send(Buffer.from([0x13]));
    if (!config) return this.#peripheral.written(attribute.characteristic.uuid, new Uint8Array(packet.subarray(3)));
    attribute.bits = packet.readUInt16LE(3);
    if (attribute.bits !== 0) this.#peripheral.subscribed(attribute.characteristic.uuid);
  }

  _prepareWrite(packet) {
    if (!this.#at(packet)) return;
    this.#prepared.push({ handle: packet.readUInt16LE(1), bytes: Buffer.from(packet.subarray(5)) });
    this.#send(Buffer.concat([Buffer.from([0x17]), packet.subarray(1)]));
  }

  _executeWrite(packet) {
    const pieces = this.#prepared.splice(0);
    this.#send(Buffer.from([0x19]));
    if (packet[1] !== 1 || pieces.length === 0) return;
    const { characteristic } = this.#attributes[pieces[0].handle - 1];
    this.#peripheral.written(characteristic.uuid, new Uint8Array(Buffer.concat(pieces.map(p => p.bytes))));
  }

  #value(attribute) {
    const { characteristic } = attribute;
    if (attribute.type === PRIMARY) return wireUuid(attribute.uuid);
    if (attribute.type === CLIENT_CONFIG) return handleBytes(attribute.bits);
    if (attribute.type === 'value') {
      return Buffer.from(attribute.own ? this.#peripheral.read(characteristic.uuid) : Buffer.from('virtual'));
    }
    const bits = characteristic.properties.reduce((sum, property) => sum | BITS[property], 0);
    return Buffer.concat([Buffer.from([bits]), handleBytes(attribute.handle + 1), wireUuid(characteristic.uuid)]);
  }

  #range(packet) {
    const [from, to] = [packet.readUInt16LE(1), packet.readUInt16LE(3)];
    return this.#attributes.filter(a => a.handle >= from && a.handle <= to);
  }

  #at(packet) {
    const attribute = this.#attributes[packet.readUInt16LE(1) - 1];
    if (!attribute && !(packet[0] & 0x40)) this.#error(packet[0], packet.readUInt16LE(1), NO_SUCH.invalidHandle);
    return attribute;
  }

  #list(packet, head, items) {
    if (items.length === 0) return this.#error(packet[0], packet.readUInt16LE(1), NO_SUCH.notFound);
    const room = Math.max(1, Math.floor((this.mtu - head.length) / items[0].length));
    this.#send(Buffer.concat([head, ...items.slice(0, room)]).subarray(0, this.mtu));
  }

  #error(opcode, handle, code) {
    this.#send(Buffer.from([0x01, opcode, handle & 0xff, handle >> 8, code]));
  }
}

const HANDLERS = {
  0x02: '_mtu',
  0x04: '_findInformation',
  0x08: '_readByType',
  0x0a: '_read',
  0x0c: '_read',
  0x10: '_readByGroup',
  0x12: '_write',
  0x52: '_write',
  0x16: '_prepareWrite',
  0x18: '_executeWrite',
};

/** One answer holds only items of the length of its first. */
function alike(items) {
  const end = items.findIndex(item => item.length !== items[0].length);
  return end < 0 ? items : items.slice(0, end);
}

function handleBytes(handle) {
  return Buffer.from([handle & 0xff, handle >> 8]);
}

function typeUuid(attribute) {
  return attribute.type === 'value' ? wireUuid(attribute.characteristic.uuid) : handleBytes(attribute.type);
}

module.exports = { AttServer };
