import { durationWords } from '#domain/duration.ts';
import { managedCreateMinutes } from '#domain/recovery-progress.ts';
import type { Settings } from '../replacement/replacement-service.ts';
import { leastRestoreMs } from './differences.ts';
import { areEfsSettings } from './settings.ts';

/** @returns one sentence when AWS Backup needs longer than a recovery waits */
export function tooLarge(settings: Settings): readonly string[] {
  const ms = areEfsSettings(settings) ? leastRestoreMs(settings) : 0;
  if (ms < managedCreateMinutes * 60_000) return [];
  return [
    `AWS Backup needs at least ${durationWords(ms)} for its ${settings.sizeBytes} bytes, and a recovery waits ${durationWords(managedCreateMinutes * 60_000)}: restore it by hand.`,
  ];
}
