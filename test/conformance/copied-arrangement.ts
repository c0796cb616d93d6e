import type { ManagedMember } from '#domain/policy.ts';
import type { Region } from '#simulator/region.ts';

/** A resource of a kind that AWS Backup copies. */
export interface CopiedArrangement {
  readonly member: ManagedMember;
  launch(region: Region): void;
}
