/** Whether a process is running, by its ID. */
import { readFileSync } from 'node:fs';

/**
 * Whether a process with this ID is running; true if it belongs to another user. One that has ended and that its parent
 * has not collected yet, as may last in a container without an init process, is not.
 */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !isZombie(pid);
}

/** Whether a process has ended and is not collected yet, by Linux's /proc; false where there is none. */
function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The state follows the name in parentheses, which may hold any character.
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return false;
  }
}
