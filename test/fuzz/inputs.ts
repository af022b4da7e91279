// Inputs nobody meant: random, well-meant ones that were damaged, and well-formed ones with odd content. Always the same.

export const NIGHTLY = process.env['LATCHBRIDGE_NIGHTLY'] !== undefined;
/** Per entry. */
export const INPUTS = NIGHTLY ? 1_000_000 : 100_000;

/** A number below `below`. */
export type Draw = (below: number) => number;

export function drawing(seed: number): Draw {
  let state = seed >>> 0 || 1;
  return below => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

export function randomBytes(draw: Draw, most: number): Uint8Array {
  const bytes = new Uint8Array(draw(most + 1));
  for (let at = 0; at < bytes.length; at++) bytes[at] = draw(256);
  return bytes;
}

/** One to four damages of the kinds that radios and programs make. */
export function damaged(draw: Draw, whole: Uint8Array, other: Uint8Array): Uint8Array {
  const bytes = Array.from(whole);
  for (let times = 1 + draw(4); times > 0; times--) {
    const at = draw(bytes.length + 1);
    const damage = draw(7);
    if (damage === 0) bytes[Math.min(at, bytes.length - 1)] = draw(256);
    else if (damage === 1) bytes[Math.min(at, bytes.length - 1)] = (bytes[at] ?? 0) ^ (1 << draw(8));
    else if (damage === 2) bytes.splice(at, 1 + draw(4));
    else if (damage === 3) bytes.splice(at, 0, ...Array.from({ length: 1 + draw(4) }, () => draw(256)));
    else if (damage === 4) bytes.length = at;
    else if (damage === 5) bytes.splice(at, bytes.length, ...other.subarray(draw(other.length + 1)));
    else bytes.push(...bytes.slice(at));
  }
  if (bytes.length > MOST_BYTES) bytes.length = MOST_BYTES;
  return new Uint8Array(bytes);
}

const MOST_BYTES = 1024;

/** The same for text. */
export function damagedText(draw: Draw, whole: string, other: string): string {
  const text = damaged(draw, Buffer.from(whole), Buffer.from(other));
  return Buffer.from(text).toString('utf8');
}

/** A third of each kind. */
export function* inputs(
  draw: Draw,
  from: { known: readonly Uint8Array[]; made: (draw: Draw) => Uint8Array; most: number; count?: number },
): Generator<Uint8Array> {
  const { known, made, most, count = INPUTS } = from;
  const one = (): Uint8Array => known[draw(known.length)] ?? new Uint8Array();
  for (let i = 0; i < count; i++) {
    if (i % 3 === 0) yield randomBytes(draw, most);
    else if (i % 3 === 1) yield damaged(draw, one(), one());
    else yield made(draw);
  }
}
