// One lock on the Matter side: its endpoint, kept in line with what the lock says, and the desk behind it.
import './switches.ts';
import { Endpoint, EndpointNumber } from '@matter/main';
import { BridgedDeviceBasicInformationServer } from '@matter/main/behaviors/bridged-device-basic-information';
import { PowerSourceServer } from '@matter/main/behaviors/power-source';
import { DoorLock } from '@matter/main/clusters/door-lock';
import { DoorLockDevice } from '@matter/main/devices/door-lock';
import { Status, StatusResponseError } from '@matter/main/types';
import type { Holder } from '../../access/holders.ts';
import { within } from '../../base/clock.ts';
import { LockError, textOf } from '../../base/errors.ts';
import type { Happening, LockEvent, LockView } from '../../lock/lock.ts';
import {
  POWER_FACTS,
  type Seen,
  deviceFacts,
  doorLockFacts,
  doorLockState,
  isReachable,
  nameOf,
  powerState,
} from './attributes.ts';
import { Credentials } from './credentials.ts';
import { ANSWER_MS, type Place, type Surroundings, askerOf, invalid, kindsOf } from './desk.ts';
import { type DoorEvent, type From, eventOf } from './happenings.ts';
import { Moves } from './moves.ts';
import { DESKS, type Desk, LockServer, type Written } from './lock-server.ts';
import type { MatterLockChoice } from './matter.ts';
import { Operations } from './operations.ts';
import { People } from './people.ts';
import { Schedules } from './schedules.ts';
import { AUTO_LOCK, PASSAGE, type Shape } from './shape.ts';
import { changesOf } from './user-changes.ts';

const { AlarmCode, OperatingMode } = DoorLock;

/** Clocks of locks are minutes wrong; what is older was read from a log after an absence, and is no news. */
const NEWS_MS = 15 * 60_000;

const Bridged = DoorLockDevice.with(LockServer, PowerSourceServer.with('Battery'), BridgedDeviceBasicInformationServer);
type LockEndpoint = Endpoint<typeof Bridged>;

export interface DoorParts {
  lock: string;
  around: Surroundings;
  shape: Shape;
  choice: MatterLockChoice;
  /** What the controllers keep a copy of has changed. */
  configured: () => void;
}

export class Door implements Place, Desk {
  readonly lock: string;
  readonly around: Surroundings;
  readonly shape: Shape;
  readonly choice: MatterLockChoice;
  readonly endpoint: LockEndpoint;
  readonly operations: Operations;
  readonly people: () => Holder[];
  readonly users: People;
  readonly credentials: Credentials;
  readonly schedules: Schedules;
  readonly #moves: Moves;
  readonly #configured: () => void;
  /** What was written last, by cluster and attribute. */
  #shown: Record<string, Record<string, unknown>> = {};
  #holders: Holder[];
  #changing = 0;
  #last: Promise<unknown> = Promise.resolve();
  #lifecycle: LockView['lifecycle'];
  #closed = false;

  constructor({ lock, around, shape, choice, configured }: DoorParts) {
    this.lock = lock;
    this.around = around;
    this.shape = shape;
    this.choice = choice;
    this.#configured = configured;
    this.people = () => around.holders.all(lock, kindsOf(shape));
    this.operations = new Operations(this);
    this.users = new People(this);
    this.credentials = new Credentials(this, this.users);
    this.schedules = new Schedules(this, this.users);
    this.#moves = new Moves(around.clock, event => void this.tell([event]));
    this.#holders = this.people();
    this.#lifecycle = this.view().lifecycle;
    this.#count();
    this.endpoint = this.#make();
    DESKS.set(this.endpoint, this);
    const { events } = this.endpoint;
    if (!choice.own) {
      events.bridgedDeviceBasicInformation.nodeLabel$Changed?.on((label, _old, context) => {
        if (context?.fabric === undefined) return;
        around.lockNotes.change(lock, { label, labelOf: this.view().name });
      });
    }
  }

  view(): LockView {
    const view = this.around.locks.find(this.lock);
    if (view) return view;
    throw new LockError('not_found', 'This lock was taken off.');
  }

  heard(event: LockEvent): void {
    if (event.kind === 'happened') return this.#happened(event.happening);
    if (this.#lifecycle !== event.view.lifecycle) {
      const wiped = this.#lifecycle === 'managed' && event.view.lifecycle === 'factory';
      this.#lifecycle = event.view.lifecycle;
      if (wiped) void this.tell([{ name: 'doorLockAlarm', payload: { alarmCode: AlarmCode.LockFactoryReset } }]);
    }
    if (event.kind !== 'state') this.#count();
    this.push();
  }

  /** Codes, cards or fingers have changed, whoever did it. */
  peopleChanged(): void {
    if (this.#changing === 0) this.#tellPeople(undefined);
  }

  /** Everything is at its beginning again: show it all. */
  pushAll(): void {
    this.#shown = {};
    this.push();
  }

  /** What is not shown yet as it is now. */
  push(): void {
    // Taken off a moment ago: its endpoint goes as well.
    if (!this.around.locks.find(this.lock)) return;
    const seen = this.#seen();
    const { bolt } = seen.view.state;
    const doorLock = doorLockState(seen);
    const news = this.#newsOf(doorLock, bolt);
    const next: Record<string, Record<string, unknown>> = {
      doorLock,
      ...(this.shape.battery && { powerSource: powerState(seen.view) }),
      ...(!this.choice.own && {
        bridgedDeviceBasicInformation: {
          nodeLabel: nameOf(seen),
          reachable: isReachable(seen.view),
          ...deviceFacts(seen),
        },
      }),
    };
    const changed = this.#differences(next);
    if (news.length > 0) void this.tell(news);
    if (Object.keys(changed).length > 0) void this.#inTurn(() => this.endpoint.set(changed));
  }

  tell(events: readonly DoorEvent[]): Promise<void> {
    if (events.length === 0) return Promise.resolve();
    return this.#inTurn(() =>
      this.endpoint.act(agent => {
        const known = agent.get(LockServer).events as unknown as Record<string, Emitter | undefined>;
        for (const { name, payload } of events) known[name]?.emit(payload, agent.context);
      }),
    );
  }

  async change<T>(from: From, act: () => Promise<T>): Promise<T> {
    this.#changing += 1;
    const work = act().finally(() => {
      this.#changing -= 1;
      this.#tellPeople(from);
    });
    const late = (): LockError => new LockError('timeout', 'The lock has not confirmed it yet; look again in a while.');
    return within(this.around.clock, ANSWER_MS, work, late);
  }

  async written(from: From, name: Written, value: unknown): Promise<void> {
    try {
      if (name === 'autoRelockTime') await this.#set(from, AUTO_LOCK, value as number);
      else if (name === 'operatingMode') await this.#setMode(from, value as DoorLock.OperatingMode);
      else {
        if (this.choice.remotePin && value !== true) throw invalid('The owner of this lock wants a code for opening.');
        this.around.lockNotes.change(this.lock, { requirePin: value === true });
      }
    } finally {
      // What was heard of it meanwhile comes after the write itself, and must not undo it.
      const { [name]: _, ...others } = this.#shown['doorLock'] ?? {};
      this.#shown['doorLock'] = others;
      this.push();
    }
  }

  async #setMode(from: From, mode: DoorLock.OperatingMode): Promise<void> {
    const { lock, shape } = this;
    const { lockNotes, workbench } = this.around;
    const passage = mode === OperatingMode.Passage;
    const noRemote = mode === OperatingMode.NoRemoteLockUnlock;
    if (!(passage ? shape.passage : noRemote || mode === OperatingMode.Normal)) {
      throw new StatusResponseError('This lock has no such mode.', Status.ConstraintError);
    }
    const was = workbench.known(lock)[PASSAGE] === true;
    if (shape.passage && passage !== was) await this.#set(from, PASSAGE, passage);
    lockNotes.change(lock, { noRemote });
  }

  async #set(from: From, setting: string, to: number | boolean): Promise<void> {
    const { workbench, clock } = this.around;
    const late = (): LockError => new LockError('timeout', 'The lock did not confirm the setting in time.');
    await within(clock, ANSWER_MS, workbench.writeSetting(this.lock, setting, to, askerOf(from)), late);
  }

  /** Takes it off; its number stays its own. `gone`: for good. */
  async close({ gone = false } = {}): Promise<void> {
    this.#closed = true;
    this.#moves.stop();
    await this.#last;
    await (gone ? this.endpoint.delete() : this.endpoint.close());
  }

  #make(): LockEndpoint {
    const { choice, shape, lock } = this;
    const seen = this.#seen();
    const type = typeOf(shape, choice);
    return new Endpoint(type, {
      id: lock,
      number: EndpointNumber(choice.own ? 1 : seen.view.endpoint),
      // Neutral: this is what it falls back to when the library forgets everything.
      doorLock: {
        ...doorLockFacts(seen),
        ...doorLockState(seen),
        lockState: null,
        ...(shape.features.includes('DoorPositionSensor') && { doorState: null }),
      },
      ...(shape.battery && { powerSource: { ...POWER_FACTS, ...powerState(seen.view) } }),
      ...(!choice.own && {
        bridgedDeviceBasicInformation: {
          nodeLabel: nameOf(seen),
          reachable: false,
          uniqueId: seen.note.uniqueId,
          ...deviceFacts(seen),
        },
      }),
    } as Endpoint.Options<typeof Bridged>) as LockEndpoint;
  }

  /** Events that come before the attributes: what a command of ours did, the door, a jam. */
  #newsOf(next: ReturnType<typeof doorLockState>, bolt: LockView['state']['bolt']): DoorEvent[] {
    const { lockState, doorState } = this.#shown['doorLock'] ?? {};
    const events: DoorEvent[] = [...this.operations.moved(bolt)];
    const isNews = lockState !== undefined && next.lockState !== undefined && lockState !== next.lockState;
    if (isNews && lockState !== null && events.length === 0) this.#moves.moved(bolt);
    if (bolt === 'jammed' && isNews)
      events.push({ name: 'doorLockAlarm', payload: { alarmCode: AlarmCode.LockJammed } });
    const door = next.doorState;
    if (door != null && doorState !== undefined && doorState !== door) {
      events.push({ name: 'doorStateChange', payload: { doorState: door } });
    }
    return events;
  }

  #differences(next: Record<string, Record<string, unknown>>): Record<string, Record<string, unknown>> {
    const changed: Record<string, Record<string, unknown>> = {};
    for (const [cluster, attributes] of Object.entries(next)) {
      const old = this.#shown[cluster] ?? {};
      const news = Object.entries(attributes).filter(([name, value]) => old[name] !== value);
      if (news.length > 0) changed[cluster] = Object.fromEntries(news);
      this.#shown[cluster] = { ...old, ...attributes };
    }
    return changed;
  }

  #happened(happening: Happening): void {
    const { clock } = this.around;
    if (Math.abs(clock.now() - happening.at) > NEWS_MS) return;
    // What a controller did was told when it was done, with its name.
    if (happening.source === 'remote' && happening.person?.startsWith('fabric:') === true) return;
    const event = eventOf(happening, this.people());
    if (event?.name === 'lockOperation') this.#moves.explained(event.payload.lockOperationType);
    if (event) void this.tell([event]);
  }

  #tellPeople(from: From | undefined): void {
    if (this.#closed) return;
    const before = this.#holders;
    this.#holders = this.people();
    void this.tell(changesOf(before, this.#holders, from));
  }

  /** Counts a change of what the endpoint offers, or of the hardware behind it. */
  #count(): void {
    const { lockNotes } = this.around;
    const { facts, family, generation } = this.view();
    const { signature, version } = lockNotes.of(this.lock);
    const now = JSON.stringify([this.shape, family, facts.model, facts.serial, facts.firmware, generation]);
    if (signature === now) return;
    lockNotes.change(this.lock, { signature: now, version: signature === undefined ? version : version + 1 });
    this.#configured();
  }

  #seen(): Seen {
    const { lock, shape, choice, around } = this;
    const values = around.workbench.known(lock);
    return { view: this.view(), shape, choice, note: around.lockNotes.of(lock), values };
  }

  /** One after another, so that an event is out before the attribute that follows from it. */
  #inTurn(work: () => unknown): Promise<void> {
    const { log } = this.around;
    const turn = this.#last.then(async () => {
      if (!this.#closed) await work();
    });
    this.#last = turn.catch((thrown: unknown) => {
      log.warn({ lock: this.lock, err: textOf(thrown) }, 'Matter did not take what a lock said');
    });
    return this.#last as Promise<void>;
  }
}

const TYPES = new Map<string, typeof Bridged>();

/** One for all locks that are alike: making one costs more than keeping it. */
function typeOf({ features, battery }: Shape, { own }: MatterLockChoice): typeof Bridged {
  const key = [...features, battery, own].join(' ');
  let type = TYPES.get(key);
  if (!type) {
    type = DoorLockDevice.with(
      LockServer.with(...features),
      ...(battery ? [PowerSourceServer.with('Battery')] : []),
      ...(own ? [] : [BridgedDeviceBasicInformationServer]),
    ) as unknown as typeof Bridged;
    TYPES.set(key, type);
  }
  return type;
}

interface Emitter {
  emit(payload: unknown, context: unknown): void;
}
