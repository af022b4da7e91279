// A Bluetooth controller made of nothing: H4 packets in and out, peripherals of the shape of src/sim/air.ts behind it.
// Each fault a real adapter showed is a field: absent, switched off, deaf, out of links, scans that stay silent.
'use strict';

const { randomInt } = require('node:crypto');
const { AttServer } = require('./att.cjs');

const STATUS = { ok: 0, unknownCommand: 1, unknownLink: 2, limit: 9, exists: 0x0b, disallowed: 0x0c };
const REASON = { timeout: 0x08, remote: 0x13, local: 0x16, notEstablished: 0x3e };
const ATT_CHANNEL = 4;
/** A changed advert is on the air after about one fast interval, ms. */
const CHANGE_HEARD = 20;

class VirtualController {
  /** Plugged in. An absent one cannot be bound to. */
  present = true;
  up = true;
  /** Answers no command and says nothing, like a controller whose firmware has hung. */
  deaf = false;
  /** Hears nothing although it says that it scans. */
  silent = false;
  /** LE links at the same time. */
  links;
  /**
   * Called with every ACL packet to or from a peripheral ('out' is from the host). 'lose': the link is lost instead;
   * 'drop': the packet disappears.
   */
  onPacket;
  /** Everything that was asked, as opcodes. */
  commands = [];
  resets = 0;
  #aclLength;
  #sockets = new Set();
  #connections = new Map();
  #timers = new Set();
  #scan;
  #wanted;
  #nextHandle = 0x40;

  constructor({ address = '00:1a:7d:da:71:13', links = 10, aclLength = 27, aclPackets = 8 } = {}) {
    this.address = address;
    this.links = links;
    this.#aclLength = aclLength;
    this.aclPackets = aclPackets;
  }

  get scanning() {
    return this.#scan !== undefined;
  }

  get connected() {
    return [...this.#connections.values()].map(c => c.peripheral.address);
  }

  /** Puts a peripheral into the air. `mtu` is what it offers. The answer takes it out of range. */
  add(peripheral, { mtu = 185, rssi = -58 } = {}) {
    const entry = { peripheral, mtu, rssi };
    let cancel = () => {};
    const soon = ms => {
      cancel();
      cancel = this.#later(ms, () => {
        this.#advertise(entry);
        soon(peripheral.advertEveryMs);
      });
    };
    soon(randomInt(1, Math.min(50, peripheral.advertEveryMs)));
    const unwatch = peripheral.watchAdvert?.(() => soon(CHANGE_HEARD));
    return () => {
      cancel();
      unwatch?.();
      this.lose(peripheral.address);
    };
  }

  /** The link is lost, as when the lock's battery is pulled: the host hears of it as a supervision timeout. */
  lose(address, reason = REASON.timeout) {
    for (const [handle, connection] of this.#connections) {
      if (connection.peripheral.address === address) this.#end(handle, reason);
    }
  }

  /** Power off or on; unplugged or plugged in. Links end without a word to the host. */
  power(on) {
    this.up = on;
    if (!on) this.#forget();
  }

  plug(inside) {
    this.present = inside;
    this.power(inside);
    if (!inside) for (const socket of this.#sockets) socket.bound = false;
  }

  stop() {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  attach(socket) {
    this.#sockets.add(socket);
  }

  detach(socket) {
    this.#sockets.delete(socket);
  }

  /** One H4 packet from the host. */
  write(packet) {
    if (!this.up || this.deaf) return;
    if (packet[0] === 0x01) this.#command(packet.readUInt16LE(1), packet.subarray(4, 4 + packet[3]));
    else if (packet[0] === 0x02) this.#aclFromHost(packet);
  }

  #command(opcode, parameters) {
    this.commands.push(opcode);
    const answer = COMMANDS[opcode];
    if (answer) return this.#complete(opcode, answer.call(this, parameters));
    const act = {
      0x0406: () => this.#disconnect(parameters),
      0x0c03: () => this.#reset(),
      0x200b: () => this.#complete(opcode, [this.scanning ? STATUS.disallowed : STATUS.ok]),
      0x200c: () => this.#setScan(parameters),
      0x200d: () => this.#createConnection(parameters),
      0x200e: () => this.#cancel(),
    }[opcode];
    if (act) act();
    else this.#complete(opcode, [STATUS.unknownCommand]);
  }

  #setScan([enabled, filterDuplicates]) {
    this.#scan = enabled ? { seen: filterDuplicates ? new Set() : undefined } : undefined;
    this.#complete(0x200c, [STATUS.ok]);
  }

  #reset() {
    this.resets++;
    this.#forget();
    this.silent = false;
    this.#complete(0x0c03, [STATUS.ok]);
  }

  #forget() {
    this.#scan = undefined;
    this.#wanted = undefined;
    for (const handle of this.#connections.keys()) this.#end(handle, REASON.timeout, false);
  }

  #createConnection(parameters) {
    const address = addressOf(parameters.subarray(6, 12));
    const random = parameters[5] === 1;
    const status = this.#wanted
      ? STATUS.disallowed
      : this.connected.includes(address)
        ? STATUS.exists
        : this.#connections.size >= this.links
          ? STATUS.limit
          : STATUS.ok;
    if (status === STATUS.ok) this.#wanted = { address, random };
    this.#event(0x0f, [status, 1, 0x0d, 0x20]);
  }

  #cancel() {
    const wanted = this.#wanted;
    this.#wanted = undefined;
    this.#complete(0x200e, [wanted ? STATUS.ok : STATUS.disallowed]);
    if (wanted) this.#leEvent(0x01, connectionComplete(STATUS.unknownLink, 0, wanted));
  }

  #disconnect(parameters) {
    const handle = parameters.readUInt16LE(0);
    const known = this.#connections.has(handle);
    this.#event(0x0f, [known ? STATUS.ok : STATUS.unknownLink, 1, 0x06, 0x04]);
    if (known) this.#end(handle, REASON.local);
  }

  #advertise(entry) {
    if (!this.up || this.deaf) return;
    const { peripheral, rssi } = entry;
    const advert = peripheral.advert();
    if (!advert) return;
    const { address } = peripheral;
    const random = peripheral.addressType === 'random';
    if (this.#wanted?.address === address && this.#wanted.random === random && advert.connectable) {
      return this.#connect(entry);
    }
    if (!this.#scan || this.silent || this.#scan.seen?.has(address)) return;
    this.#scan.seen?.add(address);
    const [data, response] = advertData(advert);
    this.#leEvent(0x02, report(advert.connectable ? 0x00 : 0x02, { address, random, data, rssi }));
    this.#leEvent(0x02, report(0x04, { address, random, data: response, rssi }));
  }

  #connect({ peripheral, mtu }) {
    const handle = this.#nextHandle++;
    const wanted = this.#wanted;
    this.#wanted = undefined;
    const att = new AttServer(peripheral, mtu, packet => this.#toHost(handle, packet));
    const connection = { peripheral, att, partial: undefined };
    this.#connections.set(handle, connection);
    const central = {
      get mtu() {
        return att.mtu;
      },
      notify: (uuid, bytes) => this.#connections.get(handle) === connection && att.notify(uuid, bytes),
      hangUp: () => this.#end(handle, REASON.remote),
    };
    this.#leEvent(0x01, connectionComplete(STATUS.ok, handle, wanted));
    if (peripheral.connected(central)) return;
    connection.refused = true;
    this.#end(handle, REASON.notEstablished);
  }

  #end(handle, reason, told = true) {
    const connection = this.#connections.get(handle);
    if (!connection) return;
    this.#connections.delete(handle);
    if (told) this.#event(0x05, [STATUS.ok, handle & 0xff, handle >> 8, reason]);
    if (!connection.refused) setImmediate(() => connection.peripheral.disconnected());
  }

  #aclFromHost(packet) {
    const head = packet.readUInt16LE(1);
    const handle = head & 0x0fff;
    const connection = this.#connections.get(handle);
    if (!connection) return;
    this.#event(0x13, [1, handle & 0xff, handle >> 8, 1, 0]);
    const fault = this.onPacket?.(connection.peripheral.address, 'out', packet);
    if (fault === 'lose') return this.#end(handle, REASON.timeout);
    if (fault === 'drop') return;
    const continues = head >> 12 === 1;
    connection.partial = Buffer.concat([continues ? connection.partial : Buffer.alloc(0), packet.subarray(5)]);
    const { partial } = connection;
    if (partial.length < 4 || partial.length < partial.readUInt16LE(0) + 4) return;
    if (partial.readUInt16LE(2) === ATT_CHANNEL) setImmediate(() => connection.att.packet(partial.subarray(4)));
  }

  #toHost(handle, att) {
    const connection = this.#connections.get(handle);
    if (!connection || this.deaf) return;
    const whole = Buffer.concat([Buffer.from([att.length & 0xff, att.length >> 8, ATT_CHANNEL, 0]), att]);
    for (let at = 0; at < whole.length; at += this.#aclLength) {
      const piece = whole.subarray(at, at + this.#aclLength);
      const flags = at === 0 ? 0x20 : 0x10;
      const head = [0x02, handle & 0xff, (handle >> 8) | flags, piece.length & 0xff, piece.length >> 8];
      const packet = Buffer.concat([Buffer.from(head), piece]);
      const fault = this.onPacket?.(connection.peripheral.address, 'in', packet);
      if (fault === 'lose') return this.#end(handle, REASON.timeout);
      if (fault === 'drop') return;
      this.#emit(packet);
    }
  }

  /** An ATT packet as if the peripheral had sent it, for packets that no honest one sends. */
  forge(address, att) {
    for (const [handle, connection] of this.#connections) {
      if (connection.peripheral.address === address) this.#toHost(handle, att);
    }
  }

  /** A whole packet from the controller, for what others on this computer make it say. */
  inject(packet) {
    this.#emit(packet);
  }

  #complete(opcode, result) {
    this.#event(0x0e, [1, opcode & 0xff, opcode >> 8, ...result]);
  }

  #leEvent(subevent, data) {
    this.#event(0x3e, [subevent, ...data]);
  }

  #event(code, data) {
    this.#emit(Buffer.from([0x04, code, data.length, ...data]));
  }

  #emit(packet) {
    for (const socket of this.#sockets) setImmediate(() => socket.deliver(packet));
  }

  #later(ms, call) {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      call();
    }, ms);
    timer.unref();
    this.#timers.add(timer);
    return () => {
      clearTimeout(timer);
      this.#timers.delete(timer);
    };
  }

  _bufferSize() {
    return [STATUS.ok, this.#aclLength & 0xff, this.#aclLength >> 8, this.aclPackets];
  }
}

/** Commands whose answer is the same whatever happened before. */
const COMMANDS = {
  0x0c01: () => [STATUS.ok],
  0x0c6c: () => [STATUS.ok, 1, 0],
  0x0c6d: () => [STATUS.ok],
  0x1001: () => [STATUS.ok, 0x09, 0, 0, 0x09, 0x0f, 0, 0, 0],
  0x1002: () => [STATUS.ok, ...Buffer.alloc(64)],
  0x1005() {
    return [STATUS.ok, ...this._bufferSize().slice(1, 3), 0, this.aclPackets, 0, 0, 0];
  },
  0x1009() {
    return [STATUS.ok, ...addressBytes(this.address)];
  },
  0x1405: parameters => [STATUS.ok, ...parameters.subarray(0, 2), 0xc6],
  0x2001: () => [STATUS.ok],
  0x2002() {
    return this._bufferSize();
  },
};

function addressBytes(address) {
  return [...Buffer.from(address.replaceAll(':', ''), 'hex').reverse()];
}

function addressOf(bytes) {
  return [...bytes]
    .reverse()
    .map(byte => byte.toString(16).padStart(2, '0'))
    .join(':');
}

function connectionComplete(status, handle, { address, random }) {
  return [status, handle & 0xff, handle >> 8, 0, random ? 1 : 0, ...addressBytes(address), 24, 0, 0, 0, 42, 0, 0];
}

function report(type, { address, random, data, rssi }) {
  return [1, type, random ? 1 : 0, ...addressBytes(address), data.length, ...data, rssi & 0xff];
}

/** The advert and the scan response, 31 bytes each: the name goes into the response, and what does not fit with it. */
function advertData(advert) {
  const fields = [[0x01, [0x06]]];
  for (const uuid of advert.services) {
    fields.push([uuid.length === 4 ? 0x03 : 0x07, [...Buffer.from(uuid, 'hex').reverse()]]);
  }
  for (const [uuid, data] of advert.serviceData ?? []) {
    fields.push([uuid.length === 4 ? 0x16 : 0x21, [...Buffer.from(uuid, 'hex').reverse(), ...data]]);
  }
  if (advert.manufacturer) fields.push([0xff, [...advert.manufacturer]]);
  const first = [];
  const second = [];
  if (advert.name) second.push(...field(0x09, [...Buffer.from(advert.name).subarray(0, 29)]));
  for (const [type, data] of fields) {
    const bytes = field(type, data);
    const room = first.length + bytes.length <= 31 ? first : second;
    if (room.length + bytes.length <= 31) room.push(...bytes);
  }
  return [first, second];
}

function field(type, data) {
  return [data.length + 1, type, ...data];
}

module.exports = { VirtualController };
