/** Times as tables and sentences show them. */
import { durationWords } from '#domain/duration.ts';
import { civilOf } from '#domain/zone.ts';

/** `2026-11-21 03:00:05Z`; the text itself when it is no time. */
export function utc(time: string | number): string {
  const ms = typeof time === 'number' ? time : Date.parse(time);
  return Number.isNaN(ms) ? String(time) : `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** `2026-11-21 03:00`, in the zone. */
export const inZone = (ms: number, zone: string): string =>
  new Date(civilOf(ms, zone)).toISOString().slice(0, 16).replace('T', ' ');

/** `6 h 12 min ago`. */
export const ago = (time: string, nowMs: number): string => `${durationWords(nowMs - Date.parse(time))} ago`;

/** `7.4 s`, `3 min 12 s`: for what is measured. */
export function measured(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return seconds < 3600 ? `${Math.floor(seconds / 60)} min ${seconds % 60} s` : durationWords(ms);
}

/** For names of executions: `20261121T030005Z`. */
export const stamp = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
