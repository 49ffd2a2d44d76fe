/**
 * What a lesson shows: panels that are painted from a state, and controls that change it. The same panels are the page's
 * explorable and, in the state that a lesson begins with, the picture of its text.
 */
import type { LessonInputs } from '../../analysis/lessons/lesson-inputs.ts';
import type { Figure } from './figure.ts';

export type Language = 'en' | 'ja';

/** Selects the text of the page's language. */
export type Say = (english: string, japanese: string) => string;

export const sayIn =
  (language: Language): Say =>
  (english, japanese) =>
    language === 'ja' ? japanese : english;

export interface Panel<S> {
  readonly title: string;
  readonly xLabel: string;
  readonly xRange: readonly [number, number];
  readonly yRange: readonly [number, number];
  /** CSS pixels. */
  readonly height: number;
  readonly yLog?: boolean;
  /** Without axes. */
  readonly bare?: boolean;
  /** Description for screen readers. */
  readonly description: string;
  readonly paint: (figure: Figure, state: S) => void;
  /** A press or drag at a point of the panel. */
  readonly onPoint?: (state: S, x: number, y: number) => S;
}

export interface Slider<S> {
  readonly kind: 'slider';
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly get: (state: S) => number;
  readonly set: (state: S, value: number) => S;
  /** The value as text. */
  readonly text: (value: number) => string;
  /** Has a button that moves it from `from` to `to`. */
  readonly plays?: boolean;
}

export interface Choice<S> {
  readonly kind: 'choice';
  readonly label: string;
  readonly options: readonly (readonly [value: string, words: string])[];
  readonly get: (state: S) => string;
  readonly set: (state: S, value: string) => S;
}

export type Control<S> = Slider<S> | Choice<S>;

/** A lesson's view over one state. */
export interface LessonView<S> {
  readonly start: S;
  /** The one question that moving the control answers. */
  readonly question: string;
  readonly panels: readonly Panel<S>[];
  readonly controls: readonly Control<S>[];
  /** The state in numbers, as sentences below the panels. */
  readonly says: (state: S) => readonly string[];
}

/** Makes a lesson's view of the inputs in a language. The state is the view's own. */
export type CreateLessonView<S> = (inputs: LessonInputs, say: Say) => LessonView<S>;

/** A view whose type of state is hidden from its users. */
export interface AnyLessonView {
  readonly use: <R>(take: <S>(view: LessonView<S>) => R) => R;
}

export const anyView = <S>(view: LessonView<S>): AnyLessonView => ({ use: take => take(view) });

/** `count` evenly spaced numbers from `from` to `to`, both included. */
export const evenly = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, k) => from + ((to - from) * k) / (count - 1));
