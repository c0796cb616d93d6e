import { backupPlanTypes } from '#domain/backup-plan-types.ts';
import type { BackupPlanStanding, ResourceStanding } from './backup-plan-standing.ts';
import { table } from './table.ts';
import type { Terminal } from './terminal.ts';
import { ago, inZone, utc } from './times.ts';
import { wrapped } from './wrap.ts';

/** Resources in the table: those whose newest copy is oldest. All are in the JSON. */
const mostShown = 20;

/** What each plan reaches, with the newest copy of each, and below it whatever needs eyes. */
export function showBackupPlanStanding(terminal: Terminal, standing: BackupPlanStanding, nowMs: number): void {
  const { plan, rules, resources } = standing;
  terminal.line();
  const next = rules.map(({ name, nextAt, timeZone }) =>
    nextAt === undefined ? `${name} never` : `${name} ${inZone(Date.parse(nextAt), timeZone)} ${timeZone}`,
  );
  terminal.line(wrapped(`Plan ${terminal.paint('bold', plan)}, next: ${next.join(', ')}`, '  '));
  const shown = resources.toSorted((one, other) => (takenAt(one) < takenAt(other) ? -1 : 1)).slice(0, mostShown);
  if (shown.length > 0) {
    const head = ['Type', 'Resource', 'Newest copy', 'State'];
    const rows = shown.map((each) => rowOf(terminal, each, nowMs));
    terminal.line(table(terminal, head, rows, { wraps: 1, indent: 2 }));
  }
  const more = resources.length - shown.length;
  if (more > 0) terminal.line(`  and ${more} more with newer copies: --json`);
  for (const line of troubles(terminal, standing)) terminal.line(wrapped(`  ${line}`, '      '));
}

const takenAt = ({ newestCopy }: ResourceStanding): string => newestCopy?.takenAt ?? '';

/** Its last name: the account and the Region are those of the whole page. */
const shortName = (arn: string): string => arn.split(/[:/]/).at(-1) ?? arn;

function rowOf(terminal: Terminal, { resource, type, newestCopy }: ResourceStanding, nowMs: number): string[] {
  const [word] = backupPlanTypes[type].words;
  if (newestCopy === undefined) return [word, shortName(resource), terminal.paint('red', 'none'), ''];
  const { state } = newestCopy;
  const colour = state === 'COMPLETED' || state === 'AVAILABLE' ? 'green' : 'yellow';
  return [word, shortName(resource), ago(newestCopy.takenAt, nowMs), terminal.paint(colour, state)];
}

function troubles(terminal: Terminal, { vault, resources, troubles, lacking }: BackupPlanStanding): string[] {
  return [
    ...(vault === undefined ? [terminal.paint('red', 'It is not in the deployed policy: npx cdk deploy')] : []),
    ...(resources.length === 0 ? [terminal.paint('red', 'Nothing carries all of its tags: it copies nothing.')] : []),
    ...troubles.map(
      ({ trouble, resource, createdAt, message }) =>
        `${terminal.paint('red', trouble)} ${shortName(resource)}, begun ${utc(createdAt)}${message === undefined ? '' : `: ${message}`}`,
    ),
    ...(lacking.length === 0
      ? []
      : [
          `${terminal.paint('yellow', 'NOT COPIED')}, for want of tags: ${lacking.map(({ resource }) => shortName(resource)).join(', ')}. What to do: npx holdfast doctor`,
        ]),
  ];
}
