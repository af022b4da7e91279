// One or more radios for many locks: every advert to every ear, connects in turn, a slot kept free for a person.
import { type Clock, stopped } from '../base/clock.ts';
import { LockError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { choose } from './choose.ts';
import type { Advert, ConnectHow, Link, Radio, RadioState, SharedRadio } from './radio.ts';
import { Station, type StationStatus } from './station.ts';

/** sessions.md 5: more connects at once make all adverts late, and locks appear gone. */
const CONNECTS_AT_ONCE = 2;
/** How long a connect waits for what it lacks. A turn always comes, so waiting for it has no end of its own. */
const PATIENCE = {
  /** An adapter that is being opened or reset is ready within seconds. */
  radio: { person: 5_000, routine: 5_000 },
  /** The slowest locks advertise every 10.24 s. */
  heard: { person: 12_000, routine: 12_000 },
  /** Sessions linger 5 to 25 s; a command from Matter has 8 s in all. */
  slot: { person: 7_000, routine: 30_000 },
  /** The old connection to the same lock is being closed. */
  linked: { person: 7_000, routine: 7_000 },
} as const;
/** A link that was asked for needs a moment to end; one that was in use may be free by then. */
const ASK_AGAIN = 500;
/** An ear that throws is logged once in this time, not at every advert. */
const COMPLAIN_EVERY = 60_000;

type Lack = keyof typeof PATIENCE;

interface Request {
  address: string;
  how: ConnectHow;
  /** What it lacks now, and since when; `turn` needs only time. */
  lacks: Lack | 'turn';
  since: number;
  begin(station: Station): void;
  fail(error: LockError): void;
}

export interface SharedRadios extends SharedRadio {
  /** Begins to scan. */
  start(): void;
  /** Ends everything: waiting and running connects, links, scans, the radios. Nothing is begun afterwards. */
  stop(): Promise<void>;
  status(): StationStatus[];
}

export interface SharedParts {
  clock: Clock;
  log: Log;
  /** For the jitter of pauses only. */
  random?: (bytes: number) => Uint8Array;
}

export function shareRadios(radios: readonly Radio[], parts: SharedParts): SharedRadios {
  return new Shared(radios, parts);
}

class Shared implements SharedRadios {
  readonly #parts: SharedParts;
  readonly #stations: readonly Station[];
  readonly #ears = new Map<(advert: Advert) => void, { complainedAt: number }>();
  readonly #stateEars = new Set<(state: RadioState) => void>();
  /** Persons first, then routine, each in order of asking. */
  #waiting: Request[] = [];
  readonly #running = new Set<Promise<unknown>>();
  #askedForRoomAt = Number.NEGATIVE_INFINITY;
  readonly #ender = new AbortController();
  #shown: string;

  constructor(radios: readonly Radio[], parts: SharedParts) {
    this.#parts = parts;
    const random = parts.random ?? (bytes => new Uint8Array(bytes));
    this.#stations = radios.map(
      radio =>
        new Station(radio, {
          ...parts,
          random,
          heard: advert => this.#heard(advert),
          changed: () => this.#changed(),
        }),
    );
    this.#shown = JSON.stringify(this.state());
  }

  start(): void {
    if (this.#ender.signal.aborted) return;
    for (const station of this.#stations) station.start();
  }

  async stop(): Promise<void> {
    if (this.#ender.signal.aborted) return;
    const error = new LockError('stopped', 'Bluetooth has been stopped.');
    this.#ender.abort(error);
    for (const request of this.#waiting.slice()) request.fail(error);
    await Promise.allSettled(this.#running);
    await Promise.allSettled(this.#stations.map(station => station.stop()));
    this.#ears.clear();
    this.#stateEars.clear();
  }

  status(): StationStatus[] {
    return this.#stations.map(station => station.status());
  }

  state(): RadioState {
    const states = this.#stations.map(station => station.state());
    const none: RadioState = {
      ready: false,
      code: 'none_configured',
      reason: 'No Bluetooth adapter is configured.',
      fix: 'Name one under "radios" in the configuration, or leave "radios" out to use the first one.',
    };
    return states.find(state => state.ready) ?? states[0] ?? none;
  }

  hearState(ear: (state: RadioState) => void): () => void {
    this.#stateEars.add(ear);
    return () => void this.#stateEars.delete(ear);
  }

  hear(ear: (advert: Advert) => void): () => void {
    // Each call its own entry, even for the same function.
    const own = (advert: Advert): void => ear(advert);
    this.#ears.set(own, { complainedAt: -COMPLAIN_EVERY });
    return () => void this.#ears.delete(own);
  }

  connect(address: string, how: ConnectHow): Promise<Link> {
    const { signal } = how;
    if (this.#ender.signal.aborted) return Promise.reject(stopped(this.#ender.signal));
    if (signal.aborted) return Promise.reject(stopped(signal));
    return new Promise<Link>((resolve, reject) => {
      const aborted = (): void => request.fail(stopped(signal));
      const hurried = (): void => this.#hurry(request);
      let cancel: () => void = () => undefined;
      const leave = (): void => {
        cancel();
        signal.removeEventListener('abort', aborted);
        how.hurry?.removeEventListener('abort', hurried);
        this.#waiting = this.#waiting.filter(other => other !== request);
      };
      const request: Request = {
        address,
        how,
        since: this.#parts.clock.elapsed(),
        lacks: 'turn',
        begin: station => {
          leave();
          this.#begin(station, request, { resolve, reject });
        },
        fail: error => {
          leave();
          reject(error);
        },
      };
      const lose = (): void => {
        const left = this.#patienceLeft(request);
        const look = request.lacks === 'slot' ? Math.min(left, ASK_AGAIN) : left;
        cancel = this.#parts.clock.after(look, () => this.#losePatience(request, lose));
      };
      signal.addEventListener('abort', aborted, { once: true });
      how.hurry?.addEventListener('abort', hurried, { once: true });
      if (how.hurry?.aborted) request.how = { ...how, urgency: 'person' };
      this.#queue(request);
      lose();
      this.#serve();
    });
  }

  #queue(request: Request): void {
    const isPerson = request.how.urgency === 'person';
    const at = isPerson ? this.#waiting.findIndex(other => other.how.urgency === 'routine') : -1;
    this.#waiting.splice(at < 0 ? this.#waiting.length : at, 0, request);
  }

  /** Somebody waits for it now, perhaps for the slot that is kept free for persons. */
  #hurry(request: Request): void {
    request.how = { ...request.how, urgency: 'person' };
    request.since = this.#parts.clock.elapsed();
    this.#waiting = this.#waiting.filter(other => other !== request);
    this.#queue(request);
    this.#serve();
  }

  /** Links that only linger make room for a person, one at a time. */
  #makeRoom({ address, how }: Request): void {
    const now = this.#parts.clock.elapsed();
    if (how.urgency !== 'person' || now - this.#askedForRoomAt < ASK_AGAIN) return;
    this.#askedForRoomAt = now;
    this.#stations.filter(station => station.usable && station.reaches(address)).some(station => station.spareOne());
  }

  /** Begins whatever can begin, in order. */
  #serve(): void {
    for (const request of this.#waiting.slice()) {
      const found = this.#stationFor(request);
      if (found instanceof Station) request.begin(found);
      else if (found !== request.lacks) {
        request.lacks = found;
        request.since = this.#parts.clock.elapsed();
      }
      if (found === 'slot') this.#makeRoom(request);
    }
  }

  #stationFor({ address, how }: Request): Station | Lack | 'turn' {
    const usable = this.#stations.filter(station => station.usable);
    if (usable.length === 0) return 'radio';
    if (this.#stations.some(station => station.has(address))) return 'linked';
    const near = usable.filter(station => station.reaches(address));
    if (near.length === 0) return 'heard';
    const roomy = near.filter(station => station.hasRoom(how.urgency));
    if (roomy.length === 0) return near.some(station => station.connecting) ? 'turn' : 'slot';
    const best = roomy[choose(roomy.map(station => station.candidate(address)))] as Station;
    const connecting = this.#stations.filter(station => station.connecting).length;
    return best.connecting || connecting >= CONNECTS_AT_ONCE ? 'turn' : best;
  }

  #begin(station: Station, { address, how }: Request, caller: PromiseWithReject): void {
    const ender = new AbortController();
    const end = (signal: AbortSignal) => (): void => {
      const error = stopped(signal);
      ender.abort(error);
      caller.reject(error);
    };
    const [aborted, ended] = [end(how.signal), end(this.#ender.signal)];
    how.signal.addEventListener('abort', aborted, { once: true });
    this.#ender.signal.addEventListener('abort', ended, { once: true });
    const work = station
      .connect(address, ender.signal, how)
      .then(async link => {
        if (ender.signal.aborted) await link.close();
        else caller.resolve(link);
      })
      .catch((thrown: unknown) => caller.reject(thrown))
      .finally(() => {
        how.signal.removeEventListener('abort', aborted);
        this.#ender.signal.removeEventListener('abort', ended);
        this.#running.delete(work);
      });
    this.#running.add(work);
  }

  #patienceLeft(request: Request): number {
    const waited = this.#parts.clock.elapsed() - request.since;
    const patience = request.lacks === 'turn' ? waited + 1_000 : PATIENCE[request.lacks][request.how.urgency];
    return Math.max(0, patience - waited);
  }

  /** What it lacks may have changed since the timer was set. */
  #losePatience(request: Request, wait: () => void): void {
    this.#serve();
    if (!this.#waiting.includes(request)) return;
    if (request.lacks === 'turn' || this.#patienceLeft(request) > 0) return wait();
    request.fail(lacking(request.lacks, this.state()));
  }

  #heard(advert: Advert): void {
    for (const [ear, own] of this.#ears) {
      try {
        ear(advert);
      } catch (thrown) {
        const now = this.#parts.clock.elapsed();
        if (now - own.complainedAt < COMPLAIN_EVERY) continue;
        own.complainedAt = now;
        this.#parts.log.error({ err: thrown }, 'a listener for adverts failed');
      }
    }
    if (this.#waiting.some(request => request.address === advert.address)) this.#serve();
  }

  #changed(): void {
    // Once the constructor is done.
    if (this.#shown === undefined || this.#ender.signal.aborted) return;
    const state = this.state();
    const shown = JSON.stringify(state);
    if (shown !== this.#shown) {
      this.#shown = shown;
      for (const ear of Array.from(this.#stateEars)) {
        try {
          ear(state);
        } catch (thrown) {
          this.#parts.log.error({ err: thrown }, 'a listener for the state of the radio failed');
        }
      }
    }
    this.#serve();
  }
}

interface PromiseWithReject {
  resolve(link: Link): void;
  reject(error: unknown): void;
}

function lacking(lack: Lack, state: RadioState): LockError {
  switch (lack) {
    case 'radio': {
      const text = state.ready
        ? 'The Bluetooth adapter is busy recovering. Try again in a moment.'
        : `${state.reason} ${state.fix}`;
      return new LockError('unreachable', text, { reason: 'radio_not_ready' });
    }
    case 'heard': {
      const text =
        'The lock has not been heard. It may be out of range, asleep, without power, or connected to a phone: press a key on it, or close the app.';
      return new LockError('unreachable', text, { reason: 'not_heard' });
    }
    case 'slot': {
      const text = 'All connections of the Bluetooth adapter are in use. Hold fewer sessions open, or add an adapter.';
      return new LockError('busy', text, { reason: 'no_slot' });
    }
    case 'linked':
      return new LockError('busy', 'There is a connection to this lock already.', { reason: 'connected' });
  }
}
