import { describe, expect, it } from 'vitest';
import {
  holdsEverywhere,
  holdsNothing,
  hookProof,
  runsOnGuests,
  runsOnNoGuest,
  scalesService,
  stopsWriters,
  takesArtifacts,
} from './hook-proof.ts';

const [application, filesystem, crash] = ['application-consistent', 'filesystem-consistent', 'crash-consistent'];

describe('a hook', () => {
  it.each([
    ['clean-up', crash, crash],
    ['command', application, application],
    ['ecs-service', application, application],
    ['postgresql', application, application],
    ['mysql', application, application],
    ['redis', application, application],
    ['filesystem', filesystem, crash],
    ['lambda', application, application],
    ['services', application, application],
    ['windows-vss', application, application],
    ['of a later version', crash, crash],
  ])('%s proves %s, and %s where the root volume is in the set', (kind, data, root) => {
    expect([hookProof(kind, false), hookProof(kind, true)]).toEqual([data, root]);
  });

  it.each([
    ['clean-up', [holdsNothing, runsOnGuests]],
    ['command', [stopsWriters, runsOnGuests]],
    ['ecs-service', [scalesService, runsOnNoGuest, stopsWriters]],
    ['filesystem', [runsOnGuests]],
    ['lambda', [holdsEverywhere, runsOnNoGuest]],
    ['services', [stopsWriters, runsOnGuests]],
    ['windows-vss', [takesArtifacts]],
  ] as const)('%s is asked where it runs, and counts for what it stops', (kind, traits) => {
    const all = [
      holdsNothing,
      takesArtifacts,
      holdsEverywhere,
      scalesService,
      runsOnNoGuest,
      stopsWriters,
      runsOnGuests,
    ];
    const own: readonly ((kind: string) => boolean)[] = traits;
    expect(all.filter((trait) => trait(kind))).toEqual(all.filter((trait) => own.includes(trait)));
  });
});
