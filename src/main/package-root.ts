import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The folder of our package.json: the same from `src/` in development and from `dist/` when installed. */
export function packageRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(path.join(folder, 'package.json'))) {
    const parent = path.dirname(folder);
    if (parent === folder) throw new Error('no package.json above the program: the installation is not complete');
    folder = parent;
  }
  return folder;
}

/** Our version, as package.json tells it. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(path.join(packageRoot(), 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  return version;
}
