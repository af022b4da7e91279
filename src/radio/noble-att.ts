// Which ATT packets of a peripheral noble may see. noble trusts lengths: a crafted one makes it loop for ever or throw.

const ERROR = 0x01;
const MTU_REQUEST = 0x02;
const MTU_RESPONSE = 0x03;
const FIND_INFORMATION_RESPONSE = 0x05;
const READ_BY_TYPE_RESPONSE = 0x09;
const READ_BY_GROUP_RESPONSE = 0x11;
const NOTIFICATION = 0x1b;
const INDICATION = 0x1d;
const INVALID_PDU = 0x04;
const REQUEST_NOT_SUPPORTED = 0x06;

/** The ATT MTU of a link that never agreed on another, and what noble offers. */
export const LEAST_MTU = 23;
export const MOST_MTU = 256;

/** Insufficient authentication, authorization or encryption: noble answers these by pairing, then asks again. */
const WANTS_PAIRING = [0x05, 0x08, 0x0f];

/** What noble gets for this packet, or undefined when it makes no sense and the link should end. */
export function admit(packet: Buffer): Buffer | undefined {
  switch (packet[0]) {
    case undefined:
      return undefined;
    case ERROR:
      return packet.length === 5 ? mendError(packet) : undefined;
    case MTU_RESPONSE:
      return packet.length === 3 ? mendMtu(packet) : undefined;
    case FIND_INFORMATION_RESPONSE:
      return isList(packet, packet[1] === 1 ? 4 : packet[1] === 2 ? 18 : 0) ? packet : undefined;
    case READ_BY_TYPE_RESPONSE:
      return isList(packet, (packet[1] ?? 0) >= 4 ? (packet[1] as number) : 0) ? packet : undefined;
    case READ_BY_GROUP_RESPONSE:
      return isList(packet, packet[1] === 6 || packet[1] === 20 ? packet[1] : 0) ? packet : undefined;
    case NOTIFICATION:
    case INDICATION:
      return packet.length >= 3 ? packet : undefined;
    default:
      return packet;
  }
}

/** Whether it may be handed on while this request is open: everything but the answer to another one, or to none. */
export function isExpected(packet: Buffer, request: number | undefined): boolean {
  const [opcode = 0, refused] = packet;
  if (opcode === ERROR) return refused === request;
  const isAnswer = opcode % 2 === 1 && opcode !== NOTIFICATION && opcode !== INDICATION;
  return !isAnswer || (request !== undefined && opcode === request + 1);
}

/** The refusal of a request, or undefined when this is none that should fail it. */
export function refusal(packet: Buffer, secured: boolean): { request: number; code: number } | undefined {
  const [opcode, request, , , code] = packet;
  if (opcode !== ERROR || request === undefined || code === undefined) return undefined;
  return WANTS_PAIRING.includes(code) && !secured ? undefined : { request, code };
}

/** After "invalid PDU" to its MTU request noble would wait for ever; the other code means the same and is handled. */
function mendError(packet: Buffer): Buffer {
  if (packet[1] !== MTU_REQUEST || packet[4] !== INVALID_PDU) return packet;
  return Buffer.from([...packet.subarray(0, 4), REQUEST_NOT_SUPPORTED]);
}

/** noble takes the other side's word for the MTU; the one in force is the smaller of the two, and at least 23. */
function mendMtu(packet: Buffer): Buffer {
  const mtu = Math.min(MOST_MTU, Math.max(LEAST_MTU, packet.readUInt16LE(1)));
  return Buffer.from([MTU_RESPONSE, mtu & 0xff, mtu >> 8]);
}

function isList(packet: Buffer, itemLength: number): boolean {
  return itemLength > 0 && packet.length > 2 && (packet.length - 2) % itemLength === 0;
}
