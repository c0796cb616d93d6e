/** Kinds whose artifacts are copied to another Region. Apart from `index.ts`, since only `settle`, `retire` and the doctor need them. */
import { invariantBroken } from '#domain/faults.ts';
import { copier as aurora } from './aurora/copier.ts';
import type { Copier } from './copier.ts';
import { copier as ebs } from './ebs/copier.ts';
import { copier as rds } from './rds/copier.ts';

const copiers: readonly Copier[] = [aurora, ebs, rds];

export function copierOf(kind: string): Copier {
  const copier = copiers.find((each) => each.kind === kind);
  if (copier === undefined) throw invariantBroken(`Nothing of kind ${kind} is copied to another Region.`);
  return copier;
}
