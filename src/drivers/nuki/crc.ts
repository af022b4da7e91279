// The checksum of Nuki messages (nuki.md 4.3): CRC-16/CCITT-FALSE, sent little end first.

const POLYNOMIAL = 0x1021;
const START = 0xffff;

const table = Uint16Array.from({ length: 256 }, (_, i) => {
  let crc = i << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ POLYNOMIAL : crc << 1;
  return crc;
});

export function crc16(bytes: Uint8Array): number {
  let crc = START;
  for (const byte of bytes) crc = ((crc << 8) & 0xffff) ^ (table[(crc >> 8) ^ byte] as number);
  return crc;
}

/** As it stands behind a message. */
export function crcBytes(bytes: Uint8Array): Uint8Array {
  const crc = crc16(bytes);
  return Uint8Array.of(crc & 0xff, crc >> 8);
}
