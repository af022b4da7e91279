// What is asked of the lock itself: its settings, its log, its keys, its admin code, and letting the maker's app in.
import { z } from 'zod';
import { LockError } from '../../base/errors.ts';
import { Secret } from '../../base/log.ts';
import type { LockView, SettingAbility, SettingValue } from '../../lock/lock.ts';
import type { Workbench } from '../../lock/locks.ts';
import { settingNamed, settingValue } from '../../lock/setting-value.ts';
import { viewOf } from './lock-routes.ts';
import type { ApiParts } from './parts.ts';
import { ASKS_LOCK, type Route, lockParams, route } from './route.ts';
import { happening, shownSetting, shownSettings } from './shapes/lock-shapes.ts';
import { at } from './shapes/shape.ts';

/** More would take a lock minutes to tell. */
const MOST_RECORDS = 500;
const USUAL_RECORDS = 50;
const MOST_PHONE_MINUTES = 60;

const settingParams = lockParams.extend({ name: z.string().min(1).max(32) });
const digits = z.string().regex(/^\d{4,16}$/, 'must be digits');
const value = z.union([z.boolean(), z.number(), z.string().max(64)]);

type Shown = SettingAbility & { value?: SettingValue };

export function workRoutes(parts: ApiParts): Route[] {
  const { workbench } = parts;
  if (!workbench) return [];
  return [...settingRoutes(parts, workbench), ...recordRoutes(parts, workbench), ...keyRoutes(parts, workbench)];
}

function settingRoutes({ locks }: ApiParts, workbench: Workbench): Route[] {
  const listed = (view: LockView): { settings: Shown[] } => {
    const settings = view.abilities?.settings ?? [];
    return { settings: settings.map(ability => shownOf(ability, workbench.known(view.id)[ability.name])) };
  };
  return [
    route({
      method: 'GET',
      url: '/api/locks/:lock/settings',
      right: 'anyone',
      about: 'What can be set on the lock itself, with the values that it gave last.',
      answer: shownSettings,
      params: lockParams,
      handle: ({ params }) => listed(viewOf(locks, params.lock)),
    }),
    route({
      method: 'POST',
      url: '/api/locks/:lock/settings/refresh',
      right: 'anyone',
      about: 'Asks the lock for all its settings.',
      answer: shownSettings,
      fails: ASKS_LOCK,
      params: lockParams,
      async handle({ params, asker }) {
        const view = viewOf(locks, params.lock);
        await workbench.readSettings(view.id, asker);
        return listed(view);
      },
    }),
    route({
      method: 'PUT',
      url: '/api/locks/:lock/settings',
      right: 'manager',
      about: 'Sets several, one after the other. Answers when the lock has said each of them back.',
      answer: shownSettings,
      fails: ASKS_LOCK,
      params: lockParams,
      body: z.strictObject({ values: z.record(z.string().max(32), value) }),
      async handle({ params, body, asker }) {
        const view = viewOf(locks, params.lock);
        // All are looked at before the first is written: a mistyped one must not leave half of them done.
        const wishes = Object.entries(body.values).map(([name, wanted]) => {
          return [name, settingValue(settingNamed(view, name), wanted)] as const;
        });
        for (const [name, wanted] of wishes) await workbench.writeSetting(view.id, name, wanted, asker);
        return listed(view);
      },
    }),
    route({
      method: 'GET',
      url: '/api/locks/:lock/settings/:name',
      right: 'anyone',
      about: 'One setting with the value that the lock gave last.',
      answer: shownSetting,
      params: settingParams,
      handle({ params }) {
        const view = viewOf(locks, params.lock);
        return shownOf(settingNamed(view, params.name), workbench.known(view.id)[params.name]);
      },
    }),
    route({
      method: 'PUT',
      url: '/api/locks/:lock/settings/:name',
      right: 'manager',
      about: 'Sets one. Answers with what the lock says on reading it back.',
      answer: shownSetting,
      fails: ASKS_LOCK,
      params: settingParams,
      body: z.strictObject({ value }),
      async handle({ params, body, asker }) {
        const view = viewOf(locks, params.lock);
        const ability = settingNamed(view, params.name);
        const wanted = settingValue(ability, body.value);
        return shownOf(ability, await workbench.writeSetting(view.id, ability.name, wanted, asker));
      },
    }),
  ];
}

function recordRoutes({ locks }: ApiParts, workbench: Workbench): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/locks/:lock/log',
      right: 'anyone',
      about: 'Asks the lock for the newest records of its own log, newest first; credentials are slots and persons.',
      answer: z.strictObject({ records: z.array(happening) }),
      fails: ASKS_LOCK,
      params: lockParams,
      query: z.strictObject({ most: z.coerce.number().int().min(1).max(MOST_RECORDS).optional() }),
      async handle({ params, query, asker }) {
        const records = await workbench.readLog(viewOf(locks, params.lock).id, query.most ?? USUAL_RECORDS, asker);
        return { records: records.map(({ credential: _credential, ...record }) => record) };
      },
    }),
    route({
      method: 'POST',
      url: '/api/locks/:lock/phone',
      right: 'manager',
      about: "Lets go of the lock for so many minutes, so that the maker's app can connect. 0 ends it.",
      answer: z.strictObject({ until: at.exactOptional() }),
      fails: ['unsupported', 'busy'],
      params: lockParams,
      body: z.strictObject({ minutes: z.int().min(0).max(MOST_PHONE_MINUTES) }),
      handle: ({ params, body, asker }) => workbench.letPhoneIn(viewOf(locks, params.lock).id, body.minutes, asker),
    }),
  ];
}

function keyRoutes({ locks }: ApiParts, workbench: Workbench): Route[] {
  return [
    route({
      method: 'POST',
      url: '/api/locks/:lock/keys/revoke',
      right: 'manager',
      about: 'Every key of an app that was handed out stops working; ours goes on.',
      answer: z.strictObject({ revoked: z.literal(true) }),
      fails: ASKS_LOCK,
      params: lockParams,
      async handle({ params, asker }) {
        await workbench.revokeAppKeys(viewOf(locks, params.lock).id, asker);
        return { revoked: true };
      },
    }),
    route({
      method: 'POST',
      url: '/api/locks/:lock/admin_code/show',
      right: 'owner',
      prove: true,
      about: "The code that opens the lock's own menu.",
      answer: z.strictObject({ code: z.string() }),
      fails: ASKS_LOCK,
      params: lockParams,
      async handle({ params, asker }) {
        const code = await workbench.adminCode(viewOf(locks, params.lock).id, asker);
        if (code) return { code: code.reveal() };
        throw new LockError('not_found', 'This lock has no admin code, or does not tell it.', {
          reason: 'no_admin_code',
        });
      },
    }),
    route({
      method: 'POST',
      url: '/api/locks/:lock/admin_code/tell',
      right: 'owner',
      about: 'Says which code the lock has already. It is tried there, once, and from then on known here.',
      answer: z.strictObject({ known: z.literal(true) }),
      fails: ASKS_LOCK,
      params: lockParams,
      body: z.strictObject({ code: digits }),
      async handle({ params, body, asker }) {
        await workbench.tellAdminCode(viewOf(locks, params.lock).id, new Secret(body.code), asker);
        return { known: true as const };
      },
    }),
    route({
      method: 'PUT',
      url: '/api/locks/:lock/admin_code',
      right: 'owner',
      prove: true,
      about: "Changes the code that opens the lock's own menu.",
      answer: z.strictObject({ set: z.literal(true) }),
      fails: ASKS_LOCK,
      params: lockParams,
      body: z.strictObject({ code: digits }),
      async handle({ params, body, asker }) {
        await workbench.setAdminCode(viewOf(locks, params.lock).id, new Secret(body.code), asker);
        return { set: true };
      },
    }),
  ];
}

function shownOf(ability: SettingAbility, known: SettingValue | undefined): Shown {
  return known === undefined ? ability : { ...ability, value: known };
}
