// One noble on one adapter, from its making until it is lost: guards it, watches it, and takes it apart without a trace.
// An instance is ready at most once; after any loss the radio makes a new one.
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { admit, isExpected, refusal } from './noble-att.ts';
import type { Report } from './noble-advert.ts';
import type { Hci, Noble, NobleBindings, NoblePeripheral } from './noble-parts.ts';
import { trouble, troubleFrom, type Trouble } from './noble-trouble.ts';

/** What an adapter tells. `lost` comes once, last. */
export interface AdapterEars {
  ready(address: string): void;
  /** Switched off before it ever was ready; noble looks at it every second, and `ready` may follow. */
  off(trouble: Trouble): void;
  lost(trouble: Trouble): void;
  report(report: Report): void;
  /** The peripheral of this handle sent what makes no sense, or refused a request. */
  malformed(handle: number): void;
  refused(handle: number, refusal: { request: number; code: number }): void;
}

/** A healthy controller answers noble's set-up commands within 100 ms. */
const OPEN_WITHIN = 5_000;
const ATT_CHANNEL = 4;
const ACL_PACKET = 0x02;

export class NobleAdapter {
  readonly noble: Noble;
  readonly hci: Hci;
  readonly #bindings: NobleBindings;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #ears: AdapterEars;
  #state: 'opening' | 'ready' | 'ended' = 'opening';
  #address = '';
  #cancelDeadline: (() => void) | undefined;
  /** The listeners that noble's `init` added to the process. */
  readonly #exits: { event: 'exit' | 'SIGINT'; listener: (...args: unknown[]) => void }[] = [];

  constructor(noble: Noble, deviceId: number | undefined, around: { clock: Clock; log: Log; ears: AdapterEars }) {
    this.noble = noble;
    this.#bindings = noble._bindings;
    this.hci = noble._bindings._hci;
    this.#clock = around.clock;
    this.#log = around.log;
    this.#ears = around.ears;
    this.hci._deviceId = deviceId;
    // On the user channel noble never learns the buffer size and every GATT request waits for ever.
    this.hci._userChannel = undefined;
  }

  get ended(): boolean {
    return this.#state === 'ended';
  }

  /** The listener for `stateChange` starts noble on the next tick; the one for `warning` keeps it from printing. */
  open(): void {
    this.#guardPackets();
    this.#guardPoll();
    this.#guardInit();
    const { noble, hci } = this;
    noble.on('warning', (text: string) => this.#log.debug({ text }, 'noble warns'));
    noble.on('stateChange', (state: string) => this.#heardState(state));
    hci.on('addressChange', (address: string) => (this.#address = address.toLowerCase()));
    // Adverts go past noble's own book of discoveries (noble-advert.ts says why).
    hci.removeAllListeners('leAdvertisingReport').removeAllListeners('leExtendedAdvertisingReport');
    hci.on(
      'leAdvertisingReport',
      (_status: number, type: number, address: string, addressType: 'public' | 'random', data: Buffer, rssi: number) =>
        this.#ears.report({ type, address, addressType, data, rssi }),
    );
  }

  /** Ends this instance and says why. */
  lose(why: Trouble): void {
    if (this.ended) return;
    this.stop();
    this.#ears.lost(why);
  }

  /** Leaves no timer (noble's own poll ends within a second), no listener on the process, no socket that reads. */
  stop(): void {
    if (this.ended) return;
    this.#state = 'ended';
    this.#cancelDeadline?.();
    for (const { event, listener } of this.#exits) process.removeListener(event, listener);
    const { noble, hci } = this;
    try {
      hci._socket.stop();
    } catch (thrown) {
      this.#log.debug({ err: thrown }, 'stopping a Bluetooth socket failed');
    }
    for (const emitter of [noble, this.#bindings, this.#bindings._gap, hci, hci._socket]) {
      emitter.removeAllListeners();
      // A late error without a listener would end the process.
      emitter.on('error', () => undefined);
    }
  }

  /** Tells noble of an address, so that it can connect to it. */
  remember(address: string, addressType: 'public' | 'random'): NoblePeripheral {
    const id = idOf(address);
    this.#bindings._addresses[id] = address;
    this.#bindings._addresseTypes[id] = addressType;
    this.#bindings.emit('discover', id, address, addressType, true, {}, 0, false);
    return this.noble._peripherals[id] as NoblePeripheral;
  }

  /** noble forgets nothing by itself. */
  forget(address: string): void {
    const id = idOf(address);
    this.noble._peripherals[id]?.removeAllListeners();
    const { _addresses, _addresseTypes, _connectable, scannable } = this.#bindings;
    const { _peripherals, _services, _characteristics, _descriptors, _discoveredPeripheralUUids } = this.noble;
    const books = [_addresses, _addresseTypes, _connectable, scannable, _peripherals, _services, _characteristics];
    for (const book of [...books, _descriptors, _discoveredPeripheralUUids]) delete book[id];
  }

  #heardState(state: string): void {
    if (this.ended) return;
    if (state === 'poweredOn' && this.#state === 'opening') {
      this.#state = 'ready';
      this.#cancelDeadline?.();
      return this.#ears.ready(this.#address);
    }
    if (state === 'poweredOff' && this.#state === 'opening') {
      this.#cancelDeadline?.();
      this.#cancelDeadline = undefined;
      return this.#ears.off(trouble('off'));
    }
    if (state === 'poweredOff') this.lose(trouble('off'));
    if (state === 'unauthorized') this.lose(trouble('no_permission'));
    if (state === 'unsupported') this.lose(trouble('no_low_energy'));
  }

  /** Nothing that a packet makes noble or a listener throw may reach the event loop. */
  #guardPackets(): void {
    const { hci } = this;
    const bindings = this.#bindings;
    const hear = hci.onSocketData;
    hci.onSocketData = packet => {
      if (this.ended) return;
      try {
        hear.call(hci, packet);
      } catch (thrown) {
        this.#log.debug({ err: thrown }, 'noble could not take a Bluetooth packet');
        if (packet[0] === ACL_PACKET && packet.length >= 3) this.#ears.malformed(packet.readUInt16LE(1) & 0x0fff);
      }
      this.#checkFragments(packet);
    };
    const take = bindings.onAclDataPkt;
    bindings.onAclDataPkt = (handle, channel, data) => {
      if (channel !== ATT_CHANNEL) return take.call(bindings, handle, channel, data);
      const admitted = admit(data);
      if (!admitted) return this.#ears.malformed(handle);
      const gatt = bindings._gatts[handle];
      if (!isExpected(admitted, gatt?._currentCommand?.buffer[0])) return;
      const refused = refusal(admitted, gatt?._security === 'medium');
      // First: noble makes an empty answer of a refused read.
      if (refused) this.#ears.refused(handle, refused);
      take.call(bindings, handle, channel, admitted);
    };
    // These two are called without waiting: a write to a link that has just gone would be an unhandled rejection.
    const { writeAclDataPkt, flushAcl } = hci;
    const swallow = (thrown: unknown): void => this.#log.debug({ err: thrown }, 'a Bluetooth packet was not sent');
    hci.writeAclDataPkt = (...args) => writeAclDataPkt.apply(hci, args).catch(swallow);
    hci.flushAcl = () => flushAcl.call(hci).catch(swallow);
  }

  /** A message whose pieces are longer than it said would grow for ever. */
  #checkFragments(packet: Buffer): void {
    if (packet[0] !== ACL_PACKET || packet.length < 3) return;
    const handle = packet.readUInt16LE(1) & 0x0fff;
    const partial = this.hci._handleBuffers[handle];
    if (!partial || partial.data.length <= partial.length) return;
    delete this.hci._handleBuffers[handle];
    this.#ears.malformed(handle);
  }

  /** noble re-arms this every second for ever, and a throw inside it would end the process. */
  #guardPoll(): void {
    const { hci } = this;
    const poll = hci.pollIsDevUp;
    hci.pollIsDevUp = () => {
      if (this.ended) return;
      try {
        poll.call(hci);
      } catch (thrown) {
        return this.lose(troubleFrom(thrown));
      }
      // Up but not set up: a socket that outlived its adapter, or a controller that has hung.
      if (hci._isDevUp !== true || this.#state !== 'opening') return;
      this.#cancelDeadline ??= this.#clock.after(OPEN_WITHIN, () => this.lose(trouble('hung')));
    };
  }

  /** Learns why it failed from the error itself, and which process listeners it added; stops noble's own printing. */
  #guardInit(): void {
    const bindings = this.#bindings;
    const init = bindings.init;
    bindings.init = () => {
      if (this.ended) return;
      const before = { exit: process.listeners('exit'), SIGINT: process.listeners('SIGINT') };
      try {
        init.call(bindings);
      } catch (thrown) {
        return this.lose(troubleFrom(thrown));
      }
      for (const event of ['exit', 'SIGINT'] as const) {
        const known = new Set<unknown>(before[event]);
        const added = process.listeners(event as 'exit').filter(listener => !known.has(listener));
        for (const listener of added) this.#exits.push({ event, listener: listener as () => void });
      }
    };
    bindings.onStateChange = state => {
      if (bindings._state === state) return;
      bindings._state = state;
      bindings.emit('stateChange', state);
    };
  }
}

/** noble's name of a peripheral. */
function idOf(address: string): string {
  return address.replaceAll(':', '');
}
