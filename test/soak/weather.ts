// What happens to a street of locks in a month: commands, hands, cuts, resets, jumps of the clock; and what is seen of it.
import type { LockState } from '../../src/lock/lock.ts';
import { type Door, Street, type Told } from './street.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
/** Each lock gets a command so often. */
const COMMAND_EVERY = 10 * MINUTE;
const CUT_EVERY = 30 * MINUTE;
const THUMB_EVERY = 47 * MINUTE;
const RESET_EVERY = 12 * HOUR;
const JUMP_MS = 90 * MINUTE;
const LOSS = 0.05;
/** Held and on demand: what a lock with mains power, and what most locks have. */
export const MODES = ['on_demand', 'held', 'on_demand', 'on_demand'] as const;
const LOOK_EVERY = 10_000;
/** How long a belief may be wrong. */
const WRONG_MS = MINUTE;

export class Weather {
  readonly street: Street;
  readonly told: Told[] = [];
  /** Beliefs that were wrong for too long, in words. */
  readonly wrong: string[] = [];
  readonly #wrongSince = new Map<string, number>();
  readonly #thumbs = new Map<string, number>();
  #cut = false;
  #stopped = false;

  constructor(seed: number) {
    this.street = new Street(seed, MODES);
  }

  async begin(): Promise<void> {
    const { street } = this;
    await street.pairAll(MODES);
    street.air.knobs.loss = LOSS;
    street.air.knobs.fault = () => (this.#cut ? this.#cutNow() : 'deliver');
    this.#every(CUT_EVERY, () => (this.#cut = true));
    this.#every(RESET_EVERY, () => void street.radio.reset());
    this.#every(WEEK, () => street.clock.jump(street.chance(0.5) ? JUMP_MS : -JUMP_MS));
    this.#every(THUMB_EVERY, () => this.#turnByHand());
    this.#every(LOOK_EVERY, () => this.#look());
  }

  async day(): Promise<void> {
    const { street } = this;
    const { clock, doors } = street;
    for (let at = 0; at < DAY; at += COMMAND_EVERY) {
      const until = clock.elapsed() + COMMAND_EVERY;
      for (const door of doors) {
        const told = await street.command(door, street.chance(0.5) ? 'lock' : 'unlock');
        // Somebody turned it meanwhile: that movement is not the command's.
        this.told.push({ ...told, moves: told.moves - this.#turned(door, told.took) });
        await clock.advance(Math.round((COMMAND_EVERY / doors.length) * 0.7));
      }
      await clock.advance(Math.max(0, until - clock.elapsed()));
    }
  }

  stop(): Promise<void> {
    this.#stopped = true;
    return this.street.stop();
  }

  #every(ms: number, call: () => void): void {
    this.street.clock.after(ms, () => {
      if (this.#stopped) return;
      call();
      this.#every(ms, call);
    });
  }

  #cutNow(): 'cut' {
    this.#cut = false;
    return 'cut';
  }

  #turnByHand(): void {
    const { street } = this;
    const [byte = 0] = street.random(1);
    // A cylinder does not notice its thumb-turn, and nobody can say what it does not know.
    const sensed = street.doors.filter(({ lock }) => lock.variant === 'deadbolt');
    const door = sensed[byte % sensed.length] as Door;
    door.lock.hands.act('thumb', { value: door.lock.bolt === 'locked' ? 'unlock' : 'lock' });
    this.#thumbs.set(door.name, street.clock.elapsed());
  }

  #turned(door: Door, took: number): number {
    const at = this.#thumbs.get(door.name);
    return at !== undefined && at >= this.street.clock.elapsed() - took ? 1 : 0;
  }

  /** Only what is claimed can be wrong: unknown and moving claim nothing. */
  #look(): void {
    const now = this.street.clock.elapsed();
    for (const { name, lock } of this.street.doors) {
      const { bolt, reachable } = this.street.view(name).state as LockState;
      const right = (bolt !== 'locked' && bolt !== 'unlocked') || !reachable || bolt === lock.bolt;
      if (right) this.#wrongSince.delete(name);
      else if (!this.#wrongSince.has(name)) this.#wrongSince.set(name, now);
      if (now - (this.#wrongSince.get(name) ?? now) <= WRONG_MS) continue;
      this.wrong.push(`${name} is said to be ${bolt} at ${Math.round(now / MINUTE)} min`);
      this.#wrongSince.delete(name);
    }
  }
}
