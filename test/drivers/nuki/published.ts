// The published vectors, by kind, for tests of the wire.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ByteReader, fromHex } from '../../../src/base/bytes.ts';

export interface Published {
  name: string;
  kind: string;
  in: Readonly<Record<string, unknown>>;
  out: Readonly<Record<string, unknown>>;
}

const file = join(import.meta.dirname, '../../vectors/data/nuki.json');
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: Published[] };

export function published(kind: string): Published[] {
  return vectors.filter(one => one.kind === kind);
}

export function named(name: string): Published {
  const found = vectors.find(one => one.name === name);
  if (found) return found;
  throw new RangeError(`There is no vector ${name}.`);
}

export const bytesOf = (of: Readonly<Record<string, unknown>>, field: string): Uint8Array => fromHex(String(of[field]));
export const readerOf = (vector: Published): ByteReader => new ByteReader(bytesOf(vector.in, 'payload'));
