// Settings of an open session by the names that bridges show (ttlock.md 15). Every write is read back.
import { LockError } from '../../base/errors.ts';
import type { Settings } from '../../lock/driver.ts';
import type { SettingAbility, SettingValue } from '../../lock/lock.ts';
import type { ByteReader } from '../../base/bytes.ts';
import { everyPage } from './pages.ts';
import type { Shared } from './session.ts';
import * as wire from './settings-wire.ts';
import { type Request, command } from './wire.ts';

/** `offered`: what the features of this lock allow. */
export function makeSettings(shared: Shared, offered: () => readonly SettingAbility[]): Settings {
  const ask = asker(shared);
  const settingOf = (name: string): { setting: Setting; ability: SettingAbility } => {
    const ability = offered().find(one => one.name === name);
    const setting = settings[name];
    if (!ability || !setting) throw new LockError('unsupported', 'This lock has no such setting.');
    return { setting, ability };
  };
  return {
    read: async name => settingOf(name).setting.read(ask),
    async write(name, value) {
      const { setting, ability } = settingOf(name);
      await setting.write(ask, checked(ability, value));
      if ((await setting.read(ask)) === value) return;
      throw new LockError('rejected', `The lock said yes and kept the old value of "${ability.label}".`, {
        reason: 'not_taken',
      });
    },
  };
}

interface Asker {
  /** May be asked again after a silence. */
  read<T>(request: Request, read: (data: ByteReader) => T | undefined): Promise<T>;
  write(request: Request, done?: 'write' | 'remove' | 'clear'): Promise<void>;
}

interface Setting {
  read(ask: Asker): Promise<SettingValue>;
  write(ask: Asker, value: SettingValue): Promise<void>;
}

function asker({ talk, login }: Shared): Asker {
  return {
    read: (request, read) =>
      login.asAdmin(() => talk.ask(request, { what: 'to the question for a setting', read, again: true })),
    write: (request, done = 'write') =>
      login.asAdmin(async () => {
        await talk.ask(request, { what: 'to the new setting', read: wire.readWritten(done), act: true });
      }),
  };
}

const autoLock: Setting = {
  read: async ask => (await ask.read(wire.askSetting(command.autoLock), wire.readAutoLock)).seconds,
  write: (ask, value) => ask.write(wire.writeWord(command.autoLock, value as number)),
};

const lamp: Setting = {
  read: ask => ask.read(wire.askSetting(command.lamp), wire.readWord),
  write: (ask, value) => ask.write(wire.writeWord(command.lamp, value as number)),
};

const volume: Setting = {
  read: async ask => {
    const { volume } = await ask.read(wire.askSetting(command.sound), wire.readSound);
    if (volume === undefined) throw unsaid();
    return volume;
  },
  async write(ask, value) {
    const { language } = await ask.read(wire.askSetting(command.sound), wire.readSound);
    await ask.write(wire.writeVolume(value as number, language));
  },
};

/** On is one record for every day. Other windows of the lock stay as they are. */
const passage: Setting = {
  read: async ask => (await passageRecords(ask)).some(isAlwaysOpen),
  async write(ask, value) {
    const records = await passageRecords(ask);
    const already = records.some(isAlwaysOpen);
    if (value === already) return;
    if (value) await ask.write(wire.addPassage(wire.ALWAYS_OPEN));
    else if (records.every(isAlwaysOpen)) await ask.write(wire.clearPassage(), 'clear');
    else await ask.write(wire.removePassage(wire.ALWAYS_OPEN), 'remove');
  },
};

const settings: Readonly<Record<string, Setting>> = {
  auto_lock_seconds: autoLock,
  sound: {
    read: async ask => (await ask.read(wire.askSetting(command.sound), wire.readSound)).on === 1,
    write: (ask, value) => ask.write(wire.writeByte(command.sound, value ? 1 : 0)),
  },
  volume,
  show_pin: byte(command.showPin),
  remote_unlock: byte(command.remoteUnlock),
  freeze: byte(command.freeze),
  lamp_seconds: lamp,
  passage_mode: passage,
  tamper_alarm: bit(wire.switchBit.tamperAlarm),
  reset_button: bit(wire.switchBit.resetButton),
  privacy_lock: bit(wire.switchBit.privacyLock),
  direction: bit(wire.switchBit.left, { on: 'left', off: 'right' }),
  passage_auto_unlock: bit(wire.switchBit.passageAutoUnlock),
  wifi_stays: bit(wire.switchBit.wifiStays),
};

function byte(of: number): Setting {
  return {
    read: async ask => (await ask.read(wire.askSetting(of), wire.readByte)) === 1,
    write: (ask, value) => ask.write(wire.writeByte(of, value ? 1 : 0)),
  };
}

/** One bit of 68: the whole map is read, changed and written back, since writing one bit alone would clear the rest. */
function bit(at: number, words: { on: SettingValue; off: SettingValue } = { on: true, off: false }): Setting {
  const known = async (ask: Asker): Promise<wire.Switches> => {
    const switches = await ask.read(wire.askSetting(command.switches), wire.readSwitches);
    if ((switches.mask & at) === 0) throw unsaid();
    return switches;
  };
  return {
    read: async ask => (((await known(ask)).values & at) !== 0 ? words.on : words.off),
    async write(ask, value) {
      const { mask, values } = await known(ask);
      const next = value === words.on ? values | at : values & ~at;
      await ask.write(wire.writeSwitches({ mask, values: next >>> 0 }));
    },
  };
}

function passageRecords(ask: Asker): Promise<wire.PassageRecord[]> {
  return everyPage(seq => ask.read(wire.askPassage(seq), wire.readPassage));
}

function isAlwaysOpen(record: wire.PassageRecord): boolean {
  return Object.entries(wire.ALWAYS_OPEN).every(([name, value]) => record[name as keyof wire.PassageRecord] === value);
}

function checked(ability: SettingAbility, value: SettingValue): SettingValue {
  const fits =
    ability.kind === 'switch'
      ? typeof value === 'boolean'
      : ability.kind === 'select'
        ? typeof value === 'string' && ability.options.includes(value)
        : typeof value === 'number' && Number.isInteger(value) && value >= ability.min && value <= ability.max;
  if (fits) return value;
  const range = ability.kind === 'number' ? ` It goes from ${ability.min} to ${ability.max}.` : '';
  throw new LockError('invalid', `"${ability.label}" cannot be set to that.${range}`);
}

function unsaid(): LockError {
  return new LockError('rejected', 'This lock does not have that setting, although its kind does.', {
    reason: 'unsupported',
  });
}
