// Names of the ecosystems behind well-known vendor numbers (Connectivity Standards Alliance), for the list of controllers.

const NAMES: Readonly<Record<number, string>> = {
  0x100b: 'Signify',
  0x110a: 'SmartThings',
  0x117c: 'IKEA',
  0x1217: 'Amazon Alexa',
  0x1321: 'SONOFF',
  0x134b: 'Home Assistant',
  0x1349: 'Apple Home',
  0x1384: 'Apple Keychain',
  0x6006: 'Google Home',
  0x115f: 'Aqara',
};

/** A test vendor stands for whoever builds controllers at home. */
export function vendorName(number: number): string {
  if (number >= 0xfff1 && number <= 0xfff4) return 'test vendor';
  return NAMES[number] ?? `vendor ${number}`;
}
