// Small questions about files.
import { accessSync, constants, statSync } from 'node:fs';

/** It is a file and we may read it. */
export function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
