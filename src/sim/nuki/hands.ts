// What a person can do at a virtual Nuki lock. Every act is written to its memory before it is told.
import { type Hand, type HandResult, type Hands, makeHands, no, yes } from '../hands.ts';
import { hexOf } from './bytes.ts';
import { action, completion, entryType, trigger } from './codes.ts';
import type { Device, Mover } from './device.ts';
import { Keypad } from './keypad.ts';
import { actionData } from './layouts.ts';
import { powerOff, powerOn, setDoor, turnByHand } from './mechanism.ts';
import { MISBEHAVIOURS, type Misbehaviour, misbehave } from './misbehaviour.ts';
import { begin, believe, cancel, hindrance, intelligent, shift } from './motor.ts';
import { hasRoom } from './pairing.ts';
import { pushStateOfOthers } from './voice.ts';

/** So long the button has to be held for pairing mode. */
const PAIRING_SECONDS = 5;
/** A press of the button, by its setting: 0 nothing, 1 as it stands, 2 unlock, 3 lock, 4 unlatch, 5 lock 'n' go, 6 show. */
const PRESS: Readonly<Record<number, number>> = {
  2: action.unlock,
  3: action.lock,
  4: action.unlatch,
  5: action.lockNGo,
};
const INTELLIGENT = 1;
/** A user of the kind "app", and how many bytes its key has. */
const APP = 0;
const KEY = 32;

export function makeNukiHands(device: Device): Hands {
  const keypad = new Keypad(device);
  const hands = [
    ...buttons(device),
    ...atKeypad(device, keypad),
    ...mechanics(device),
    ...power(device),
    ...app(device),
  ];
  return makeHands(hands.map(hand => ({ ...hand, run: value => acted(device, hand, value) })));
}

/** These work without batteries. */
const MECHANICAL = ['thumb', 'turn_key', 'door', 'jam', 'batteries_out', 'batteries_in', 'misbehave'];

function acted(device: Device, hand: Hand, value: string): HandResult {
  if (!device.powered && !MECHANICAL.includes(hand.name)) return no('Nothing happens: there are no batteries in it.');
  const result = hand.run(value);
  device.commit();
  return result;
}

function buttons(device: Device): readonly Hand[] {
  const times = { name: 'times', kind: 'choice', choices: ['1', '2'], optional: true, say: 'once or twice' } as const;
  return [
    {
      name: 'press_button',
      say: 'Press its button: once, or twice quickly.',
      argument: times,
      run: count => pressButton(device, count === '2' ? 2 : 1),
    },
    {
      name: 'hold_button',
      say: 'Hold its button.',
      argument: { name: 'seconds', kind: 'number', say: 'how long; pairing mode opens after 5 s' },
      run: seconds => holdButton(device, Number(seconds)),
    },
  ];
}

function atKeypad(device: Device, keypad: Keypad): readonly Hand[] {
  const has = (run: () => HandResult): HandResult =>
    device.variant.keypad === 'none' ? no('There is no keypad with it.') : run();
  const reads = (run: () => HandResult): HandResult =>
    device.variant.keypad === 'keypad_2' ? run() : no('There is no reader for fingers with it.');
  const finger = { name: 'finger', kind: 'text', say: 'whose and which, such as "right thumb"' } as const;
  return [
    {
      name: 'type_code',
      say: 'Type a code of six digits at the keypad.',
      argument: { name: 'digits', kind: 'digits', say: 'the digits of the code' },
      run: digits => has(() => keypad.type(digits)),
    },
    { name: 'press_arrow', say: 'Press the arrow key of the keypad: it locks.', run: () => has(() => keypad.arrow()) },
    {
      name: 'present_finger',
      say: 'Press a finger on the keypad.',
      argument: finger,
      run: print => reads(() => keypad.press(print)),
    },
    {
      name: 'teach_finger',
      say: 'Teach the keypad a finger, as in the Nuki app.',
      argument: finger,
      run: print => reads(() => keypad.teach(print)),
    },
  ];
}

function mechanics(device: Device): readonly Hand[] {
  const turn = { name: 'to', kind: 'choice', choices: ['lock', 'unlock'], say: 'lock or unlock' } as const;
  return [
    { name: 'thumb', say: 'Turn its ring inside by hand.', argument: turn, run: to => turned(device, to, 'thumb') },
    {
      name: 'turn_key',
      say: 'Turn a key in the cylinder outside.',
      argument: turn,
      run: to => turned(device, to, 'key'),
    },
    {
      name: 'door',
      say: 'Open or close the door.',
      argument: { name: 'to', kind: 'choice', choices: ['open', 'closed'], say: 'open or closed' },
      run: to => moveDoor(device, to === 'open' ? 'open' : 'closed'),
    },
    {
      name: 'jam',
      say: 'Wedge the bolt, or take the wedge away.',
      argument: { name: 'to', kind: 'choice', choices: ['on', 'off'], say: 'on or off' },
      run: to => {
        device.knobs.jam = to === 'on' ? 'blocked' : 'none';
        return yes(to === 'on' ? 'The bolt is stuck: its motor cannot move it.' : 'The bolt moves again.');
      },
    },
  ];
}

function power(device: Device): readonly Hand[] {
  return [
    {
      name: 'batteries_out',
      say: 'Take the batteries out.',
      run: () => {
        if (!device.powered) return no('The batteries are out already.');
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
        return yes('Its ring lights up, and it starts.');
      },
    },
  ];
}

function app(device: Device): readonly Hand[] {
  return [
    {
      name: 'reset_settings',
      say: 'In the Nuki app: reset it to default settings. Users, codes and log stay; the PIN goes.',
      run: () => {
        device.resetSettings();
        return yes('Its settings and its PIN are as they were made. It has to be calibrated again.');
      },
    },
    {
      name: 'factory_reset',
      say: 'In the Nuki app: reset it to factory settings. Everything is erased.',
      run: () => {
        device.antenna.hangUp();
        cancel(device);
        device.wipe();
        return yes('Everything is erased. Hold its button for 5 s to pair it; then it has to be calibrated.');
      },
    },
    {
      name: 'add_phone',
      say: 'In the Nuki app: somebody else’s phone is added.',
      argument: { name: 'name', kind: 'text', say: 'what the phone is called' },
      run: name => addPhone(device, name),
    },
    {
      name: 'set_pin',
      say: 'In the Nuki app: choose its security code.',
      argument: { name: 'digits', kind: 'digits', say: 'four digits; six on the fifth generation' },
      run: digits => setPin(device, digits),
    },
    {
      name: 'calibrate',
      say: 'In the Nuki app: calibrate it. It ends unlocked.',
      run: () => {
        if (device.motion) return no('The motor is busy.');
        shift(device, 'unlocked', 'app');
        device.kept.calibrated = true;
        believe(device, 'unlocked');
        return yes('It is calibrated, and unlocked.');
      },
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

function setPin(device: Device, digits: string): HandResult {
  const wanted = device.variant.generation === 'g5' ? 6 : 4;
  if (digits.length !== wanted) return no(`The app wants ${wanted} digits.`);
  device.kept.pin = Number(digits);
  device.changed();
  return yes('That is its security code from now on.');
}

/** With a key that nobody here ever sees. */
function addPhone(device: Device, name: string): HandResult {
  const { kept } = device;
  if (!hasRoom(device, { type: APP, appId: 0 })) return no('Its list of users is full.');
  const now = device.time();
  const key = hexOf(device.random(KEY));
  const user = { id: kept.nextAuthId++, type: APP, name, key, appId: 0, enabled: true, remote: false };
  kept.authorizations.push({ ...user, created: now, lastActive: now, lockCount: 0 });
  device.changed();
  return yes(`"${name}" opens it from now on.`);
}

function pressButton(device: Device, times: 1 | 2): HandResult {
  const { config, advanced } = device.kept;
  if (device.motion?.deed) {
    cancel(device);
    return yes('It stops.');
  }
  if (config.buttonEnabled === 0) return no('Nothing happens: its button is switched off in the settings.');
  const set = times === 1 ? advanced.singlePress : advanced.doublePress;
  const wanted = set === INTELLIGENT ? intelligent(device) : PRESS[set];
  if (wanted === undefined) {
    const shown = { action: action.buttonNothing, trigger: trigger.button, completion: completion.success };
    device.log(entryType.action, actionData({ ...shown, flags: times }));
    return yes('Its ring shows how it stands.');
  }
  const hindered = hindrance(device, wanted);
  if (hindered === 'already') return yes('Its ring lights up: it stands so already.');
  if (hindered !== undefined) return no(hindered === 'busy' ? 'The motor is busy.' : 'It has to be calibrated first.');
  const who = { authId: 0, name: '' };
  const told = (): void => pushStateOfOthers(device);
  begin(device, { action: wanted, trigger: trigger.button, by: 'button', who, flags: times, told });
  return yes('The motor turns.');
}

function holdButton(device: Device, seconds: number): HandResult {
  if (seconds < PAIRING_SECONDS) return no('Its ring goes out again: hold it until the ring stays lit, for 5 s.');
  const { knobs, kept } = device;
  if (kept.config.pairingEnabled === 0) {
    return no('Nothing happens: pairing by the button is switched off in its settings (Bluetooth pairing).');
  }
  if (knobs.buttonDead) return no('Nothing happens, however long it is held.');
  device.openPairing();
  return yes(`Its ring stays lit: it can be paired for ${knobs.pairingMs / 1000} seconds.`);
}

function turned(device: Device, to: string, by: Mover): HandResult {
  const place = to === 'lock' ? 'locked' : 'unlocked';
  if (device.motion?.deed) return no('The motor turns it just now.');
  const said = place === 'locked' ? 'The bolt is out.' : 'The bolt is in.';
  if (device.powered) turnByHand(device, place, by);
  else shift(device, place, by);
  return yes(said);
}

function moveDoor(device: Device, to: 'open' | 'closed'): HandResult {
  if (device.kept.door === to) return no(`The door is ${to} already.`);
  if (to === 'open' && device.kept.bolt === 'locked') return no('The bolt holds the door.');
  setDoor(device, to);
  return yes(`The door is ${to}.${device.variant.doorSensor ? '' : ' The lock does not notice.'}`);
}
