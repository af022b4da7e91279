// Loaded before the daemon (`node --import`): its adapter is in another process, at the other end of file descriptor 3. Each
// packet has its length in front. So the daemon is measured with the real Bluetooth library and without any lock.
import { EventEmitter } from 'node:events';
import Module from 'node:module';
import { Socket } from 'node:net';

const wire = new Socket({ fd: 3 });
wire.unref();

/** What @abandonware/bluetooth-hci-socket offers, for one adapter that is always there. */
class FarSocket extends EventEmitter {
  #rest = Buffer.alloc(0);

  getDeviceList() {
    return [{ devId: 0, devUp: true }];
  }

  bindRaw(device) {
    return device ?? 0;
  }

  bindControl() {
    throw new RangeError('the far adapter cannot be switched');
  }

  isDevUp() {
    return true;
  }

  setFilter() {}

  start() {
    wire.on('data', this.#heard);
  }

  stop() {
    wire.off('data', this.#heard);
  }

  write(packet) {
    const length = Buffer.alloc(2);
    length.writeUInt16LE(packet.length);
    wire.write(Buffer.concat([length, packet]));
  }

  #heard = bytes => {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    for (let size = 2; this.#rest.length >= 2;) {
      size = 2 + this.#rest.readUInt16LE(0);
      if (this.#rest.length < size) return;
      const packet = Buffer.from(this.#rest.subarray(2, size));
      this.#rest = this.#rest.subarray(size);
      this.emit('data', packet);
    }
  };
}

const load = Module._load;
Module._load = function (request, ...rest) {
  return request === '@abandonware/bluetooth-hci-socket' ? FarSocket : load.call(this, request, ...rest);
};
