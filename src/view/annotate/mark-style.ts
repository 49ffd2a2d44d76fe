/** Appearance of marks: beats by their AAMI class, everything else in a muted colour. */
import { aamiClass } from '../../learn/protocol.ts';
import { isBeat } from '../../wfdb/annotations/symbols.ts';
import { type ClassMark, type Colour, classMarks } from '../palette.ts';

const marks = classMarks(['N', 'V', 'S', 'F', 'Q']);

/** The class by whose colour a beat symbol is shown; Q for unclassified ones. */
export const shownClass = (symbol: string): string => aamiClass(symbol) ?? 'Q';

export const classMark = (name: string): ClassMark => marks.get(name) ?? marks.get('Q')!;

export const symbolColour = (symbol: string): Colour =>
  isBeat(symbol) ? classMark(shownClass(symbol)).colour : 'muted';
