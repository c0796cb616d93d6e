import * as z from 'zod/mini';
import type { Artifact } from '#domain/artifact.ts';
import type { Point } from '#domain/point.ts';

const detail = z.looseObject({ launch: z.optional(z.looseObject({})) });

/** What an instance is told as it starts may have passwords, and a document is handed on. */
export const withoutUserData = (point: Point): Point => ({ ...point, artifacts: point.artifacts.map(bare) });

function bare(artifact: Artifact): Artifact {
  const { launch, ...others } = z.parse(detail, artifact.detail);
  if (launch === undefined) return artifact;
  const { UserData: _, ...shown } = launch;
  return { ...artifact, detail: { ...others, launch: shown } };
}
