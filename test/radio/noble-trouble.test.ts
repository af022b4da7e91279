// Errors of the library, the native module and the kernel, told apart.
import { describe, expect, it } from 'vitest';
import { isLasting, trouble, troubleFrom } from '../../src/radio/noble-trouble.ts';

function failure(code: string | undefined, text: string): Error {
  return Object.assign(new Error(text), code === undefined ? {} : { code });
}

describe('an error means', () => {
  const cases: [string, Error][] = [
    ['not_installed', failure('MODULE_NOT_FOUND', "Cannot find module '@abandonware/noble/with-custom-binding'")],
    ['not_built', failure('MODULE_NOT_FOUND', "Cannot find module '../build/Release/bluetooth_hci_socket.node'")],
    ['not_built', failure('MODULE_NOT_FOUND', "Cannot find module '@abandonware/bluetooth-hci-socket'")],
    ['wrong_node', failure('ERR_DLOPEN_FAILED', 'The module was compiled against NODE_MODULE_VERSION 115')],
    ['no_bluetooth', failure('EAFNOSUPPORT', 'EAFNOSUPPORT, Address family not supported by protocol')],
    ['absent', failure('ENODEV', 'ENODEV, No such device')],
    ['absent', failure(undefined, 'Initialization of USB device failed: ENODEV, No such device')],
    ['no_permission', failure('EPERM', 'EPERM, Operation not permitted')],
    ['unsupported', failure(undefined, 'Unsupported platform')],
    ['failed', failure(undefined, 'something else')],
  ];
  for (const [code, error] of cases) {
    it(`${code}: ${error.message}`, () => {
      expect(troubleFrom(error).code).toBe(code);
    });
  }

  it('failed, when it is no error at all', () => {
    expect(troubleFrom('what').code).toBe('failed');
  });
});

it('is looked into again only where that can help', () => {
  expect(
    (['absent', 'off', 'no_bluetooth', 'not_built', 'wrong_node'] as const).map(code => isLasting(trouble(code))),
  ).toEqual([false, false, false, true, true]);
});
