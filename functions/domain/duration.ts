/** Durations as people write and read them. */

const unitMinutes: Readonly<Record<string, number>> = { m: 1, h: 60, d: 1440 };

/** `90m`, `26h`, `2d`. */
export const durationPattern = /^[1-9]\d{0,5}[mhd]$/;

/** @returns minutes of `90m`, `26h` or `2d`; undefined of anything else */
export function durationMinutes(text: string): number | undefined {
  if (!durationPattern.test(text)) return undefined;
  return Number(text.slice(0, -1)) * (unitMinutes[text.slice(-1)] ?? 0);
}

/** @returns `45 s`, `12 min`, `26 h`, `26 h 30 min`, `3 d 4 h`: at most two units, rounded down; a negative time counts as 0 */
export function durationWords(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return joined(hours, 'h', minutes % 60, 'min');
  return joined(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

const joined = (much: number, unit: string, rest: number, smallUnit: string) =>
  rest === 0 ? `${much} ${unit}` : `${much} ${unit} ${rest} ${smallUnit}`;
