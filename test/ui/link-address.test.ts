// Where a link leads that somebody takes to another device.
import { expect, test } from 'vitest';
import { linkAddress } from '../../src/ui/text/link-address.ts';

const OUTSIDE = 'http://192.168.1.20:8099/#/link/T';
const LOCAL = 'http://127.0.0.1:8099/#/link/T';
const INGRESS = 'https://ha.example/api/hassio_ingress/word/#/flow/f-1';

test.each([
  [
    'as this page was opened, where others open it so, too',
    'https://locks.example/door/#/flow/f-1',
    'login',
    [LOCAL],
    'https://locks.example/door/#/link/T',
    false,
  ],
  [
    'to another name of the machine, where this page is on the machine itself',
    'http://localhost:8099/#/flow/f-1',
    'login',
    [LOCAL, OUTSIDE],
    OUTSIDE,
    false,
  ],
  [
    'nowhere but here, where the machine has no other name',
    'http://127.0.0.1:8099/#/home',
    'login',
    [LOCAL],
    LOCAL,
    true,
  ],
  ['past Home Assistant, whose address is for its own users', INGRESS, 'ingress', [LOCAL, OUTSIDE], OUTSIDE, false],
])('it leads %s', (_where, here, way, urls, address, onlyHere) => {
  expect(linkAddress({ token: 'T', urls }, { here, way })).toEqual({ address, onlyHere });
});

test('it leads nowhere where the page is in Home Assistant only', () => {
  expect(linkAddress({ token: 'T', urls: [LOCAL] }, { here: INGRESS, way: 'ingress' })).toBeUndefined();
});
