// The order of the files: the longest first, so that both workers end together, also in a clone that never ran them before.
import { statSync } from 'node:fs';
import { relative } from 'node:path';
import { BaseSequencer, type TestSequencer, type TestSpecification, type Vitest } from 'vitest/node';

/** Five seconds and more, the longest first; only the order depends on this list being right. */
const LONG = [
  'daemon/matter',
  'bridge/matter/bridge',
  'bridge/matter/people',
  'fuzz/families',
  'daemon/kill',
  'soak/loss',
  'daemon/stop',
  'daemon/demo',
  'bridge/matter/conformance',
  'daemon/everything',
  'fuzz/bridges',
  'hci/eight',
  'hci/nuki',
  'air/faults',
  'flow/engine/crash',
  'flow/crash',
  'flow/recipes/hard-kills',
  'flow/recipes/family-kills',
  'flow/recipes/turnover',
  'flow/recipes/soft-kills',
  'access/reconcile',
  'flow/engine/time',
].map(name => `test/${name}.test.ts`);

export class LongestFirst implements TestSequencer {
  readonly #usual: BaseSequencer;
  readonly #root: string;

  constructor(vitest: Vitest) {
    this.#usual = new BaseSequencer(vitest);
    this.#root = vitest.config.root;
  }

  shard(files: TestSpecification[]): Promise<TestSpecification[]> {
    return this.#usual.shard(files);
  }

  /** Projects one after the other, since a shared process ends where another project comes between. */
  async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = (file: TestSpecification): number => {
      const at = LONG.indexOf(relative(this.#root, file.moduleId));
      return at < 0 ? LONG.length : at;
    };
    const size = (file: TestSpecification): number => statSync(file.moduleId).size;
    return files.toSorted(
      (a, b) => a.project.name.localeCompare(b.project.name) || place(a) - place(b) || size(b) - size(a),
    );
  }
}
