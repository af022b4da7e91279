// latchbridge web, typed at a terminal: links, logins, tokens.
import { expect, test } from 'vitest';
import { useKit } from './kit.ts';

const kit = useKit({ withLogins: true });
const PASSWORD = 'three green doors';

const add = async (words: string): Promise<void> => {
  kit.io.answers.push(PASSWORD, PASSWORD);
  expect(await kit.type(`web add ${words}`)).toBe(0);
};

test('a link makes the first owner, and then lets that one in', async () => {
  await kit.type('web link');
  expect(kit.io.outs).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:8099\/#\/link\/[\w-]{43}$/)]);
  expect(kit.io.errs[0]).toMatch(/^It makes the first owner, once, until .* Keep it to yourself\.$/);
  await add('anna --role owner');
  await kit.type('web link');
  expect(kit.io.errs.at(-1)).toMatch(/^It lets anna in, once/);
});

test('a password is typed unseen, twice, and shown nowhere', async () => {
  await add('anna');
  expect(kit.io.asked.map(({ hidden }) => hidden)).toEqual([true, true]);
  await kit.type('web logins --json');
  expect(kit.printed()).toMatchObject([{ name: 'anna', role: 'manager', password: true }]);
  expect(kit.io.all).not.toContain(PASSWORD);
});

test('a weak password is refused with what would be better', async () => {
  kit.io.answers.push('1234', '1234');
  expect(await kit.type('web add anna')).toBe(1);
  expect(kit.io.errs).toEqual(['The password must have at least 10 characters; three or four words do well.']);
});

test('a technician has units and a time', async () => {
  const words = ['web', 'add', 'tom', '--role', 'technician', '--units', 'Flat 3, Flat 4', '--no-password'];
  await kit.typeRaw(...words, '--until', '2026-06-01 18:00', '--data', kit.folder);
  await kit.type('web logins --json');
  const until = Date.UTC(2026, 5, 1, 18);
  expect(kit.printed()).toMatchObject([{ name: 'tom', password: false, units: ['Flat 3', 'Flat 4'], until }]);
  expect(await kit.type('web add tim --role technician --no-password')).toBe(1);
  expect(kit.io.errs.at(-1)).toContain('say which units a technician works in');
});

test('the last owner stays', async () => {
  await add('anna --role owner');
  expect(await kit.type('web remove anna')).toBe(1);
  expect(kit.io.errs.at(-1)).toBe('This is the last owner. Make another one first.');
  await add('ben --role owner');
  expect(await kit.type('web remove ANNA')).toBe(0);
  expect(kit.io.outs.at(-1)).toBe('anna may come in no more.');
});

test('a token is shown once, listed without itself, and revoked', async () => {
  await kit.type('web token add hall --role manager --locks front_door');
  const token = kit.io.outs.at(-1) ?? '';
  expect(token).toMatch(/^latchbridge_[\w-]{43}$/);
  await kit.type('web tokens');
  expect(kit.io.outs.at(-1)).toMatch(/^[0-9a-f]{8} +hall +manager +0123456789ab/);
  expect(kit.io.outs.slice(1).join('\n')).not.toContain(token);
  expect(await kit.type('web token revoke hall')).toBe(0);
  expect(await kit.type('web token revoke hall')).toBe(1);
});

test.each([
  ['web fly', 'ACT must be one of'],
  ['web add', 'NAME is missing.'],
  ['web token make hall', 'It is token add NAME or token revoke NAME.'],
])('%s says how it is written', async (words, said) => {
  expect(await kit.type(words)).toBe(2);
  expect(kit.io.errs.join('\n')).toContain(said);
});
