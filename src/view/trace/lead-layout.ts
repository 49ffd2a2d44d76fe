/** The layout of leads: stacked, or in the standard arrangements of the twelve leads. */
import type { Box } from '../../figure/drawing-context.ts';

export type LayoutName = 'stack' | '3x4' | '6x2' | '12x1' | 'cabrera';
export const layoutNames: readonly LayoutName[] = ['stack', '3x4', '6x2', '12x1', 'cabrera'];

/** A lead, possibly inverted, in a column and a row. */
export interface Cell {
  /** Index of the lead. */
  readonly lead: number;
  /** Drawn inverted: −aVR of the Cabrera order. */
  readonly isInverted: boolean;
  readonly column: number;
  readonly row: number;
  /** A rhythm strip extends over all columns. */
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

/** Whether a record has the twelve standard leads. */
export function isTwelveLead(names: readonly string[]): boolean {
  return [...limbLeads, ...chestLeads].every(name => indexOfLead(names, name) >= 0);
}

const indexOfLead = (names: readonly string[], wanted: string): number =>
  names.findIndex(name => name.toUpperCase() === wanted.toUpperCase());

/**
 * The layout of the given name for a record's leads. `shown` are the leads of a stack, in order. A twelve-lead layout
 * falls back to the stack when a lead is missing. 3×4 has lead II as a rhythm strip below.
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

/** A cell's position in a box and its part of the window `[from, to)`, s. Columns are consecutive in time. */
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
