#!/usr/bin/env node
// The command line; the parts that start a daemon are joined here.
import { giveBackMemory, staySmall } from './base/memory.ts';

// It must come before the rest is loaded.
staySmall();
const { systemClock } = await import('./base/clock.ts');
const { silent } = await import('./base/log.ts');
const { cli } = await import('./cli/cli.ts');
const { terminal } = await import('./cli/io.ts');
const { tellDemo } = await import('./cli/newest-demo.ts');
const { self, version } = await import('./cli/self.ts');

const io = terminal();
/** The Matter library leaves sockets and timers behind that would keep a process for minutes. */
let leaves = false;
const code = await cli(process.argv.slice(2), io, {
  async run(options) {
    leaves = true;
    giveBackMemory();
    const { runDaemon } = await import('./daemon/run.ts');
    giveBackMemory();
    return runDaemon(options, version(), line => options.json && io.out(line));
  },
  async demo(options) {
    if (options.tour) {
      const { playTour } = await import('./demo/tour.ts');
      return playTour({ out: line => io.out(line), clock: systemClock, script: process.argv[1] ?? '' });
    }
    leaves = true;
    giveBackMemory();
    const { runDemo } = await import('./daemon/run-demo.ts');
    giveBackMemory();
    return runDemo(options, {
      version: version(),
      self: self(),
      out: line => io.out(line),
      tell: data => tellDemo(data),
    });
  },
  async selftest(out, json) {
    leaves = true;
    const { selftest } = await import('./daemon/selftest.ts');
    return selftest({ out, json, version: version() });
  },
  async pageSettings() {
    const { readPageSettings } = await import('./store/page-settings.ts');
    return readPageSettings;
  },
  async probeRadios(devices) {
    const { probeNoble } = await import('./radio/noble.ts');
    const wanted = devices.length > 0 ? devices : [undefined];
    return Promise.all(
      wanted.map(device => probeNoble({ ...(device !== undefined && { device }), clock: systemClock, log: silent })),
    );
  },
});
process.exitCode = code;
// Only when everything has been said.
if (leaves) process.stdout.write('', () => process.exit(code));
