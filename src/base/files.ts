// Small questions about files, and folders.
import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** It is a file and we may read it. */
export function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * Makes the folder and those above it; false when it is there already. Node's own way with `recursive` never returns where
 * the system says that the folder above is not there although it is, as in /proc.
 */
export function makeFolder(path: string, mode: number): boolean {
  if (existsSync(path) && statSync(path).isDirectory()) return false;
  const above = dirname(path);
  if (!existsSync(above)) makeFolder(above, mode);
  mkdirSync(path, { mode });
  return true;
}
