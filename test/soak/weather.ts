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
const BROKER_EVERY = 8 * HOUR;
/** A broker that is restarted is away for a second or, when its computer is updated, for minutes. */
const BROKER_AWAY = [1000, 20_000, 5 * MINUTE] as const;
/** By then the bridge is connected again (it tries every 5 s) and has said everything. */
const BROKER_BACK = 10_000;
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
  /** What was not as before after a restart of the broker, in words. */
  readonly unsaid: string[] = [];
  restarts = 0;
  readonly #wrongSince = new Map<string, number>();
  readonly #thumbs = new Map<string, number>();
  #cut = false;
  /** What was retained when the broker went away; until that has been looked at again. */
  #before: Map<string, string> | undefined;
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
    this.#every(BROKER_EVERY, () => this.#restartBroker());
    this.#every(RESET_EVERY, () => void street.radio.reset());
    this.#every(WEEK, () => street.clock.jump(street.chance(0.5) ? JUMP_MS : -JUMP_MS));
    this.#every(THUMB_EVERY, () => this.#turnByHand());
    this.#lookAgain();
  }

  async day(): Promise<void> {
    const { street } = this;
    const { clock, doors } = street;
    for (let at = 0; at < DAY; at += COMMAND_EVERY) {
      const until = clock.elapsed() + COMMAND_EVERY;
      for (const door of doors) {
        const told = await street.command(door, street.chance(0.5) ? 'lock' : 'unlock');
        this.#note(door, told);
        await this.#afterRestart();
        await clock.advance(Math.round((COMMAND_EVERY / doors.length) * 0.7));
      }
      await clock.advance(Math.max(0, until - clock.elapsed()));
    }
  }

  stop(): Promise<void> {
    this.#stopped = true;
    return this.street.stop();
  }

  /** About so often: what always came at the same minute of the hour would always meet the same command. */
  #every(ms: number, call: () => void): void {
    const [byte = 0] = this.street.random(1);
    this.street.clock.after(ms * (0.5 + byte / 255), () => {
      if (this.#stopped) return;
      call();
      this.#every(ms, call);
    });
  }

  /** Somebody turned it meanwhile: that movement is not the command's, nor is what the command did about it. */
  #note(door: Door, told: Told): void {
    const turned = this.#turned(door, told.took);
    this.told.push({ ...told, moves: turned ? 0 : told.moves });
  }

  #restartBroker(): void {
    const { street } = this;
    const { broker } = street.wire;
    if (this.#before) return;
    this.#before = street.wire.kept();
    broker.goDown({ forgets: street.chance(0.5) });
    const [byte = 0] = street.random(1);
    street.clock.after(BROKER_AWAY[byte % BROKER_AWAY.length] as number, () => broker.comeUp());
  }

  /** Everything that was kept is there again and true, and a command over MQTT works. */
  async #afterRestart(): Promise<void> {
    const { street } = this;
    const { wire, clock, doors } = street;
    const before = this.#before;
    if (!before || !wire.broker.up) return;
    await clock.advance(BROKER_BACK);
    this.restarts += 1;
    const now = wire.kept();
    const say = (what: string): void => void this.unsaid.push(`${what} at ${Math.round(clock.elapsed() / MINUTE)} min`);
    for (const topic of before.keys()) if (!now.has(topic)) say(`${topic} is missing`);
    for (const { name } of doors) {
      const said = (JSON.parse(now.get(`latchbridge/${name}`) ?? '{}') as { lock_state?: string }).lock_state;
      if (said !== street.view(name).state.bolt) say(`${name} is told as ${said}`);
    }
    const [byte = 0] = street.random(1);
    const door = doors[byte % doors.length] as Door;
    const told = await street.order(door, byte < 128 ? 'lock' : 'unlock');
    if (told.outcome !== 'ok' && told.outcome.reason === 'no_answer') say(`${door.name} gave no answer`);
    this.#note(door, told);
    this.#before = undefined;
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

  #turned(door: Door, took: number): boolean {
    const at = this.#thumbs.get(door.name);
    return at !== undefined && at >= this.street.clock.elapsed() - took;
  }

  #lookAgain(): void {
    this.street.clock.after(LOOK_EVERY, () => {
      if (this.#stopped) return;
      this.#look();
      this.#lookAgain();
    });
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
