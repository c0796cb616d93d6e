/** A Markdown table. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => [
  `| ${head.join(' | ')} |`,
  `|${head.map(() => ' --- |').join('')}`,
  ...rows.map((row) => `| ${row.join(' | ')} |`),
];

export const met = (holds: boolean): string => (holds ? 'met' : '**not met**');

export const unmeasured = 'not measured';

/** 1,234.5 */
export const number = (value: number, digits = 0): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: digits });

/** `12 s`, `5.3 min`, `2.1 h`. */
export function span(seconds: number): string {
  if (seconds < 120) return `${number(seconds, 1)} s`;
  return seconds < 7200 ? `${number(seconds / 60, 1)} min` : `${number(seconds / 3600, 1)} h`;
}
