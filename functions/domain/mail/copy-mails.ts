/** The mails about copies of points in another Region. */
import { durationWords } from '../duration.ts';
import type { RpoState } from '../expectation.ts';
import type { Point } from '../point.ts';
import type { CopyStanding } from '../point-copy.ts';
import { type About, atWords, command, compose, type Mail, type Paragraph, pointLines, quoted } from './layout.ts';

/** @param problem why, in AWS's words */
export function copyFailed(about: About & { readonly point: Point; readonly problem: string }): Mail {
  const { workload, point, problem } = about;
  const { region = 'another Region', wholeAt } = point.copy ?? {};
  const isLost = wholeAt !== undefined;
  const what = isLost ? 'is not whole any more; the point is' : 'FAILED; the point itself is whole';
  return compose(`${workload.name}: the copy of a point in ${region} ${what}`, [
    ['APPLICATION: not concerned. The point can be recovered from here; only its copy elsewhere cannot be used.'],
    [
      `What ${isLost ? 'is broken' : 'failed'}: the copy of point ${point.id} of ${atWords(point.takenAt)} in ${region}. Copies are one set or none. In the words of the error:`,
      quoted(problem),
    ],
    [
      isLost
        ? 'Somebody, or a rule of somebody’s, deletes snapshots there: CloudTrail of that Region says who. What is left of it stays until its time is over.'
        : `What there is of it in ${region} is deleted within hours. Mend what is in its way; the next point is copied by itself, and Holdfast does not try this one again.`,
    ],
    pointLines(about),
    ['What keeps copies from working, and which there are:', command(`doctor ${workload.name}`), pointsCommand(about)],
  ]);
}

/** Nothing newer than the policy wants is whole in the other Region. */
export function copyBehind(about: About & { readonly standing: CopyStanding }): Mail {
  const { workload, standing } = about;
  return compose(`${workload.name}: its copies in ${standing.region} are BEHIND`, [
    [
      'APPLICATION: not concerned. Points are sealed here as before; a loss of this Region would cost more than the policy says.',
    ],
    copyLines(standing),
    [
      'The usual causes: a copy failed (a mail of its own tells why), the key there is disabled, or more changes in a day than is copied in one.',
    ],
    pointLines(about),
    ['What keeps copies from working, and which there are:', command(`doctor ${workload.name}`), pointsCommand(about)],
  ]);
}

/** What is whole there is new enough again. */
export function copyCaughtUp(about: About & { readonly standing: CopyStanding; readonly sinceAt: string }): Mail {
  const { workload, standing, sinceAt } = about;
  return compose(`${workload.name}: its copies in ${standing.region} are as new as they should be again`, [
    ['APPLICATION: not concerned.'],
    [`They were behind since ${atWords(sinceAt)}.`, ...copyLines(standing)],
    pointLines(about),
  ]);
}

const pointsCommand = ({ workload }: About): string => command(`points ${workload.name} --evidence`);

/** Newest whole copy, its age, and what the policy wants of it. */
export function copyLines({ region, newest, rpo }: CopyStanding): Paragraph {
  if (newest === undefined) return [`Newest whole copy in ${region}: NONE.`];
  return [`Newest whole copy in ${region}: ${newest.id}, taken ${atWords(newest.takenAt)}, ${againstWords(rpo)}`];
}

function againstWords(rpo: RpoState): string {
  const objective = `the ${durationWords(rpo.rpoMs)} that the policy allows it`;
  if (rpo.state === 'none') return '';
  return rpo.state === 'met' ? `within ${objective}` : `PAST ${objective} by ${durationWords(rpo.overdueMs)}`;
}
