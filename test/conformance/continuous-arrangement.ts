import type { Region } from '#simulator/region.ts';
import type { Arrangement } from './arrangement.ts';

/** A resource of a kind that keeps a continuous backup, and what can befall that. */
export interface ContinuousArrangement {
  readonly of: Arrangement;
  /** The operation by which the product asks for the backup. */
  readonly describe: string;
  /** It is kept so many days from now on. */
  keep(region: Region, days: number): Promise<void>;
  /** It ends: switched off, or the resource is another of the same name. */
  end(region: Region): Promise<void>;
}
