// Everything about a virtual TTLock that can be made unkind, changeable while it runs. Source: ttlock.md 23.

/** before_acting: it got the frame and did nothing. before_answering: it acted. after_answering: the answer was sent. */
export type DropMoment = 'before_acting' | 'before_answering' | 'after_answering';

/** `command` and `nth` (of the link, from 1) both have to fit; `times` counts down and then it is over. */
export interface DropLink {
  command?: number;
  nth?: number;
  moment: DropMoment;
  times?: number;
}

export interface Knobs {
  /** What it does with frames of clean checksum: ignores them, takes both, or answers error 01. */
  receiveChecksum: 'altered' | 'lenient' | 'errorReply';
  transmitChecksum: 'altered' | 'clean';
  /** none: never. keypad: what happens at the lock. after, before: that, and the state around the answer to 47 and 58. */
  pushes: 'none' | 'after' | 'before' | 'keypad';
  /** Between the answer and a push, or two pushes, ms. */
  pushDelay: number;
  /** own: a login needs the lock's own scene, group and organisation. */
  headerCheck: 'any' | 'own';
  /** The state byte never changes: 0 or 1 for ever. */
  statusConstant: false | 0 | 1;
  resetReply: 'empty' | 'status';
  /** Answers to 47 and 58 carry only the battery. */
  shortReplies: boolean;
  /** Time to answer, ms; drawn evenly. */
  replyLatency: { min: number; max: number };
  /** It hangs up after so long without a request, ms; 0: never. */
  hangsUpIdle: number;
  /** Frames count without CR LF behind them. */
  crLfOptional: boolean;
  /** It notifies nothing until one value was read. */
  readFirst: boolean;

  advert1910: boolean;
  advertName: boolean;
  advertBit10: boolean;
  /** The battery in the advert is 100 for a minute after a connection. */
  batterySpike: boolean;
  updateMode: boolean;
  connectionRefused: boolean;
  /** It can be connected and answers nothing. */
  deaf: boolean;
  /** It advertises only after a touch, even when paired. */
  asleep: boolean;

  /** The last notification of every answer ends early. */
  truncated: boolean;
  splitCrLf: boolean;
  garbagePrefix: boolean;
  /** Cipher text of challenges and of the new key holds 0D 0A. */
  crLfInside: boolean;
  /** Answers carry encrypt byte 00, as if they were pushes. */
  replyEncryptZero: boolean;
  /** Something unasked is sent between a request and its answer: the state (true), or a record of the log. */
  pushInside: boolean | 'event';
  /** Every push is sent twice. */
  repeatPushes: boolean;
  /** Cards are told as 8 bytes even if they have 4, filled with FF. */
  paddedCards: boolean;
  /** So many log requests are answered as stale. */
  staleCursor: number;
  /** Reading by number moves the FFFF bookmark too. */
  explicitReadsMoveBookmark: boolean;
  /** Commands that are refused with error 13, such as 0x43 and 0x62. */
  refuse: readonly number[];
  /** Commands that need an admin login though most locks answer them to anybody: of 01, 25, 90. */
  needLogin: readonly number[];
  /** What a wrong 30 is told. */
  wrongSumError: 0x03 | 0x12;
  dropLink: DropLink | undefined;

  /** refuse: it says that it failed. obstacle: it says why. lie: it says that it moved. */
  jam: 'none' | 'refuse' | 'obstacle' | 'lie';
  /** 47 and 58 are refused with 0A. */
  lowBattery: boolean;
  /** Batteries pulled: its clock starts again from `clockAfterLoss`. */
  losesClock: boolean;
  /** Wall clock after a loss, ms of UTC. */
  clockAfterLoss: number;
  /** A reset is answered, but it only restarts. */
  rebootInsteadOfReset: boolean;
  /** Codes, cards and fingers open even after a reset. */
  oldCodesSurvive: boolean;
  /** Somebody else paired it: our key opens nothing. */
  foreignOwner: boolean;
  /** A reset by hand asks for this code on the keypad first. */
  initCode: string | undefined;
}

/** As faithful as we know, and kind. */
export function usualKnobs(): Knobs {
  return {
    receiveChecksum: 'altered',
    transmitChecksum: 'altered',
    pushes: 'after',
    pushDelay: 30,
    headerCheck: 'any',
    statusConstant: false,
    resetReply: 'empty',
    shortReplies: false,
    replyLatency: { min: 20, max: 150 },
    hangsUpIdle: 5000,
    crLfOptional: false,
    readFirst: false,
    advert1910: true,
    advertName: true,
    advertBit10: false,
    batterySpike: false,
    updateMode: false,
    connectionRefused: false,
    deaf: false,
    asleep: false,
    truncated: false,
    splitCrLf: false,
    garbagePrefix: false,
    crLfInside: false,
    replyEncryptZero: false,
    pushInside: false,
    repeatPushes: false,
    paddedCards: false,
    staleCursor: 0,
    explicitReadsMoveBookmark: false,
    refuse: [],
    needLogin: [],
    wrongSumError: 0x03,
    dropLink: undefined,
    jam: 'none',
    lowBattery: false,
    losesClock: false,
    clockAfterLoss: Date.UTC(2017, 0, 1),
    rebootInsteadOfReset: false,
    oldCodesSurvive: false,
    foreignOwner: false,
    initCode: undefined,
  };
}
