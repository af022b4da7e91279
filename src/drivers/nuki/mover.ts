// Moving the bolt (nuki.md 7, 8.2): sent once, and believed when the lock says that it is done or stands where it should.
import { ByteReader } from '../../base/bytes.ts';
import { LockError } from '../../base/errors.ts';
import type { Verb } from '../../lock/lock.ts';
import { type Action, actions, verbs } from './actions.ts';
import { calibrate, reboot } from './config-wire.ts';
import type { Message } from './frame.ts';
import type { Shared } from './session.ts';
import { readStates } from './state-wire.ts';
import { reportStates } from './status.ts';
import { type Asking, MORE, done } from './talk.ts';
import { command, lockAction } from './wire.ts';

/** A motor takes 2 to 12 s, and a slow one at night longer. */
const MOVE_MS = 20_000;
/** The motor goes through all its positions. */
const CALIBRATE_MS = 120_000;
/** After the bolt has arrived: for the "done", or a no that comes late. */
const DONE_MS = 1500;

interface Move {
  what: string;
  withinMs: number;
  reached: readonly number[];
}

export class Mover {
  readonly #shared: Shared;

  constructor(shared: Shared) {
    this.#shared = shared;
  }

  act(verb: Verb): Promise<void> {
    const { code, reached } = verbs[verb];
    return this.#move(code, { what: `to the command to ${verb}`, withinMs: MOVE_MS, reached });
  }

  async perform(name: string): Promise<void> {
    const action = actions.find(one => one.name === name);
    if (!action) throw new LockError('unsupported', 'This lock does nothing of that name.');
    if (action.guarded) await this.#guarded(action);
    else await this.#move(action.code ?? 0, move(action));
    if (action.name !== 'reboot') await this.#shared.guard.states();
  }

  async #move(code: number, move: Move): Promise<void> {
    const { guard, talk, key } = this.#shared;
    const asking = this.#asking(move);
    try {
      const end = await guard.challenged(lockAction(code, { appId: key().appId }), asking);
      // What the lock says of its bolt counts as much as its "done", which may get lost.
      if (end === 'reached') await talk.trailing(move.what, DONE_MS);
    } catch (thrown) {
      if (!(thrown instanceof LockError) || thrown.code !== 'timeout' || thrown.acted === 'no') throw thrown;
      const states = await guard.states().catch(() => undefined);
      if (!states || !move.reached.includes(states.lockState)) throw thrown;
    }
  }

  /** A restarting lock may be gone before it is heard. */
  async #guarded(action: Action): Promise<void> {
    const { guard } = this.#shared;
    const message = action.name === 'calibrate' ? calibrate() : reboot();
    await guard.withPin(message, this.#asking({ ...move(action), withinMs: CALIBRATE_MS }));
  }

  #asking({ what, withinMs, reached }: Move): Asking<'done' | 'reached'> {
    const { ground } = this.#shared;
    return {
      what,
      withinMs,
      act: true,
      optional: true,
      read: (message: Message) => {
        if (message.command === command.state) {
          const states = readStates(new ByteReader(message.payload));
          reportStates(ground, states);
          return reached.includes(states.lockState) ? 'reached' : MORE;
        }
        const said = done(message);
        return said === true ? 'done' : said;
      },
    };
  }
}

function move({ label, reached = [] }: Action): Move {
  return { what: `to "${label}"`, withinMs: MOVE_MS, reached };
}
