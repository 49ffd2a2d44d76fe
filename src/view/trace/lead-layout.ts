/** Which lead is drawn where: one below the other, or in the usual arrangements of twelve leads on paper. */
import type { Box } from '../../figure/drawing-context.ts';

export type LayoutName = 'stack' | '3x4' | '6x2' | '12x1' | 'cabrera';
export const layoutNames: readonly LayoutName[] = ['stack', '3x4', '6x2', '12x1', 'cabrera'];

/** A lead, or the opposite of one, in a column and a row. */
export interface Cell {
  /** Index of the lead. */
  readonly lead: number;
  /** −aVR of the Cabrera order is drawn upside down. */
  readonly isInverted: boolean;
  readonly column: number;
  readonly row: number;
  /** A rhythm strip runs over all columns. */
  readonly isRhythm: boolean;
}

export interface LeadLayout {
  readonly columns: number;
  readonly rows: number;
  readonly cells: readonly Cell[];
}

const limbLeads = ['I', 'II', 'III', 'aVR', 'aVL', 'aVF'];
const cabreraLimbLeads = ['aVL', 'I', '-aVR', 'II', 'aVF', 'III'];
const chestLeads = ['V1', 'V2', 'V3', 'V4', 'V5', 'V6'];

/** Leads by column, from top to bottom. */
const arrangements: Readonly<Record<Exclude<LayoutName, 'stack'>, readonly (readonly string[])[]>> = {
  '3x4': [limbLeads.slice(0, 3), limbLeads.slice(3), chestLeads.slice(0, 3), chestLeads.slice(3)],
  '6x2': [limbLeads, chestLeads],
  '12x1': [[...limbLeads, ...chestLeads]],
  cabrera: [cabreraLimbLeads, chestLeads],
};

/** Does a record have the twelve standard leads? */
export function isTwelveLead(names: readonly string[]): boolean {
  return [...limbLeads, ...chestLeads].every(name => indexOfLead(names, name) >= 0);
}

const indexOfLead = (names: readonly string[], wanted: string): number =>
  names.findIndex(name => name.toUpperCase() === wanted.toUpperCase());

/**
 * The layout of `name` for a record's leads. `shown` are the leads of a stack, in order. A layout of twelve leads falls
 * back to the stack where the record has not all of them. 3×4 has lead II below as a rhythm strip.
 */
export function layoutOf(name: LayoutName, names: readonly string[], shown: readonly number[]): LeadLayout {
  if (name === 'stack' || !isTwelveLead(names)) {
    return {
      columns: 1,
      rows: shown.length,
      cells: shown.map((lead, row) => ({ lead, isInverted: false, column: 0, row, isRhythm: false })),
    };
  }
  const arrangement = arrangements[name];
  const rows = Math.max(...arrangement.map(column => column.length));
  const cells = arrangement.flatMap((leads, column) =>
    leads.map((lead, row) => ({
      lead: indexOfLead(names, lead.replace('-', '')),
      isInverted: lead.startsWith('-'),
      column,
      row,
      isRhythm: false,
    })),
  );
  if (name !== '3x4') return { columns: arrangement.length, rows, cells };
  const rhythm = {
    lead: indexOfLead(names, 'II'),
    isInverted: false,
    column: 0,
    row: rows,
    isRhythm: true,
  };
  return { columns: arrangement.length, rows: rows + 1, cells: [...cells, rhythm] };
}

/** A cell's place in a box and its part of the window `[from, to)`, s. Columns follow one another in time. */
export function placeOf(
  cell: Cell,
  { columns, rows }: LeadLayout,
  box: Box,
  from: number,
  to: number,
): Box & { readonly from: number; readonly to: number } {
  const height = box.height / rows;
  const width = cell.isRhythm ? box.width : box.width / columns;
  const seconds = cell.isRhythm ? to - from : (to - from) / columns;
  return {
    left: box.left + cell.column * width,
    top: box.top + cell.row * height,
    width,
    height,
    from: from + cell.column * seconds,
    to: from + (cell.column + 1) * seconds,
  };
}
