// The log of the Matter library, in ours. It writes the fields of commands as they are, so codes are masked at every level.
import './switches.ts';
import { Diagnostic, LogDestination, LogFormat, LogLevel, Logger } from '@matter/main';
import { type Log, shown } from '../../base/log.ts';

const MASK = '•••';
/** Facilities that write whole messages, decrypted: of no use to people, and nothing in them can be masked with certainty. */
const MUTE = ['MessageChannel', 'MessageExchange', 'ExchangeManager', 'InteractionMessenger', 'SecureSession'];
const SECRET_FIELD =
  /\b(pin_?code|credential_?data|passcode|setup_?pin|manual pairing code|qr[ _]?(?:pairing )?code|payload)("?\s*[:=]\s*"?|\s+)[^\s,}\])"]+/gi;
const SETUP_CODE = /MT:[0-9A-Z.-]{10,}|\b\d{4}-?\d{3}-?\d{4}\b/g;
const LONG_HEX = /\b(?:[0-9a-f]{2}){4,}\b/gi;
const QR_BLOCK = /[▀▄█]/u;
/** Messages with certificates in them fill pages. */
const LONGEST = 1000;

/** Its levels in ours: what it calls info is the traffic of each command, so that shows only with debug. */
export function logTo(log: Log): void {
  const plain = LogFormat('plain');
  const detailed = log.isLevelEnabled('debug');
  Logger.level = detailed ? LogLevel.DEBUG : LogLevel.NOTICE;
  Logger.destinations = {
    default: LogDestination({
      name: 'default',
      level: detailed ? LogLevel.DEBUG : LogLevel.NOTICE,
      add(message: Diagnostic.Message) {
        if (MUTE.includes(message.facility)) return;
        const text = plain({ ...message, now: new Date(0) });
        if (QR_BLOCK.test(text)) return;
        const { facility } = message;
        log[levelOf(message.level)]({ facility }, masked(text.slice(text.indexOf(facility) + facility.length).trim()));
      },
    }),
  };
}

/** Without anything that opens a door or adds a controller. */
export function masked(text: string): string {
  const clean = text
    .replace(SECRET_FIELD, (_all, field: string) => `${field}: ${MASK}`)
    .replace(SETUP_CODE, MASK)
    .replace(LONG_HEX, MASK);
  return shown(clean, LONGEST);
}

function levelOf(level: LogLevel): 'debug' | 'info' | 'warn' | 'error' {
  if (level >= LogLevel.ERROR) return 'error';
  if (level >= LogLevel.WARN) return 'warn';
  return level >= LogLevel.NOTICE ? 'info' : 'debug';
}
