// What the forms about logins and tokens send. Pure.
import type { LoginRole, LoginView, TokenRole } from '../../api.d.ts';

type Fields = Readonly<Record<string, string>>;

export const ROLES: readonly LoginRole[] = ['owner', 'manager', 'technician', 'viewer'];
export const TOKEN_ROLES: readonly TokenRole[] = ['automation', 'viewer', 'manager', 'owner'];

export function newLogin(fields: Fields, homeAssistant?: string): object {
  const { name = '', role = 'viewer', password = '' } = fields;
  const units = unitsOf(fields);
  const until = momentOf(fields['until']);
  return {
    name: name.trim(),
    role,
    ...(password === '' ? {} : { password }),
    ...(homeAssistant === undefined ? {} : { home_assistant: homeAssistant }),
    ...(role === 'technician' && units.length > 0 ? { units } : {}),
    ...(role === 'owner' || until === undefined ? {} : { until }),
  };
}

/** Only what is another: an empty password stays, units go with the role. */
export function loginChange(fields: Fields, before: LoginView): object {
  const { role = before.role, password = '' } = fields;
  const units = unitsOf(fields);
  const until = momentOf(fields['until']);
  const isTechnician = role === 'technician';
  return {
    role,
    ...(password === '' ? {} : { password }),
    ...(isTechnician && units.length > 0 ? { units } : {}),
    ...(!isTechnician && before.units !== undefined ? { units: null } : {}),
    ...(role === 'owner' ? (before.until === undefined ? {} : { until: null }) : until === undefined ? {} : { until }),
  };
}

export function newToken(fields: Fields): object {
  const { name = '', role = 'automation', lock = '' } = fields;
  const until = momentOf(fields['until']);
  return {
    name: name.trim(),
    role,
    ...(lock === '' ? {} : { locks: [lock] }),
    ...(until === undefined ? {} : { until }),
  };
}

function unitsOf(fields: Fields): string[] {
  return (fields['units'] ?? '')
    .split(',')
    .map(unit => unit.trim())
    .filter(unit => unit !== '');
}

function momentOf(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const at = new Date(text).getTime();
  return Number.isFinite(at) ? at : undefined;
}
