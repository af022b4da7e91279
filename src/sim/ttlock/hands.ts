// What a person can do at a virtual TTLock. Every act is written to its memory before it is told.
import { type Hand, type HandResult, type Hands, makeHands, no, yes } from '../hands.ts';
import type { Device } from './device.ts';
import { feature } from './features.ts';
import type { BoltPlace } from './kept.ts';
import { Keypad } from './keypad.ts';
import { MISBEHAVIOURS, type Misbehaviour, misbehave } from './misbehaviour.ts';
import { move, powerOff, powerOn, setDoor, shift } from './mechanism.ts';
import { presentCard, presentFinger } from './opening.ts';
import { switchOn } from './settings.ts';
import { tell } from './voice.ts';

/** Shorter than this the reset button does nothing but beep. */
const RESET_SECONDS = 2;

const RESTARTED = 14;
const MECHANICAL_UNLOCK = 27;
const FORCED = 29;
const DOOR_CLOSED = 30;
const DOOR_OPENED = 31;
const FROM_INSIDE = 32;
const MECHANICAL_LOCK = 36;

export function makeTTLockHands(device: Device): Hands {
  const keypad = new Keypad(device);
  const hands: readonly Hand[] = [
    { name: 'press_key', say: 'Touch the keypad or the knob: it wakes.', run: () => pressKey(device) },
    {
      name: 'type_code',
      say: 'Type a code and #.',
      argument: { name: 'digits', kind: 'digits', say: 'the digits of the code' },
      run: digits => (device.variant.keypad ? keypad.type(digits) : no('There is no keypad on it.')),
    },
    {
      name: 'present_card',
      say: 'Hold a card to the reader.',
      argument: { name: 'card', kind: 'digits', say: 'the number of the card' },
      run: card => withReader(device, feature.card, () => presentCard(device, BigInt(card))),
    },
    {
      name: 'present_finger',
      say: 'Press a finger on the sensor.',
      argument: { name: 'finger', kind: 'text', say: 'whose and which, such as "right thumb"' },
      run: finger => withReader(device, feature.finger, () => presentFinger(device, finger)),
    },
    ...bolts(device),
    ...power(device, keypad),
  ];
  return makeHands(hands.map(hand => ({ ...hand, run: value => acted(device, hand, value) })));
}

/** These work without batteries. */
const MECHANICAL = ['thumb', 'turn_key', 'door', 'jam', 'close_shackle', 'batteries_out', 'batteries_in'];

function acted(device: Device, hand: Hand, value: string): HandResult {
  if (device.variant.legacy) return no('It is only there to be heard: nothing about it can be used.');
  if (!device.powered && !MECHANICAL.includes(hand.name)) return no('Nothing happens: there are no batteries in it.');
  const result = hand.run(value);
  device.commit();
  return result;
}

function bolts(device: Device): readonly Hand[] {
  const turn = { name: 'to', kind: 'choice', choices: ['lock', 'unlock'], say: 'lock or unlock' } as const;
  const place = (to: string): BoltPlace => (to === 'lock' ? 'locked' : 'unlocked');
  return [
    { name: 'thumb', say: 'Turn the thumb-turn inside.', argument: turn, run: to => thumb(device, place(to)) },
    { name: 'turn_key', say: 'Turn a mechanical key.', argument: turn, run: to => turnKey(device, place(to)) },
    {
      name: 'privacy',
      say: 'Press the privacy button inside.',
      argument: { name: 'to', kind: 'choice', choices: ['on', 'off'], say: 'on or off' },
      run: to => privacy(device, to === 'on'),
    },
    {
      name: 'door',
      say: 'Open or close the door.',
      argument: { name: 'to', kind: 'choice', choices: ['open', 'closed'], say: 'open or closed' },
      run: to => moveDoor(device, to === 'open' ? 'open' : 'closed'),
    },
    { name: 'close_shackle', say: 'Press the shackle or the lid shut.', run: () => closeShackle(device) },
    {
      name: 'jam',
      say: 'Wedge the bolt, or take the wedge away.',
      argument: { name: 'to', kind: 'choice', choices: ['on', 'off'], say: 'on or off' },
      run: to => jam(device, to === 'on'),
    },
    { name: 'force', say: 'Lever at it until the alarm goes.', run: () => force(device) },
  ];
}

function power(device: Device, keypad: Keypad): readonly Hand[] {
  return [
    {
      name: 'batteries_out',
      say: 'Take the batteries out.',
      run: () => {
        if (!device.powered) return no('The batteries are out already.');
        keypad.clear();
        powerOff(device);
        return yes('The batteries are out.');
      },
    },
    {
      name: 'batteries_in',
      say: 'Put batteries in.',
      argument: { name: 'battery', kind: 'number', optional: true, say: 'per cent; as before when left out' },
      run: percent => {
        if (device.powered) return no('There are batteries in it already.');
        if (percent !== '') device.kept.battery = Math.min(100, Math.round(Number(percent)));
        powerOn(device);
        device.record(RESTARTED);
        return yes('It beeps and starts.');
      },
    },
    {
      name: 'hold_reset',
      say: 'Hold the reset button behind the cover inside.',
      argument: { name: 'seconds', kind: 'number', say: 'how long; two beeps come after 2 s' },
      run: seconds => holdReset(device, keypad, Number(seconds)),
    },
    {
      name: 'misbehave',
      say: 'No hand: the lock itself goes wrong from now on, to rehearse it.',
      argument: { name: 'how', kind: 'choice', choices: ['none', ...MISBEHAVIOURS], say: 'how; none makes it well' },
      run: how => {
        misbehave(device.knobs, how as Misbehaviour | 'none');
        device.antenna.changed();
        return yes(how === 'none' ? 'It is well again.' : `From now on: ${how.replaceAll('_', ' ')}.`);
      },
    },
  ];
}

function pressKey(device: Device): HandResult {
  device.touch();
  return yes(device.paired ? 'It lights up.' : 'It lights up. It can be paired for 15 seconds.');
}

function withReader(device: Device, needs: number, present: () => HandResult): HandResult {
  return device.has(needs) ? present() : no('There is no reader for that on it.');
}

function thumb(device: Device, place: BoltPlace): HandResult {
  if (device.variant.thumb === 'none') return no('There is no thumb-turn on it.');
  const said = place === 'locked' ? 'The bolt is out.' : 'The bolt is in.';
  if (device.variant.thumb === 'unsensed' || !device.powered) {
    shift(device, place, 'thumb');
    return yes(said);
  }
  if (place === 'unlocked') device.privacy = false;
  const moved = device.kept.bolt !== place;
  move(device, place, 'thumb');
  if (moved && place === 'unlocked') device.record(FROM_INSIDE);
  if (moved) tell(device);
  return yes(said);
}

function turnKey(device: Device, place: BoltPlace): HandResult {
  if (!device.variant.keyhole) return no('There is no keyhole on it.');
  const said = place === 'locked' ? 'The key locks it.' : 'The key opens it.';
  if (!device.powered) {
    shift(device, place, 'key');
    return yes(said);
  }
  if (place === 'unlocked') device.privacy = false;
  const number = device.record(place === 'locked' ? MECHANICAL_LOCK : MECHANICAL_UNLOCK);
  move(device, place, 'key');
  tell(device, number);
  return yes(said);
}

function privacy(device: Device, on: boolean): HandResult {
  if (!device.has(feature.privacySwitch)) return no('There is no privacy button on it.');
  if (!switchOn(device, 'privacy')) return no('Nothing happens: the privacy lock is switched off in the settings.');
  device.privacy = on;
  return yes(on ? 'It is double-locked.' : 'It is no longer double-locked.');
}

function moveDoor(device: Device, to: 'open' | 'closed'): HandResult {
  if (device.variant.shackle) return no('There is no door to it.');
  if (device.kept.door === to) return no(`The door is ${to} already.`);
  if (to === 'open' && device.kept.bolt === 'locked') return no('The bolt holds the door.');
  setDoor(device, to);
  if (device.hasDoor && device.powered) {
    const number = device.record(to === 'open' ? DOOR_OPENED : DOOR_CLOSED, Uint8Array.of(device.kept.battery));
    tell(device, number);
  }
  return yes(`The door is ${to}.${device.hasDoor ? '' : ' The lock does not notice.'}`);
}

function jam(device: Device, on: boolean): HandResult {
  device.knobs.jam = on ? 'obstacle' : 'none';
  return yes(on ? 'The bolt is stuck: its motor cannot move it.' : 'The bolt moves again.');
}

function closeShackle(device: Device): HandResult {
  if (!device.variant.shackle) return no('There is nothing to press shut on it.');
  if (device.kept.bolt === 'locked') return no('It is shut already.');
  if (!device.powered) {
    shift(device, 'locked', 'shackle');
    return yes('It clicks shut.');
  }
  move(device, 'locked', 'shackle');
  tell(device);
  return yes('It clicks shut.');
}

function force(device: Device): HandResult {
  if (device.has(feature.tamperSwitch) && !switchOn(device, 'tamper')) return no('Nothing happens: its alarm is off.');
  tell(device, device.record(FORCED));
  return yes('The alarm goes.');
}

function holdReset(device: Device, keypad: Keypad, seconds: number): HandResult {
  if (device.has(feature.resetSwitch) && !switchOn(device, 'resetButton')) {
    return no('Nothing happens: the reset button is switched off in the settings.');
  }
  if (seconds < RESET_SECONDS) {
    restart(device);
    return no('One beep: it restarts, and nothing is erased. Hold it until two beeps come.');
  }
  if (device.knobs.initCode !== undefined) {
    keypad.askInitCode();
    return no('A voice: "Please enter the initialisation code." Type it within 30 seconds.');
  }
  if (device.knobs.rebootInsteadOfReset) {
    restart(device);
    return no('One beep. It only restarted; nothing is erased.');
  }
  device.antenna.hangUp();
  keypad.clear();
  device.wipe();
  return yes('Two beeps: everything is erased. It can be paired for 15 seconds; touch it to wake it again.');
}

/** Its session ends, and it notes that it started; it keeps everything. */
function restart(device: Device): void {
  device.antenna.hangUp();
  device.record(RESTARTED);
}
