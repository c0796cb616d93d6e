import Table from 'cli-table3';
import { printable } from './printable.ts';
import type { Terminal } from './terminal.ts';
import { columns, widthOf } from './wrap.ts';

const gap = 2;

const noBorders = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};

export interface TableOptions {
  /** Column that is wrapped when the table would be too wide. Default: the last. */
  readonly wraps?: number;
  /** Spaces in front of every line. Default 0. */
  readonly indent?: number;
}

/**
 * Text of a table without lines, as wide as the terminal and at most 100 columns.
 * @param rows cells; colours are left out of account
 */
export function table(
  terminal: Pick<Terminal, 'paint'>,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { wraps = head.length - 1, indent = 0 }: TableOptions = {},
): string {
  const cells = rows.map((row) => row.map((cell) => printable(cell)));
  const widths = columnWidths([head, ...cells], wraps, columns - indent);
  const made = new Table({
    chars: noBorders,
    style: { 'padding-left': 0, 'padding-right': gap, head: [], border: [], compact: true },
    head: head.map((title) => terminal.paint('dim', title)),
    colWidths: widths,
    wordWrap: true,
    wrapOnWordBoundary: true,
  });
  made.push(...cells);
  const pad = ' '.repeat(indent);
  return made
    .toString()
    .split('\n')
    .map((line) => `${pad}${line}`.trimEnd())
    .join('\n');
}

const lengthOf = (text: string) => Math.max(...text.split('\n').map(widthOf));

function columnWidths(rows: readonly (readonly string[])[], wraps: number, most: number): number[] {
  const natural = (rows[0] ?? []).map((_, index) => Math.max(...rows.map((row) => lengthOf(row[index] ?? ''))) + gap);
  const excess = natural.reduce((sum, width) => sum + width, 0) - most;
  return natural.map((width, index) => (index === wraps && excess > 0 ? Math.max(12, width - excess) : width));
}
