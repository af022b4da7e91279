// Reading what is set on a lock as routine work: each once, in pieces when a person comes, never the same break for ever.
import { beforeEach, describe, expect, it } from 'vitest';
import { LockError } from '../../src/base/errors.ts';
import type { LockSession } from '../../src/lock/driver.ts';
import type { SettingAbility } from '../../src/lock/lock.ts';
import { type SettingValues, Survey } from '../../src/lock/survey.ts';
import { ABILITIES } from '../support/fake-family.ts';

let asked: string[];
let heard: SettingValues[];
let survey: Survey;
let troubles: Map<string, LockError>;
let session: LockSession;
const never = (): boolean => false;
const settings: SettingAbility[] = ['sound', 'lamp', 'freeze'].map(name => ({ name, label: name, kind: 'switch' }));

beforeEach(() => {
  asked = [];
  heard = [];
  troubles = new Map();
  survey = new Survey(values => void heard.push(values));
  const part = {
    async read(name: string) {
      asked.push(name);
      const trouble = troubles.get(name);
      if (trouble) throw trouble;
      return true;
    },
    write: async () => undefined,
  };
  session = { abilities: { ...ABILITIES, settings }, settings: part } as unknown as LockSession;
});

describe('a survey', () => {
  it('asks for each setting once and tells them together', async () => {
    await survey.visit(session, never);
    expect([asked, heard, survey.due(session)]).toEqual([
      ['sound', 'lamp', 'freeze'],
      [{ sound: true, lamp: true, freeze: true }],
      false,
    ]);
  });

  it('stops for a person and goes on later', async () => {
    await survey.visit(session, () => asked.length === 1);
    expect([heard, survey.due(session)]).toEqual([[{ sound: true }], true]);
    await survey.visit(session, never);
    expect([asked, heard[1]]).toEqual([['sound', 'lamp', 'freeze'], { lamp: true, freeze: true }]);
  });

  it('leaves out what the lock refuses to tell', async () => {
    troubles.set('lamp', new LockError('rejected', 'no'));
    await survey.visit(session, never);
    expect([heard, survey.due(session)]).toEqual([[{ sound: true, freeze: true }], false]);
  });

  it('asks again for what a lost link cost, and tells what it had', async () => {
    troubles.set('lamp', new LockError('unreachable', 'lost'));
    await expect(survey.visit(session, never)).rejects.toMatchObject({ code: 'unreachable' });
    troubles.clear();
    await survey.visit(session, never);
    expect(heard).toEqual([{ sound: true }, { lamp: true, freeze: true }]);
  });

  it('does not ask a third time for what breaks every session', async () => {
    troubles.set('lamp', new LockError('timeout', 'silence'));
    await survey.visit(session, never).catch(() => undefined);
    await survey.visit(session, never).catch(() => undefined);
    await survey.visit(session, never);
    survey.again();
    await survey.visit(session, never);
    expect(asked).toEqual(['sound', 'lamp', 'lamp', 'freeze', 'sound', 'freeze']);
  });

  it('has nothing to do where nothing can be set', () => {
    expect(survey.due({ abilities: ABILITIES } as unknown as LockSession)).toBe(false);
  });
});
