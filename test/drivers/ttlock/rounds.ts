// How many random inputs a property is tried with: more in the nightly run.
const NIGHTLY_TIMES = 20;

export function rounds(usual: number): number {
  return process.env['LATCHBRIDGE_NIGHTLY'] === undefined ? usual : usual * NIGHTLY_TIMES;
}
