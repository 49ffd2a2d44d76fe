/** The user's settings, and their representation in the page address, by which a view can be shared. */
import { differentiator, parseScheme } from '../../diff/scheme.ts';
import { type LayoutName, layoutNames } from '../trace/lead-layout.ts';
import { type FilterName, filters } from '../trace/trace-signals.ts';

export const viewNames = ['trace', 'beats', 'marks', 'why', 'learn'] as const;
export type ViewName = (typeof viewNames)[number];

/** Paper speeds, mm/s; 0 stands for a free scale. */
export const paperSpeeds = [0, 12.5, 25, 50] as const;
export const paperGains = [0, 5, 10, 20] as const;

export interface Settings {
  readonly view: ViewName;
  readonly layout: LayoutName;
  /** Index of the lead that is measured. */
  readonly lead: number;
  /** Indices of the stacked leads; undefined for the measured lead and its neighbour. */
  readonly shown: readonly number[] | undefined;
  readonly speed: number;
  readonly gain: number;
  readonly scheme: string;
  readonly filter: FilterName;
  readonly isClock: boolean;
}

export const initialSettings: Settings = {
  view: 'trace',
  layout: 'stack',
  lead: 0,
  shown: undefined,
  speed: 0,
  gain: 0,
  scheme: 'sg:16ms:4',
  filter: 'none',
  isClock: false,
};

/** The part of the state that is in the address. */
export interface Address {
  /** The record, as named by `recordAddress`. */
  readonly record: string | undefined;
  /** s */
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly settings: Settings;
  /** Whether it names the lead; otherwise the usual one of the record is measured. */
  readonly isLeadGiven: boolean;
}

/** Formats the address as a URL fragment (after `#`); default values are omitted. */
export function formatAddress({ record, from, to, settings, isLeadGiven }: Address): string {
  const query = new URLSearchParams();
  if (record !== undefined) query.set('record', record);
  if (from !== undefined) query.set('from', String(Number(from.toFixed(3))));
  if (to !== undefined) query.set('to', String(Number(to.toFixed(3))));
  if (isLeadGiven) query.set('lead', String(settings.lead));
  for (const key of ['view', 'layout', 'speed', 'gain', 'scheme', 'filter'] as const) {
    if (settings[key] !== initialSettings[key]) query.set(key, String(settings[key]));
  }
  if (settings.shown) query.set('leads', settings.shown.join('.'));
  if (settings.isClock) query.set('clock', '1');
  return query.toString();
}

/** Parses a URL fragment; invalid parts are replaced by their default values. */
export function parseAddress(text: string): Address {
  const query = new URLSearchParams(text.replace(/^#/, ''));
  const number = (key: string): number | undefined => {
    const value = query.get(key);
    return value !== null && value.trim() !== '' && Number.isFinite(Number(value))
      ? Number(value)
      : undefined;
  };
  const oneOf = <T extends string | number>(key: string, allowed: readonly T[], otherwise: T): T =>
    allowed.find(value => String(value) === query.get(key)) ?? otherwise;
  const shown = query.get('leads')?.split('.').map(Number).filter(isIndex);
  const lead = number('lead') ?? 0;
  const scheme = query.get('scheme') ?? initialSettings.scheme;
  return {
    record: query.get('record') ?? undefined,
    from: number('from'),
    to: number('to'),
    isLeadGiven: number('lead') !== undefined && isIndex(lead),
    settings: {
      view: oneOf('view', viewNames, initialSettings.view),
      layout: oneOf('layout', layoutNames, initialSettings.layout),
      lead: isIndex(lead) ? lead : 0,
      shown: shown && shown.length > 0 ? shown : undefined,
      speed: oneOf<number>('speed', paperSpeeds, initialSettings.speed),
      gain: oneOf<number>('gain', paperGains, initialSettings.gain),
      scheme: schemes.includes(scheme) ? scheme : initialSettings.scheme,
      filter: oneOf('filter', Object.keys(filters) as FilterName[], initialSettings.filter),
      isClock: query.get('clock') === '1',
    },
  };
}

const isIndex = (value: number): boolean => Number.isInteger(value) && value >= 0;

/** Selectable derivative schemes, by kind and window. */
export const schemes: readonly string[] = [
  ...['sg:16ms:4', 'sg:8ms:1', 'sg:12ms:2', 'sg:24ms:4', 'sg:40ms:2'],
  ...['central2', 'central4', 'central6', 'central8', 'forward', 'backward', 'pan-tompkins'],
];

/** Whether a scheme's window holds enough samples at a sampling frequency, Hz. */
export function isSchemePossible(scheme: string, samplingFrequency: number): boolean {
  try {
    differentiator(parseScheme(scheme), Math.ceil(samplingFrequency) + 64, samplingFrequency);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The scheme, or the first selectable one that is possible at a sampling frequency, Hz. */
export const possibleScheme = (scheme: string, samplingFrequency: number): string =>
  [scheme, ...schemes].find(name => isSchemePossible(name, samplingFrequency)) ?? scheme;

/** An observable value. */
export interface Observed<T> {
  readonly value: T;
  change(patch: Partial<T>): void;
  follow(listener: (value: T, before: T) => void): () => void;
}

export function observed<T extends object>(initial: T): Observed<T> {
  let value = initial;
  const listeners = new Set<(value: T, before: T) => void>();
  return {
    get value() {
      return value;
    },
    change(patch) {
      const before = value;
      value = { ...value, ...patch };
      for (const listener of [...listeners]) listener(value, before);
    },
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
