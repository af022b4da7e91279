// Nuki vectors against the driver's wire and the virtual lock's own (nuki.md 21.1).
import type { Vector } from './vector.ts';
import { driver } from './nuki/driver.ts';
import { virtual } from './nuki/virtual.ts';

export async function check(vector: Vector): Promise<readonly string[]> {
  return [...(await side('driver', driver, vector)), ...(await side('virtual lock', virtual, vector))];
}

type Side = Readonly<Record<string, (vector: Vector) => readonly string[] | Promise<readonly string[]>>>;

async function side(who: string, kinds: Side, vector: Vector): Promise<readonly string[]> {
  const name = String(vector['kind']);
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (!kind) return [`${who}: this kind of vector is unknown`];
  try {
    return (await kind(vector)).map(text => `${who}: ${text}`);
  } catch (thrown) {
    return [`${who}: cannot be checked: ${String(thrown)}`];
  }
}
