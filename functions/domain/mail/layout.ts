/**
 * The pieces that every mail is made of. Written for somebody woken at three: the state of the application first, then what
 * happened, then what to type. Text from outside (error messages, tag values, an operator's reason) is never part of a sentence.
 */
import { durationWords } from '../duration.ts';
import { rpoState } from '../expectation.ts';
import type { Point } from '../point.ts';
import type { Workload } from '../policy.ts';
import type { Failure } from '../run.ts';

/** SNS: a subject has at most 100 printable ASCII characters, no line break. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const subjectLength = 100;
const quoteLength = 500;
/** Of up to four bytes each; SNS takes 256 KiB. The commands to finish a recovery of a hundred volumes by hand are some 50,000. */
const bodyLength = 60_000;

export interface Mail {
  /** At most 100 printable ASCII characters, beginning with `[Holdfast] `. */
  readonly subject: string;
  /** Plain text, at most 60,000 characters, of whole lines. */
  readonly body: string;
}

/** What every mail about a workload needs. */
export interface About {
  readonly workload: Workload;
  /** The newest point that can be recovered and whose times are in order; absent when there is none. */
  readonly newestPoint?: Point | undefined;
  /** Newer ones, whose times contradict each other; newest first. */
  readonly doubtful?: readonly Point[];
  readonly nowMs: number;
}

/** Lines of one paragraph; undefined ones are left out. */
export type Paragraph = readonly (string | undefined)[];

export function compose(subject: string, paragraphs: readonly Paragraph[]): Mail {
  const text = paragraphs
    .map((lines) => lines.filter((line) => line !== undefined).join('\n'))
    .filter((paragraph) => paragraph !== '')
    .join('\n\n');
  return { subject: subjectOf(subject), body: `${wholeLines(text)}\n` };
}

/** Half a command is worse than none, and a list that just ends reads as whole. */
function wholeLines(text: string): string {
  if (text.length <= bodyLength) return text;
  const lines = text.split('\n');
  const ending = (left: number) => `\nCUT HERE: ${left} more lines. All of it:\n${command('status')}`;
  const room = bodyLength - ending(lines.length).length;
  let length = -1;
  const kept = lines.findIndex((line) => {
    length += line.length + 1;
    return length > room;
  });
  return `${lines.slice(0, kept).join('\n')}${ending(lines.length - kept)}`;
}

function subjectOf(text: string): string {
  const ascii = oneLine(`[Holdfast] ${text}`).replaceAll(/[^ -~]/g, '?');
  return bounded(ascii, subjectLength);
}

/** Never cuts a character in half. */
const bounded = (text: string, most: number) =>
  text.length <= most ? text : `${text.slice(0, most - 3).replace(/[\uD800-\uDBFF]$/, '')}...`;

/** No control characters, line breaks, invisible or direction-changing ones; whole code points only. */
const oneLine = (text: string) =>
  text
    .toWellFormed()
    .replaceAll(/[\p{C}\p{Z}]+/gu, ' ')
    .trim();

/** A name from outside that a sentence cannot do without. */
const named = (text: string) => bounded(oneLine(text), 80);

/** Text from outside, on a line of its own. */
export const quoted = (text: string): string => `    > ${bounded(oneLine(text), quoteLength)}`;

/** A line of our own record (a command to finish by hand), cleaned all the same, without the mark that would spoil copying it. */
export const indented = (text: string): string => `    ${bounded(oneLine(text), quoteLength)}`;

export const command = (text: string): string => `    npx holdfast ${text}`;

/** `2026-11-21 03:00 UTC`, and the text itself when it is no time. */
export function atWords(time: string): string {
  const ms = Date.parse(time);
  return Number.isNaN(ms) ? named(time) : `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** Newest good point, its age, and the RPO; and what is newer, but does not count. */
export const pointLines = (about: About): Paragraph => [...goodLines(about), ...doubtfulLines(about)];

function doubtfulLines({ doubtful = [] }: About): Paragraph {
  const [newest] = doubtful;
  if (newest === undefined) return [];
  const others = doubtful.length === 1 ? '' : `, the newest of ${doubtful.length}`;
  return [
    `DOUBTFUL, and not counted: ${newest.id}${others}`,
    `    taken ${atWords(newest.takenAt)}; its times contradict each other, so nobody knows of which moment it is`,
  ];
}

function goodLines({ workload, newestPoint, doubtful = [], nowMs }: About): Paragraph {
  const rpo = rpoState(workload, newestPoint, nowMs);
  const objective = `the RPO of ${durationWords(rpo.rpoMs)}`;
  if (newestPoint === undefined || rpo.state === 'none') {
    return [
      `Newest good point: NONE. There is nothing ${doubtful.length === 0 ? 'to recover from' : 'else to recover from than this'}.`,
    ];
  }
  const against = rpo.state === 'met' ? `within ${objective}` : `PAST ${objective} by ${durationWords(rpo.overdueMs)}`;
  return [
    `Newest good point: ${newestPoint.id}`,
    `    taken ${atWords(newestPoint.takenAt)}, ${durationWords(rpo.ageMs)} ago, ${against}; ${newestPoint.verdict.consistency}`,
  ];
}

export function failureLines({ name, message, phase }: Failure): Paragraph {
  return [`It failed while at: ${named(phase)} (${named(name)}). In the words of the error:`, quoted(message)];
}
