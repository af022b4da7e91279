// Finding the lock that is meant: it offers itself, a key press wakes it, and of twins the one that is touched is taken.
import { sleep, stopped } from '../../base/clock.ts';
import type { Heard } from '../../lock/registry.ts';
import type { PairRequest } from '../flow.ts';
import { AWAKE_MS, alreadyOurs, ambiguous } from '../joining.ts';
import { lowerFirst, natureOf } from '../nature.ts';
import type { PlannedHint, PlannedStep } from '../plan.ts';
import type { Answer, Planning, Scene, StepCode } from '../step.ts';
import { CANCEL, DONE, askOrSee, cancelled, heardWithin } from './observe.ts';
import { SURVIVES } from './opening.ts';
import { planned } from './planned.ts';
import { isBrief, ok } from './preparing.ts';

const LOOK_MS = 500;
/** An answer in a session that is open, or the end of one that only seems so. */
const LISTENS_MS = 5000;
/** After the first one: time for its twin to be heard. */
const GATHER_MS = 2000;
/** flows.md 4.6: so long a press is believed before more is advised. */
const PRESSED_MS = 15_000;
/** Once nobody touches them they fall asleep. */
const QUIET_MS = AWAKE_MS + 4000;
const GESTURE_MS = 60_000;
const GESTURES = 3;

/** What was found, for the next step. */
export const CANDIDATE = 'candidate';

/** Ordered as a person would try them; each look is taken by itself before its sentence is said (engine/hints.ts). */
export const LADDER: readonly PlannedHint[] = [
  {
    text: 'Not listed yet: bring this computer’s Bluetooth adapter close to the lock; you standing close does not help it.',
    check: 'signal',
    honours: ['S0-34'],
  },
  {
    text: 'Do once more what the step says; a lock that sleeps lights up when it is touched. The scan runs already and takes it up each time.',
    check: 'pairable',
    honours: ['S0-35', 'S0-21'],
  },
  { ...SURVIVES, check: 'radio' },
  {
    text: 'Put fresh batteries in, all of one kind, each the right way round: it beeps or lights up when they are.',
    check: 'batteries',
    honours: ['S0-37', 'S0-38'],
  },
  {
    text: 'Take the batteries out once more, wait ten seconds, and put them back.',
    check: 'heard',
    honours: ['S0-42'],
  },
  {
    text: 'Move away from other smart locks, or let them sleep: leave them alone.',
    check: 'neighbours',
    honours: ['S0-43'],
  },
  {
    text: 'The Bluetooth adapter is restarted by itself when it hears nothing at all; then this program, then the computer may be restarted by you.',
    check: 'adapter',
    honours: ['S0-45'],
  },
];

export const findStep: StepCode = {
  id: 'repair.find',
  // What waits has its own time; afterwards it parks, or fails at once where nothing was wiped.
  retryPausesMs: [],
  async run(scene) {
    await mustNotListen(scene);
    const found = isBrief(scene) ? await waited(scene) : await guided(scene);
    const { address } = found.advert;
    const { family } = found.driver;
    scene.remember(CANDIDATE, { address, hardware: found.recognised.hardware, family });
    const what = `${found.recognised.model} (${address}, ${found.advert.rssi} dBm) offers itself for pairing.`;
    return ok({ grade: 'E3', what, by: 'radio' });
  },
};

/** A lock that listens to us offers itself to nobody, however long anybody waits. */
async function mustNotListen(scene: Scene): Promise<void> {
  const { address } = scene.request;
  const keeper = scene.tools.pairer.joiner.known(wishOf(scene));
  if (!keeper?.session || (address !== undefined && address.toLowerCase() !== keeper.record.address)) return;
  const how = { urgency: 'person', what: 'ask the lock', ms: LISTENS_MS, signal: scene.signal } as const;
  const listens = await keeper
    .work(how, session => session.readState())
    .then(
      () => true,
      () => false,
    );
  if (listens) throw alreadyOurs();
}

/** What is wanted, in the words of the pairing port. */
export function wishOf(scene: Scene): PairRequest {
  const { request } = scene;
  const { name, unit, seconds, address } = request;
  const lock = scene.plan.lock;
  return {
    ...(lock !== undefined && { lock }),
    ...(name !== undefined && { name }),
    ...(unit !== undefined && { unit }),
    ...(address !== undefined && { address }),
    ...(seconds !== undefined && { seconds }),
  };
}

function waited(scene: Scene): Promise<Heard> {
  return scene.waiting('radio', scene.tools.pairer.joiner.find(wishOf(scene), scene.signal));
}

/** Person and radio race; hints come by and by, and a press that is answered too early is only waited for. */
async function guided(scene: Scene): Promise<Heard> {
  const { text, spoken = text } = scene.step;
  const options = [DONE, { value: 'help', label: 'It does not show up', means: 'help' } as const, CANCEL];
  let hints = 0;
  const help = (): void => {
    const hint = scene.step.hints?.[hints++];
    if (hint) scene.say(hint.text);
  };
  // Awake already, as after a reset: nobody has to press anything.
  const now = await shortly(scene, LOOK_MS);
  if (now) return theOne(scene, now);
  const began = scene.tools.clock.elapsed();
  for (;;) {
    const ask = { kind: 'human_do', text, spoken, options } as const;
    const proof = await askOrSee(scene, ask, signal => scene.waiting('radio', offered(scene, signal)));
    if (proof.by === 'radio') return theOne(scene, proof.seen);
    heed(proof.answer, scene, began);
    if (proof.answer.means === 'help') {
      help();
      continue;
    }
    // Pressed, they say: its adverts come within seconds, or something is wrong.
    const seen = await shortly(scene, PRESSED_MS);
    if (seen) return theOne(scene, seen);
    help();
  }
}

function heed(answer: Answer, scene: Scene, began: number): void {
  if (answer.means !== 'no') return;
  const seconds = Math.round((scene.tools.clock.elapsed() - began) / 1000);
  const missing = scene.tools.pairer.joiner.missing(wishOf(scene), seconds);
  // A lock that is somebody else's is no whim of the person.
  throw missing.reason === 'foreign_owner' ? missing : cancelled(answer.by.who);
}

async function offered(scene: Scene, signal: AbortSignal): Promise<readonly Heard[]> {
  const { pairer, clock } = scene.tools;
  const wish = wishOf(scene);
  for (;;) {
    const found = pairer.joiner.offered(wish);
    // Of a lock that is named there is no twin to be waited for.
    if (found.length > 0 && (wish.lock !== undefined || wish.address !== undefined)) return found;
    if (found.length > 0) {
      await sleep(clock, GATHER_MS, scene.signal);
      return pairer.joiner.offered(wish);
    }
    await sleep(clock, LOOK_MS, signal);
  }
}

async function shortly(scene: Scene, ms: number): Promise<readonly Heard[] | undefined> {
  const late = new AbortController();
  const cancel = scene.tools.clock.after(ms, () => late.abort());
  try {
    return await offered(scene, AbortSignal.any([scene.signal, late.signal]));
  } catch (thrown) {
    if (scene.signal.aborted) throw stopped(scene.signal);
    if (late.signal.aborted) return undefined;
    throw thrown;
  } finally {
    cancel();
  }
}

/** Several alike: the one that reacts to a touch is meant (flows.md 4.5). */
async function theOne(scene: Scene, found: readonly Heard[]): Promise<Heard> {
  const [only] = found;
  if (only && found.length === 1) return only;
  for (let go = 1; go <= GESTURES; go++) {
    const touched = await gesture(scene, found.length);
    if (touched.length === 1 && touched[0]) return touched[0];
    scene.say(touched.length === 0 ? 'No lock reacted.' : 'Both reacted: let them sleep, then touch only one.');
  }
  throw ambiguous(found);
}

async function gesture(scene: Scene, count: number): Promise<readonly Heard[]> {
  const { joiner } = scene.tools.pairer;
  const { address: _any, ...wish } = wishOf(scene);
  scene.say(`${count} locks offer themselves and look alike. Leave both alone until their lights are out.`);
  let quietSince = scene.tools.clock.elapsed();
  while (scene.tools.clock.elapsed() - quietSince < QUIET_MS) {
    await sleep(scene.tools.clock, LOOK_MS, scene.signal);
    if (awakeNow(scene, wish).length > 0) quietSince = scene.tools.clock.elapsed();
  }
  const text = `Now, on the lock that you mean, and on no other: ${lowerFirst(offerOf(scene))}. The one that reacts is taken.`;
  const spoken = 'Now wake the lock that you mean, and no other.';
  const ask = { kind: 'human_do', text, spoken, options: [DONE, CANCEL] } as const;
  const wanted = (heard: Heard): boolean => heard.recognised.state === 'pairable';
  const proof = await askOrSee(scene, ask, () => heardWithin(scene, GESTURE_MS, wanted));
  if (proof.by === 'person' && proof.answer.means !== 'yes') throw cancelled(proof.answer.by.who);
  await sleep(scene.tools.clock, GATHER_MS, scene.signal);
  return joiner.offered(wish);
}

function offerOf(scene: Scene): string {
  const [one] = scene.tools.nearby.all().filter(({ state }) => state === 'pairable');
  return natureOf(scene.tools.registry, one).offer;
}

/** What was heard since the last look. */
function awakeNow(scene: Scene, wish: PairRequest): readonly Heard[] {
  const now = scene.tools.clock.now();
  return scene.tools.pairer.joiner.offered(wish).filter(({ advert }) => now - advert.at <= LOOK_MS);
}

export function planFind(about: Planning, after: Pick<PlannedStep, 'segment' | 'atStake'>): PlannedStep {
  const { request } = about;
  const brief = request.mode === 'brief';
  const nature = natureOf(about.tools.registry, familyOf(about));
  const wants = nature.wants === undefined ? '' : ` ${nature.wants}`;
  const wakes = nature.owners === 'one' ? ' It appears within a few seconds and sleeps again soon.' : '';
  const whose =
    nature.owners === 'one'
      ? ' Only a lock that offers itself can be chosen; others show why not.'
      : request.type === 'reset'
        ? ''
        : ' It stays paired with everybody else.';
  return planned({
    id: 'repair.find',
    kind: brief ? 'observe' : 'human_do',
    ...after,
    title: 'Wake the lock and find it',
    text: `${nature.offer}.${wants}${wakes} The scan runs already and lists what is near.${whose} Of several alike, the one that reacts to you is taken.`,
    spoken: spokenOf(nature.offer),
    honours: ['S0-18', 'S0-19', 'S0-20', 'S0-21', 'S0-22', 'S0-23', 'S0-30', 'S0-33', 'S0-35', 'S0-43'],
    evidence: 'E3',
    ...(!brief && { soft: 15, hard: 600 }),
    unattended: 'run',
    hints: LADDER,
  });
}

/** The lock that is known, or what was heard at the address that is wanted. */
function familyOf({ lock, request, tools }: Planning): { family: string } | undefined {
  const address = request.address?.toLowerCase();
  return lock ?? tools.nearby.all().find(one => one.address === address);
}

/** At most 20 words, for a voice. */
function spokenOf(text: string): string {
  const words = text.split(' ');
  return words.length <= 20 ? `${text}.` : `${words.slice(0, 19).join(' ')}.`;
}
