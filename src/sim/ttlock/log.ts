// Reading the operation log, command 25: one record an answer. Source: ttlock.md 17.
import { type Answer, bytesOf, done, fromHexText, readU16, refused, u16 } from './answer.ts';
import type { Device } from './device.ts';
import type { KeptRecord } from './kept.ts';

const NEW_ONES = 0xffff;

export function readLog(device: Device, data: Uint8Array): Answer {
  const { kept, knobs } = device;
  if (knobs.staleCursor > 0) {
    knobs.staleCursor--;
    return refused();
  }
  const asked = readU16(data, 0);
  const from = asked === NEW_ONES ? kept.bookmark : asked;
  // The number behind the newest ends a reading; what is beyond it never existed.
  if (from > kept.nextRecord) return refused();
  const record = kept.log.find(({ number }) => number >= from);
  if (!record) return done(u16(0));
  if (asked === NEW_ONES || (knobs.explicitReadsMoveBookmark && record.number >= kept.bookmark)) {
    kept.bookmark = record.number + 1;
    device.changed();
  }
  const shown = bytes(record);
  return done(u16(2 + shown.length), u16(record.number + 1), shown);
}

/** Its length · type · six clock bytes · battery · tail. */
function bytes(record: KeptRecord): Uint8Array {
  const body = bytesOf(record.type, fromHexText(record.time), record.battery, fromHexText(record.tail));
  return bytesOf(body.length, body);
}
