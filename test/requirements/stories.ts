// Flows that are run on virtual locks for docs/requirements.md: each tells what its plan said and which steps it came to.
import { Secret } from '../../src/base/log.ts';
import type { FlowView } from '../../src/flow/words.ts';
import { OWNER } from '../support/fake-family.ts';
import type { FlowHouse } from '../support/flow-house.ts';
import { AUTOMATION, inhabited } from '../flow/recipes/guests.ts';
import { AGAIN, type Deed, fresh, holds, paired, play } from '../flow/recipes/people.ts';

/** One sentence of a plan that was run, and what it is for. */
export interface Told {
  story: string;
  /** The step, or where else in the plan it stands. */
  where: string;
  honours: readonly string[];
  text: string;
}

const pressKey: Deed = house => void house.place.lock.hands.act('press_key');
const atTheDoor: Readonly<Record<string, Deed>> = {
  'opening.presence': pressKey,
  'repair.find': pressKey,
  'repair.wake': pressKey,
  'repair.orientation': () => 'left',
  'reset.hold': holds(3),
};
const pulling: Readonly<Record<string, Deed>> = {
  ...atTheDoor,
  'batteries.out': house => {
    house.place.lock.hands.act('batteries_out');
    return 'nothing';
  },
  'batteries.in': house => {
    house.place.lock.hands.act('batteries_in');
    return 'nothing';
  },
};

interface Story {
  name: string;
  run(): Promise<FlowHouse>;
}

export const stories: readonly Story[] = [
  {
    name: 'unpair front_door and pair it again',
    async run() {
      const house = await paired();
      await house.start({ type: 'unpair', reason: 'replacing', ...AGAIN });
      await play(house, atTheDoor);
      return house;
    },
  },
  {
    name: 'unpair a lock that does not respond, with its batteries pulled',
    async run() {
      const house = await paired();
      await house.start({ type: 'unpair', reason: 'not_responding' });
      await play(house, pulling);
      return house;
    },
  },
  {
    name: 'unpair a locked lock',
    async run() {
      const house = await paired();
      house.place.lock.hands.act('thumb', { value: 'lock' });
      await house.clock.advance(30_000);
      await house.start({ type: 'unpair', reason: 'moving' });
      await play(house, atTheDoor);
      return house;
    },
  },
  {
    name: 'pair a new lock, which sleeps at first',
    async run() {
      const house = fresh({ knobs: { asleep: true } });
      await house.start({ type: 'repair', reason: 'new_lock', lock: undefined as never, name: 'front_door' });
      house.clock.after(35_000, () => void house.place.lock.hands.act('press_key'));
      await play(house, { ...atTheDoor, 'repair.find': () => 'nothing' });
      return house;
    },
  },
  {
    name: 'pair a key box',
    async run() {
      const house = fresh({ variant: 'key_box' });
      await house.start({ type: 'repair', reason: 'new_lock', lock: undefined as never, name: 'key_box' });
      await play(house, atTheDoor);
      return house;
    },
  },
  {
    name: 'unpair a key box and pair it again',
    async run() {
      const house = await paired({ variant: 'key_box' });
      await house.start({ type: 'unpair', reason: 'clean_slate', ...AGAIN });
      await play(house, atTheDoor);
      return house;
    },
  },
  {
    name: 'reset a lock whose password is lost',
    async run() {
      const house = await paired();
      await house.start({ type: 'reset', reason: 'lost_admin' });
      await play(house, atTheDoor);
      return house;
    },
  },
  {
    name: 'rekey after a person should lose access',
    async run() {
      const house = await inhabited();
      await house.start({ type: 'rekey', reason: 'revoke_person' });
      await play(house, atTheDoor);
      return house;
    },
  },
  {
    name: 'turn over with somebody there',
    async run() {
      const house = await inhabited();
      await house.start({ type: 'turnover', reason: 'tenant_left' });
      await play(house, atTheDoor);
      return house;
    },
  },
  {
    name: 'turn over with nobody there',
    async run() {
      const house = await inhabited();
      await house.start({ type: 'turnover', reason: 'tenant_left' }, AUTOMATION);
      await house.until();
      return house;
    },
  },
  {
    name: 'find out why a lock does not respond',
    async run() {
      const house = await paired();
      await house.clock.run(house.house.access.setCode('front_door', 1, { digits: new Secret('5821') }, OWNER));
      await house.start({ type: 'diagnose', reason: 'not_responding' });
      await play(house, atTheDoor);
      return house;
    },
  },
];

/** What a reader of its plan saw of the steps that it came to, and how it ended. */
export async function tell(story: Story): Promise<{ told: Told[]; ended: FlowView }> {
  const house = await story.run();
  const ended = house.flow;
  const begun = new Set(
    house.store.flows
      .lines(ended.id)
      .flatMap(({ kind, step }) => (kind === 'step' && step !== undefined ? [step] : [])),
  );
  const { plan } = ended;
  const told: Told[] = plan.notes.map(note => ({ story: story.name, where: 'note of the plan', ...note }));
  for (const step of plan.steps) {
    if (!begun.has(step.id)) continue;
    const where = step.id;
    const text = `${step.title}: ${step.text}`;
    told.push({ story: story.name, where, honours: step.honours, text });
    for (const hint of step.hints ?? []) told.push({ story: story.name, where: `hint of ${where}`, ...hint });
  }
  for (const event of house.events) {
    if (event.kind !== 'prompt') continue;
    const { step, honours, text } = event.prompt;
    told.push({ story: story.name, where: `question of ${step}`, honours, text });
  }
  await house.stop().catch(() => undefined);
  return { told, ended };
}
