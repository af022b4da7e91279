// Everything about a virtual Nuki lock that can be made unkind, changeable while it runs. Source: nuki.md 7, 16, 22.

/**
 * before_acting: it got the message and did nothing. before_answering: it acted. mid_answer: all but the last piece of the
 * answer was sent, or nothing where there is one piece. after_answering: the answer was sent.
 */
export type DropMoment = 'before_acting' | 'before_answering' | 'mid_answer' | 'after_answering';

/** `command` and `nth` (message of the link, from 1) both have to fit; `times` counts down and then it is over. */
export interface DropLink {
  command?: number;
  nth?: number;
  moment: DropMoment;
  times?: number;
}

export interface Knobs {
  /** Time to answer, ms; drawn evenly. */
  replyLatency: { min: number; max: number };
  /** It hangs up after so long without a message, ms; 0: never. Not while its motor works. */
  hangsUpIdle: number;
  /** How long it stays in pairing mode, ms. */
  pairingMs: number;
  /** How long its motor needs from end to end, ms. */
  motorMs: number;
  /** How long a challenge is good for, ms. */
  challengeMs: number;
  /** Pieces of 20 bytes however large the MTU is. */
  smallPieces: boolean;
  connectionRefused: boolean;
  /** It can be connected and answers nothing. */
  deaf: boolean;
  dropLink: DropLink | undefined;

  advertName: boolean;
  /** Every other advert is one of HomeKit. */
  homekitAdverts: boolean;
  /** Its pairing advert carries no Nuki-ID, as with one old simulator. */
  emptyServiceData: boolean;
  /** Nothing changes bit 0 of its beacon. */
  beaconStuck: boolean;
  /** Its advertisements stop for good. */
  silent: boolean;

  /** What it says with no need to is said in the clear on e201 or the pairing characteristic; else it stays silent. */
  plainErrors: boolean;
  /** Refusals in the pairing of the fifth generation come sealed. */
  sealedPairingErrors: boolean;
  /** Who can be authorised; undefined: as many as the variant has room for. */
  users: number | undefined;
  /** Wrong PINs before it takes none for a while, and for how long, ms. */
  pinTries: number;
  pinLockMs: number;

  /** An action is not told ACCEPTED before it moves. */
  acceptedMissing: boolean;
  /** The end of an action is told so much later, ms. */
  completeDelay: number;
  /** The end of an action is never told. */
  completeMissing: boolean;
  /** Every Keyturner States that nobody asked for comes twice. */
  statesRepeated: boolean;
  /** Keyturner States come so much later than the motor, ms. */
  statesDelay: number;
  /** It tells a connected client what others did, too. */
  statesOfOthers: boolean;
  /** Something that nobody asked for comes between a message and its answer: its state, or an entry of its log. */
  inside: false | 'state' | 'entry';
  /** Lists begin with their count. */
  listCounts: boolean;
  /** Lists end with COMPLETE. */
  listEnds: boolean;
  /** COMPLETE follows the id of what was added. */
  completeAfterId: boolean;
  /** Further bytes behind each entry of its log. */
  logPadding: number;
  /** So many answers carry a checksum that is wrong inside a good seal. */
  wrongCrc: number;
  /** All sealed answers carry the checksum 0. */
  zeroCrc: boolean;
  /** So many answers are sealed with another key. */
  wrongSeal: number;
  /** So many answers name another authorization inside. */
  wrongAuthId: number;
  /** So many commands are told that their challenge is no good. */
  staleChallenges: number;
  /** So many actions are told that another one is running. */
  busy: number;
  /** Commands that are refused, and with which error. */
  refuse: Readonly<Record<number, number>>;

  /** blocked: the motor meets an obstacle. lie: it says that it moved. */
  jam: 'none' | 'blocked' | 'lie';
  /** The critical bit, whatever the per cent. */
  lowBattery: boolean;
  /** Too weak to move: actions end with 0x49. */
  lowVoltage: boolean;
  /** Batteries pulled: its clock starts again from `clockAfterLoss`. */
  losesClock: boolean;
  /** UTC, ms. */
  clockAfterLoss: number;
  /** Date limits, and hours of limits and timers: by the clock at the door or in UTC. */
  limitDates: 'utc' | 'local';
  limitHours: 'utc' | 'local';

  /** A removal is told COMPLETE, and the authorization lives on. */
  keepsRemoved: boolean;
  /** Authorizations and codes survive a factory reset. */
  oldKeysSurvive: boolean;
  /** Holding the button opens no pairing mode, whatever the setting says. */
  buttonDead: boolean;
}

/** As faithful as we know, and kind. */
export function usualKnobs(): Knobs {
  return {
    replyLatency: { min: 20, max: 120 },
    hangsUpIdle: 20_000,
    pairingMs: 60_000,
    motorMs: 2_500,
    challengeMs: 10_000,
    smallPieces: false,
    connectionRefused: false,
    deaf: false,
    dropLink: undefined,
    advertName: true,
    homekitAdverts: false,
    emptyServiceData: false,
    beaconStuck: false,
    silent: false,
    plainErrors: true,
    sealedPairingErrors: false,
    users: undefined,
    pinTries: 5,
    pinLockMs: 5 * 60_000,
    acceptedMissing: false,
    completeDelay: 0,
    completeMissing: false,
    statesRepeated: false,
    statesDelay: 0,
    statesOfOthers: false,
    inside: false,
    listCounts: true,
    listEnds: true,
    completeAfterId: true,
    logPadding: 0,
    wrongCrc: 0,
    zeroCrc: false,
    wrongSeal: 0,
    wrongAuthId: 0,
    staleChallenges: 0,
    busy: 0,
    refuse: {},
    jam: 'none',
    lowBattery: false,
    lowVoltage: false,
    losesClock: false,
    clockAfterLoss: Date.UTC(2000, 0, 1),
    limitDates: 'utc',
    limitHours: 'local',
    keepsRemoved: false,
    oldKeysSurvive: false,
    buttonDead: false,
  };
}
