/** What a service must say of the continuous backups that it keeps by itself, so that a moment of one can be an artifact. */
import type { ManagedKind } from '#domain/member-kinds.ts';

/** A resource's continuous backup as its service shows it now. */
export interface RestoreWindow {
  /** Of the resource, which stays the same whatever that is renamed to. */
  readonly id: string;
  /** So long is a moment kept. */
  readonly days: number;
  /** ISO; both absent while the first backup is under way. */
  readonly earliestAt?: string;
  /** It trails by minutes: until then logs are stored. */
  readonly latestAt?: string;
}

/** Whose backup it is. */
export interface BackedUp {
  readonly id: string;
  /** When it was planned; the service may call it otherwise by now. */
  readonly name: string;
}

/** Of a continuous backup: all that brings it back. `at`: ISO, a whole second. */
export interface Moment extends BackedUp {
  readonly at: string;
}

/** Errors are thrown as AWS's come. */
export interface ContinuousService {
  readonly kind: ManagedKind;
  /** Of the resource that has this name now; undefined: it has none. */
  look(name: string): Promise<RestoreWindow | undefined>;
  /** Of this very resource, whatever it is called now, and also when it is deleted and its backups are kept; undefined: there is none any more. */
  find(of: BackedUp): Promise<RestoreWindow | undefined>;
  /** As an operator would type them. */
  readonly lines: {
    keep(name: string, days: number): string;
    /** Shows why the latest restorable time stands still. */
    examine(name: string): string;
  };
}

/** @param detail of an artifact; undefined: it is a copy, and no moment */
export function momentOf({ moment }: Readonly<Record<string, unknown>>): Moment | undefined {
  return isBackedUp(moment) && 'at' in moment && typeof moment.at === 'string'
    ? { ...moment, at: moment.at }
    : undefined;
}

export const isBackedUp = (value: unknown): value is BackedUp =>
  typeof value === 'object' &&
  value !== null &&
  'id' in value &&
  typeof value.id === 'string' &&
  'name' in value &&
  typeof value.name === 'string';
