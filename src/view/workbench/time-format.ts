/** Formatting of times. */
import { secondsOfDay } from '../../wfdb/base-time.ts';
import { decimals } from '../number-format.ts';

/** A formatter of times: in seconds, as h:min:s for long times, or as the time of day when `baseTime` is given. */
export function timeTextOf(baseTime: string | undefined): (seconds: number, step: number) => string {
  const base = baseTime === undefined ? undefined : secondsOfDay(baseTime);
  return (seconds, step) => {
    const places = step >= 1 ? 0 : step >= 0.1 ? 1 : step >= 0.01 ? 2 : 3;
    if (base === undefined && seconds < 60) return `${decimals(seconds, places)} s`;
    const scale = 10 ** places;
    const total = Math.round((seconds + (base ?? 0)) * scale) / scale;
    const inDay = base === undefined ? total : ((total % 86_400) + 86_400) % 86_400;
    const hours = Math.floor(inDay / 3600);
    const two = (value: number): string => String(value).padStart(2, '0');
    const minutes = Math.floor((inDay % 3600) / 60);
    const rest = (inDay % 60).toFixed(places).padStart(places === 0 ? 2 : 3 + places, '0');
    return hours > 0 || base !== undefined ? `${two(hours)}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
  };
}
