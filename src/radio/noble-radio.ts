// A Radio over noble: finds its adapter, keeps a living noble on it, and voids everything when it is lost.
import { type Clock, within } from '../base/clock.ts';
import { LockError, textOf } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { NobleAdapter } from './noble-adapter.ts';
import { AdvertBook, guessAddressType, type Report } from './noble-advert.ts';
import { Connector } from './noble-connect.ts';
import type { NobleLink } from './noble-link.ts';
import type { HciSocket, MakeNoble, Noble } from './noble-parts.ts';
import { powerCycle } from './noble-power.ts';
import { Scan } from './noble-scan.ts';
import { isLasting, trouble, troubleFrom, type ProbeCode, type Trouble } from './noble-trouble.ts';
import type { Advert, Link, Radio, RadioAbilities, RadioState } from './radio.ts';

export interface NobleOptions {
  /** The adapter's number (0 is hci0), or its address, which stays when the number changes. Absent: the first one on. */
  device?: number | string;
  /** Links at the same time; what adapters can do differs and none of them says so. */
  links?: number;
  clock: Clock;
  log: Log;
}

/** The cheapest adapters hold 5 links; a Raspberry Pi's own holds 7. */
const USUAL_LINKS = 5;
/** An adapter that is absent or gone is looked for this often. */
const LOOK_EVERY = 3_000;
/** A reset controller is ready again within a second or two. */
const READY_WITHIN = 10_000;
/** The controller's own reset command is answered within milliseconds. */
const RESET_WITHIN = 2_000;

export class NobleRadio implements Radio {
  readonly abilities: RadioAbilities;
  readonly #load: () => MakeNoble;
  readonly #options: NobleOptions;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #wanted: string | undefined;
  readonly #ears = new Set<(state: RadioState) => void>();
  readonly #book = new AdvertBook();
  readonly #links = new Map<number, NobleLink>();
  #trouble: Trouble | undefined = trouble('opening');
  #address: string | undefined;
  #number: number | undefined;
  /** Which of several adapters is looked at next, when one is wanted by address. */
  #candidate = 0;
  #listed = 0;
  #adapter: NobleAdapter | undefined;
  #connector: Connector | undefined;
  #scan: Scan | undefined;
  #heard: ((advert: Advert) => void) | undefined;
  #connecting = false;
  #stopped = false;
  /** The power is being cycled: what the old instance says no longer counts. */
  #cycling = false;
  #resetting: Promise<void> | undefined;
  #cancelLook: (() => void) | undefined;

  constructor(load: () => MakeNoble, options: NobleOptions) {
    this.#load = load;
    this.#options = options;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#wanted = typeof options.device === 'string' ? options.device.toLowerCase() : undefined;
    this.#number = typeof options.device === 'number' ? options.device : undefined;
    this.abilities = { links: options.links ?? USUAL_LINKS, extendedAdverts: false, bonding: false };
    this.#open();
  }

  get id(): string {
    return this.#wanted ?? this.#address ?? (this.#number === undefined ? 'hci' : `hci${this.#number}`);
  }

  /** A stable word for `doctor`. */
  get code(): ProbeCode {
    return this.#trouble?.code ?? 'ready';
  }

  state(): RadioState {
    if (!this.#trouble) return { ready: true };
    const { code, reason, fix } = this.#trouble;
    return { ready: false, code, reason, fix };
  }

  hearState(ear: (state: RadioState) => void): () => void {
    this.#ears.add(ear);
    return () => void this.#ears.delete(ear);
  }

  async scan(heard: (advert: Advert) => void, signal: AbortSignal): Promise<void> {
    const adapter = this.#ready();
    if (this.#scan) throw new LockError('busy', 'The Bluetooth adapter scans already.');
    const scan = new Scan(adapter, this.#clock);
    this.#scan = scan;
    this.#heard = advert => {
      if (!signal.aborted) heard(advert);
    };
    try {
      await scan.run(signal);
    } finally {
      if (this.#scan === scan) this.#scan = this.#heard = undefined;
    }
  }

  async connect(address: string, signal: AbortSignal, addressType?: Advert['addressType']): Promise<Link> {
    this.#ready();
    const connector = this.#connector as Connector;
    if (this.#connecting) throw new LockError('busy', 'The Bluetooth adapter is connecting to another lock.');
    if ([...this.#links.values()].some(link => link.address === address)) {
      throw new LockError('busy', 'There is a connection to this lock already.', { reason: 'connected' });
    }
    this.#connecting = true;
    try {
      return await connector.connect(
        address,
        this.#book.addressType(address) ?? addressType ?? guessAddressType(address),
        signal,
      );
    } finally {
      this.#connecting = false;
    }
  }

  /** Resolves when the adapter is ready again; rejects when it is not within 10 s (it is looked for all the same). */
  reset(): Promise<void> {
    this.#resetting ??= this.#reset().finally(() => (this.#resetting = undefined));
    return this.#resetting;
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#cancelLook?.();
    await Promise.all([...this.#links.values()].map(link => link.close()));
    this.#void(trouble('stopped'));
    this.#adapter?.stop();
    await this.#resetting?.catch(() => undefined);
  }

  #ready(): NobleAdapter {
    if (!this.#adapter || this.#trouble) throw notReady(this.#trouble ?? trouble('opening'));
    return this.#adapter;
  }

  #open(): void {
    this.#cancelLook = undefined;
    let noble: Noble;
    try {
      noble = this.#load()(this.#number === undefined ? {} : { deviceId: this.#number });
      if (!noble._bindings._hci) throw new LockError('unsupported', 'Unsupported platform');
    } catch (thrown) {
      this.#log.debug({ err: textOf(thrown) }, 'the Bluetooth library could not be opened');
      return this.#fail(troubleFrom(thrown));
    }
    const number = this.#choose(noble._bindings._hci._socket);
    const adapter: NobleAdapter = new NobleAdapter(noble, number, {
      clock: this.#clock,
      log: this.#log,
      ears: {
        ready: address => this.#isReady(adapter, address),
        off: why => (this.#wanted === undefined ? this.#show(why) : adapter.lose(why)),
        lost: why => this.#fail(why),
        report: report => this.#report(report),
        malformed: handle => this.#malformed(handle),
        refused: (handle, refusal) => this.#links.get(handle)?.refused(refusal),
      },
    });
    this.#adapter = adapter;
    adapter.open();
  }

  /** The number to open: as configured, or the next of those that are there, or the first that is on. */
  #choose(socket: HciSocket): number | undefined {
    if (typeof this.#options.device === 'number') return this.#options.device;
    const list = (socket.getDeviceList?.() ?? []).filter(device => device.devId !== null);
    this.#listed = list.length;
    const device =
      this.#wanted === undefined
        ? (list.find(({ devUp }) => devUp) ?? list[0])
        : list[this.#candidate++ % Math.max(1, list.length)];
    return (this.#number = device?.devId ?? undefined);
  }

  #isReady(adapter: NobleAdapter, address: string): void {
    if (this.#wanted !== undefined && address !== this.#wanted) return adapter.lose(trouble('absent'));
    // Next time it is looked for at the same place first.
    if (this.#wanted !== undefined) this.#candidate--;
    this.#address = address;
    this.#connector = new Connector(adapter, this.#links, { clock: this.#clock, log: this.#log });
    this.#connector.hung = () => adapter.lose(trouble('hung'));
    this.#log.info({ radio: this.id, number: this.#number }, 'the Bluetooth adapter is ready');
    this.#show(undefined);
  }

  /** No adapter, or none any more: everything on it is void. Looks again later, if that can help. */
  #fail(why: Trouble): void {
    if (this.#stopped || this.#cycling) return;
    const wasReady = this.#trouble === undefined;
    this.#void(why);
    if (isLasting(why)) return;
    const more = this.#wanted !== undefined && this.#listed > 0 && this.#candidate % this.#listed !== 0;
    this.#lookAfter(wasReady || more ? 0 : LOOK_EVERY);
  }

  /** Asks the socket of the instance that died, so that a missing adapter does not cost a new socket each time. */
  #lookAfter(ms: number): void {
    this.#cancelLook?.();
    this.#cancelLook = this.#clock.after(ms, () => {
      const list = this.#adapter?.hci._socket.getDeviceList?.();
      const isThere = (number: number | null): boolean => number === (this.#options.device ?? number);
      const worth = list === undefined || list.some(({ devId }) => this.#wanted !== undefined || isThere(devId));
      if (worth || ms === 0) this.#open();
      else this.#lookAfter(LOOK_EVERY);
    });
  }

  /** Whatever is open on the adapter is so no longer. */
  #void(why: Trouble): void {
    const error = notReady(why);
    this.#show(why);
    this.#scan?.lost(error);
    this.#connector?.lost(error);
    this.#connector = undefined;
    for (const link of this.#links.values()) link.end(error);
    this.#links.clear();
  }

  #show(why: Trouble | undefined): void {
    if (this.#trouble?.code === why?.code) return;
    this.#trouble = why;
    if (why && why.code !== 'stopped') this.#log.warn({ radio: this.id, code: why.code, fix: why.fix }, why.reason);
    const state = this.state();
    for (const ear of Array.from(this.#ears)) this.#guarded(() => ear(state));
  }

  #report(report: Report): void {
    const advert = this.#book.hear(report, this.#clock.now());
    if (advert) this.#guarded(() => this.#heard?.(advert));
  }

  #malformed(handle: number): void {
    const link = this.#links.get(handle);
    if (!link) return;
    this.#log.warn({ address: link.address }, 'a lock sent Bluetooth packets that make no sense; its connection ends');
    const text = 'The lock sent Bluetooth packets that make no sense, so the connection was closed.';
    void link.close(new LockError('unreachable', text, { reason: 'malformed' }));
  }

  #guarded(call: () => void): void {
    try {
      call();
    } catch (thrown) {
      this.#log.error({ err: thrown }, 'a listener of the Bluetooth adapter failed');
    }
  }

  /** Off and on by the kernel; where that is denied, by the controller's own reset command. */
  async #reset(): Promise<void> {
    if (this.#stopped || (this.#trouble && isLasting(this.#trouble)))
      throw notReady(this.#trouble ?? trouble('stopped'));
    const adapter = this.#adapter;
    this.#cancelLook?.();
    this.#cycling = true;
    try {
      this.#void(trouble('resetting'));
      await this.#cyclePower(adapter);
    } finally {
      this.#cycling = false;
      adapter?.stop();
    }
    if (this.#stopped) throw notReady(trouble('stopped'));
    this.#open();
    await this.#untilReady();
  }

  async #cyclePower(adapter: NobleAdapter | undefined): Promise<void> {
    if (!adapter) return;
    const { hci } = adapter;
    try {
      const Socket = hci._socket.constructor as new () => HciSocket;
      await powerCycle(new Socket(), this.#number ?? 0, this.#clock);
    } catch (thrown) {
      this.#log.debug({ err: textOf(thrown) }, 'no power cycle; the controller is told to reset itself');
      if (adapter.ended) return;
      // noble asks for the address again after a reset.
      const answered = new Promise<void>(resolve => hci.once('addressChange', () => resolve()));
      hci.reset();
      await within(this.#clock, RESET_WITHIN, answered, () => notReady(trouble('hung'))).catch(() => undefined);
    }
  }

  async #untilReady(): Promise<void> {
    let unhook: () => void = () => undefined;
    const ready = new Promise<void>((resolve, reject) => {
      const check = (): void => {
        if (!this.#trouble) resolve();
        else if (isLasting(this.#trouble)) reject(notReady(this.#trouble));
      };
      unhook = this.hearState(check);
      check();
    });
    try {
      await within(this.#clock, READY_WITHIN, ready, () => notReady(this.#trouble ?? trouble('hung')));
    } finally {
      unhook();
    }
  }
}

function notReady({ code, reason, fix }: Trouble): LockError {
  return new LockError('unreachable', `${reason} ${fix}`, { reason: `radio_${code}` });
}
