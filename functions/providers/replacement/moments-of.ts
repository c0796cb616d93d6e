import { integrityFault } from '#domain/faults.ts';
import type { ReplacementService } from './replacement-service.ts';

/** @throws IntegrityFault when an artifact is a moment, and its kind keeps no continuous backups */
export function momentsOf({ kind, continuous }: ReplacementService): Required<ReplacementService>['continuous'] {
  if (continuous === undefined)
    throw integrityFault(`${kind} keeps no continuous backup, and the point says that it does.`);
  return continuous;
}
