// Stands in for @abandonware/bluetooth-hci-socket, so that the real noble runs on virtual controllers.
// Must be installed before noble is first required.
'use strict';

const { EventEmitter } = require('node:events');
const Module = require('node:module');

const SOCKET_MODULE = '@abandonware/bluetooth-hci-socket';
const MANAGEMENT = { commandComplete: 0x0001, setPowered: 0x0005 };

/**
 * `controllers` maps adapter numbers to controllers. `loadError` is thrown when the module is required (again),
 * `sockets` and `looks` count sockets made and lists of adapters asked for. `socketError` is thrown when a socket is made, `writeError` is emitted by every write. `management` false: no control channel.
 */
function installSeam() {
  const seam = {
    controllers: new Map(),
    loadError: undefined,
    socketError: undefined,
    writeError: undefined,
    management: true,
    sockets: 0,
    looks: 0,
    remove: () => {
      Module._load = original;
    },
  };
  const original = Module._load;
  const Socket = socketClass(seam);
  Module._load = function load(request, ...rest) {
    if (request !== SOCKET_MODULE) return original.call(this, request, ...rest);
    if (seam.loadError) throw seam.loadError;
    return Socket;
  };
  return seam;
}

function socketClass(seam) {
  return class VirtualHciSocket extends EventEmitter {
    bound = false;
    #controller;
    #started = false;
    #control = false;

    constructor() {
      super();
      if (seam.socketError) throw seam.socketError;
      seam.sockets++;
    }

    getDeviceList() {
      seam.looks++;
      return [...seam.controllers].filter(([, c]) => c.present).map(([devId, c]) => ({ devId, devUp: c.up }));
    }

    bindRaw(devId) {
      const first = [...seam.controllers].find(([, c]) => c.present && c.up)?.[0] ?? 0;
      const controller = seam.controllers.get(devId ?? first);
      if (!controller?.present) throw failure('ENODEV', 'No such device, bind');
      this.#controller = controller;
      this.bound = true;
      return devId ?? first;
    }

    bindUser() {
      throw failure('EINVAL', 'the user channel makes GATT hang');
    }

    bindControl() {
      if (!seam.management) throw failure('EPERM', 'Operation not permitted, bind');
      this.#control = true;
    }

    isDevUp() {
      return this.#controller !== undefined && this.#controller.present && this.#controller.up;
    }

    setFilter() {}

    start() {
      this.#started = true;
      this.#controller?.attach(this);
    }

    stop() {
      this.#started = false;
      this.#controller?.detach(this);
    }

    write(packet) {
      if (this.#control) return this.#manage(packet);
      if (seam.writeError) return setImmediate(() => this.emit('error', seam.writeError));
      if (this.bound) this.#controller.write(Buffer.from(packet));
    }

    deliver(packet) {
      if (this.#started && this.bound) this.emit('data', Buffer.from(packet));
    }

    /** The kernel's management channel: only "set powered". */
    #manage(packet) {
      const [opcode, index] = [packet.readUInt16LE(0), packet.readUInt16LE(2)];
      const controller = seam.controllers.get(index);
      const status = opcode !== MANAGEMENT.setPowered ? 0x01 : controller?.present ? 0x00 : 0x11;
      if (status === 0) {
        controller.power(packet[6] === 1);
        if (packet[6] === 1) controller.resets++;
        controller.deaf = false;
        controller.silent = false;
      }
      const event = Buffer.alloc(9);
      event.writeUInt16LE(MANAGEMENT.commandComplete, 0);
      event.writeUInt16LE(index, 2);
      event.writeUInt16LE(3, 4);
      event.writeUInt16LE(opcode, 6);
      event[8] = status;
      setImmediate(() => this.#started && this.emit('data', event));
    }
  };
}

function failure(code, text) {
  return Object.assign(new Error(`${code}, ${text}`), { code });
}

module.exports = { installSeam };
