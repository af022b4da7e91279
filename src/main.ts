#!/usr/bin/env node
// The command line; the parts that start a daemon are joined here.
import { systemClock } from './base/clock.ts';
import { silent } from './base/log.ts';
import { cli } from './cli/cli.ts';
import { terminal } from './cli/io.ts';
import { tellDemo } from './cli/newest-demo.ts';
import { self, version } from './cli/self.ts';

const io = terminal();
process.exitCode = await cli(process.argv.slice(2), io, {
  async run(options) {
    const { runDaemon } = await import('./daemon/run.ts');
    return runDaemon(options, version(), line => options.json && io.out(line));
  },
  async demo(options) {
    if (options.tour) {
      const { playTour } = await import('./demo/tour.ts');
      return playTour({ out: line => io.out(line), clock: systemClock, script: process.argv[1] ?? '' });
    }
    const { runDemo } = await import('./daemon/run-demo.ts');
    return runDemo(options, {
      version: version(),
      self: self(),
      out: line => io.out(line),
      tell: data => tellDemo(data),
    });
  },
  async probeRadios(devices) {
    const { probeNoble } = await import('./radio/noble.ts');
    const wanted = devices.length > 0 ? devices : [undefined];
    return Promise.all(
      wanted.map(device => probeNoble({ ...(device !== undefined && { device }), clock: systemClock, log: silent })),
    );
  },
});
