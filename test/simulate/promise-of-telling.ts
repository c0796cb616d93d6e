/**
 * Exactly one mail for a failure, none without. Where SNS took a mail and its reply was lost, the mail is sent again: at least once
 * is all that can be had of Publish, which knows no token on a standard topic.
 */
import { minuteMs, reportsAddress } from '../scenario/stage.ts';
import { failuresOf } from './failures.ts';
import { alarmsSince, failureMails, isAboutLess, isAboutRelease, sealed } from './outcome.ts';
import { fateOf } from './promise-of-recovering.ts';
import type { Scene } from './scene.ts';

export function brokenMails(scene: Scene): readonly string[] {
  const { stage, mishaps } = scene;
  const failures = failuresOf(scene);
  const mails = failureMails(stage).filter((subject) => !isAboutRelease(subject) && !isAboutLess(subject));
  const aboutLess = failureMails(stage).filter(isAboutLess);
  const told = mayRepeat(scene) ? new Set(mails).size : mails.length;
  // An alarm that takes missing data for a bad sign goes off when it is created.
  const alarms = alarmsSince(stage, scene.fromMs + 10 * minuteMs);
  const aboutRelease = failureMails(stage).filter(isAboutRelease);
  return [
    ...(told === failures ? [] : [`${failures} failures and ${told} mails: ${mails.join(' | ') || 'none'}`]),
    ...(aboutLess.length > Math.max(0, sealed(stage).length - 1)
      ? [`${aboutLess.length} mails about points that are less than others, of ${sealed(stage).length}`]
      : []),
    ...(aboutRelease.length > 1 ? [`${aboutRelease.length} mails about one release`] : []),
    ...(failures === 0 && aboutRelease.length === 0 && alarms.length > 0 && !isLasting(mishaps)
      ? [`nothing failed, and there are alarms: ${alarms.join(' | ')}`]
      : []),
    ...(failures > scene.failures && mishaps.every(({ isHarmless }) => isHarmless)
      ? ['it cost a point or a recovery']
      : []),
    ...untoldRecovery(scene),
    ...untoldDigest(scene),
  ];
}

const mayRepeat = ({ mishaps }: Pick<Scene, 'mishaps'>): boolean =>
  mishaps.some(({ id }) => /sns\.Publish:\d+:(lost|lost-thrice|unanswered|twice)$/.test(id) || /^Report:/.test(id));

/** Alarms are there for what lasts. */
const isLasting = (mishaps: Scene['mishaps']): boolean =>
  mishaps.some(({ id }) => id.startsWith('events:') || id.endsWith(':throttled') || id.startsWith('resource:'));

function untoldRecovery(scene: Scene): readonly string[] {
  if (scene.scenario.machine !== 'recover' || fateOf(scene) !== 'committed') return [];
  const told = scene.stage.inbox(reportsAddress).filter(({ subject }) => subject.includes('RECOVERED'));
  const isOnce = told.length === 1 || (told.length > 1 && mayRepeat(scene));
  return isOnce ? [] : [`the recovery was committed, and ${told.length} mails say so`];
}

/** A day's digest comes once. */
function untoldDigest({ scenario, stage, mishaps, fromMs }: Scene): readonly string[] {
  if (!scenario.hasDigest || mishaps.some(({ id }) => /^events:\w*Digest:dropped$/.test(id))) return [];
  const day = new Date(fromMs).toISOString().slice(0, 10);
  const told = stage.inbox(reportsAddress).filter(({ subject }) => subject.startsWith(`[Holdfast] ${day}: `));
  const isOnce = told.length === 1 || (told.length > 1 && mayRepeat({ mishaps }));
  return isOnce ? [] : [`${told.length} digests of ${day}`];
}
