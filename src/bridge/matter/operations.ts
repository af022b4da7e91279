// Lock, unlock and unlatch for controllers: a code is looked at before anything moves, and yes means the lock's own yes.
import './switches.ts';
import { FabricIndex, NodeId } from '@matter/main';
import { DoorLock } from '@matter/main/clusters/door-lock';
import { hex } from '../../base/bytes.ts';
import { LockError, textOf } from '../../base/errors.ts';
import type { Secret } from '../../base/log.ts';
import type { Bolt, Verb } from '../../lock/lock.ts';
import { ANSWER_MS, type Place, askerOf, failed, refusal } from './desk.ts';
import type { Denial, Known } from './guard.ts';
import { type DoorEvent, type From, OPERATION, operationBy } from './happenings.ts';

const { AlarmCode, LockOperationType, OperationError, OperationSource } = DoorLock;

/** `open`: with the latch where it can be pulled. */
export type Wish = 'lock' | 'unlock' | 'open';

/** A command on its way to the lock. */
interface Running {
  verb: Verb;
  from: From;
  known: Known | undefined;
  told: boolean;
}

/** Reasons of a lock that tried to move and could not. */
const STUCK: readonly string[] = ['jammed', 'obstacle', 'refused'];
const ENDS: Readonly<Record<Verb, Bolt>> = { lock: 'locked', unlock: 'unlocked', unlatch: 'unlatched' };
const DENIED: Readonly<Record<Denial, { error: DoorLock.OperationError; text: string }>> = {
  missing: { error: OperationError.InvalidCredential, text: 'This lock is opened with a code only.' },
  wrong: { error: OperationError.InvalidCredential, text: 'That code is not one of this lock.' },
  locked_out: { error: OperationError.InvalidCredential, text: 'Too many wrong codes; wait three minutes.' },
  disabled: { error: OperationError.DisabledUserDenied, text: 'That code is switched off.' },
  restricted: { error: OperationError.Restricted, text: 'That code does not open from afar, or not now.' },
};

export class Operations {
  readonly #place: Place;
  readonly #running: Running[] = [];

  constructor(place: Place) {
    this.#place = place;
  }

  /** Rejects with a StatusResponseError; every refusal is an event as well. */
  async operate(wish: Wish, { from, pin }: { from: From; pin: Secret<string> | undefined }): Promise<void> {
    const { around, lock, shape } = this.#place;
    const verb: Verb = wish === 'open' ? (shape.features.includes('Unbolting') ? 'unlatch' : 'unlock') : wish;
    const known = await this.#admitted(verb, from, pin);
    const running: Running = { verb, from, known, told: false };
    this.#running.push(running);
    const { clock, locks, random } = around;
    const deadline = clock.elapsed() + ANSWER_MS;
    try {
      await locks.command({ id: hex(random(8)), lock, verb, asker: askerOf(from), deadline });
    } catch (thrown) {
      around.log.debug({ lock, verb, err: textOf(thrown) }, 'a command from Matter failed');
      const stuck = thrown instanceof LockError && thrown.code === 'rejected' && STUCK.includes(thrown.reason);
      const jam: DoorEvent[] = stuck ? [{ name: 'doorLockAlarm', payload: { alarmCode: AlarmCode.LockJammed } }] : [];
      await this.#place.tell([errorOf({ verb, from, known }, errorCode(thrown)), ...jam]);
      throw refusal(thrown);
    } finally {
      this.#running.splice(this.#running.indexOf(running), 1);
    }
    if (!running.told) await this.#place.tell(done(running));
  }

  /** The bolt has come to stand there: what one of our commands has to say of it, once, before it shows. */
  moved(bolt: Bolt): readonly DoorEvent[] {
    const running = this.#running.find(one => !one.told && ENDS[one.verb] === bolt);
    if (!running) return [];
    running.told = true;
    return done(running);
  }

  async #admitted(verb: Verb, from: From, pin: Secret<string> | undefined): Promise<Known | undefined> {
    const { around, lock, choice } = this.#place;
    const note = around.lockNotes.of(lock);
    if (note.noRemote === true) {
      await this.#place.tell([errorOf({ verb, from, known: undefined }, OperationError.Restricted)]);
      throw failed('This lock is in a mode in which it is not moved from afar.');
    }
    // Whoever closes a door does no harm: a code is asked for to open.
    const required = verb !== 'lock' && (choice.remotePin || note.requirePin === true);
    const verdict = around.guard.check(lock, from.fabric, pin, required);
    if (verdict.ok) return verdict.known;
    const { error, text } = DENIED[verdict.why];
    const alarm: DoorEvent = { name: 'doorLockAlarm', payload: { alarmCode: AlarmCode.WrongCodeEntryLimit } };
    const events = [errorOf({ verb, from, known: verdict.known }, error), ...(verdict.alarm === true ? [alarm] : [])];
    await this.#place.tell(events);
    throw failed(text);
  }
}

function errorCode(thrown: unknown): DoorLock.OperationError {
  const empty = thrown instanceof LockError && thrown.reason === 'battery_low';
  return empty ? OperationError.InsufficientBattery : OperationError.Unspecified;
}

/** Pulling the latch draws the bolt as well. */
function done({ verb, from, known }: Running): DoorEvent[] {
  const types = verb === 'unlatch' ? [OPERATION.unlatch, LockOperationType.Unlock] : [OPERATION[verb]];
  return types.map(type => ({ name: 'lockOperation', payload: operationBy(from, type, known) }));
}

function errorOf({ verb, from, known }: Omit<Running, 'told'>, error: DoorLock.OperationError): DoorEvent {
  return {
    name: 'lockOperationError',
    payload: {
      lockOperationType: OPERATION[verb],
      operationSource: OperationSource.Remote,
      operationError: error,
      userIndex: known?.user ?? null,
      fabricIndex: FabricIndex(from.fabric),
      sourceNode: from.node === null ? null : NodeId(from.node),
      credentials: null,
    },
  };
}
