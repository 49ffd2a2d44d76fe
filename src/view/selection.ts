/** The selected beat, shared by the panels. */
import type { ReportBeat } from '../analysis/report/report-data.ts';

export interface Selection {
  readonly beat: ReportBeat | undefined;
  pick(beat: ReportBeat): void;
  follow(listener: (beat: ReportBeat) => void): void;
}

export function createSelection(): Selection {
  const listeners: ((beat: ReportBeat) => void)[] = [];
  let picked: ReportBeat | undefined;
  return {
    get beat() {
      return picked;
    },
    pick(beat) {
      picked = beat;
      for (const listener of listeners) listener(beat);
    },
    follow(listener) {
      listeners.push(listener);
    },
  };
}
