/**
 * The view of a lesson: panels that are painted from a state, and controls that change the state. The same panels are
 * the interactive figure on the page and, in the lesson's initial state, the static figure of its text.
 */
import type { LessonInputs } from '../../analysis/lessons/lesson-inputs.ts';
import type { Figure } from './figure.ts';

export type Language = 'en' | 'ja';

/** Returns the text in the language of the page. */
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
  /** Height, CSS pixels. */
  readonly height: number;
  readonly yLog?: boolean;
  /** Whether the panel has no axes. */
  readonly bare?: boolean;
  /** Description for screen readers. */
  readonly description: string;
  readonly paint: (figure: Figure, state: S) => void;
  /** The state after a press or drag at a point of the panel. */
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
  /** Formats the value as text. */
  readonly text: (value: number) => string;
  /** Whether it has a button that moves it from `from` to `to`. */
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

/** A lesson's view over a state of type `S`. */
export interface LessonView<S> {
  readonly start: S;
  /** The question that changing the controls answers. */
  readonly question: string;
  readonly panels: readonly Panel<S>[];
  readonly controls: readonly Control<S>[];
  /** Sentences below the panels that give the state in numbers. */
  readonly says: (state: S) => readonly string[];
}

/** Creates a lesson's view from the inputs in a language. The type of the state is specific to the view. */
export type CreateLessonView<S> = (inputs: LessonInputs, say: Say) => LessonView<S>;

/** A view without the type of its state. */
export interface AnyLessonView {
  readonly use: <R>(take: <S>(view: LessonView<S>) => R) => R;
}

export const anyView = <S>(view: LessonView<S>): AnyLessonView => ({ use: take => take(view) });

/** `count` evenly spaced numbers from `from` to `to`, both included. */
export const evenly = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, k) => from + ((to - from) * k) / (count - 1));
