/** Replaces a folder by a newly made one, so that a program that uses it never finds it half-written. */
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isRunning } from '../src/node/running-process.ts';

/**
 * Fills a temporary folder beside `target` by `make`, and moves it to `target` by renaming. A folder with the same content
 * is left as it is, for programs that are running from it. If `make` throws, `target` is unchanged.
 */
export async function replaceFolder(target: string, make: (folder: string) => Promise<void>): Promise<void> {
  removeAbandoned(target);
  const made = mkdtempSync(`${target}-build-${process.pid}-`);
  try {
    await make(made);
    if (!hasSameContent(made, target)) moveInto(made, target);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

/** Removes the temporary folders of builds that were killed. */
function removeAbandoned(target: string): void {
  for (const name of readdirSync(dirname(target))) {
    const rest = name.startsWith(`${basename(target)}-build-`) && name.slice(basename(target).length);
    const pid = rest && /^-build-(\d+)-/.exec(rest)?.[1];
    if (pid && !isRunning(Number(pid))) rmSync(join(dirname(target), name), { recursive: true, force: true });
  }
}

/** The target is missing only between two renames, since Node has no exchange of two folders. */
function moveInto(made: string, target: string): void {
  const former = `${made}-former`;
  for (;;) {
    ignoring(['ENOENT'], () => renameSync(target, former));
    // Another build may have moved its folder here in the meantime.
    const isMoved = ignoring(['ENOTEMPTY', 'EEXIST'], () => renameSync(made, target));
    rmSync(former, { recursive: true, force: true });
    if (isMoved) return;
  }
}

/** Whether `act` succeeded; false if it failed with one of these codes. */
function ignoring(codes: readonly string[], act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    if (codes.includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

function hasSameContent(one: string, other: string): boolean {
  const names = filesBelow(one);
  return (
    names.join('\n') === filesBelow(other).join('\n') &&
    names.every(name => readFileSync(join(one, name)).equals(readFileSync(join(other, name))))
  );
}

/** The paths of the files below a folder, sorted; none if it does not exist. */
function filesBelow(folder: string): string[] {
  const names: string[] = [];
  const visit = (below: string): void => {
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      if (entry.isDirectory()) visit(join(below, entry.name));
      else names.push(join(below, entry.name));
    }
  };
  ignoring(['ENOENT'], () => visit(''));
  return names.sort();
}
