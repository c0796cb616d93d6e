/** All that is told, by name: what goes on while a fault happens. */
import { clusteredAppliance } from './clustered-appliance.ts';
import { copied } from './copied.ts';
import { copiedElsewhere } from './copied-elsewhere.ts';
import { evidence, evidenceTwoDays, moveTags } from './evidence.ts';
import { jobs } from './jobs.ts';
import { mediation, takeDown } from './mediation.ts';
import type { Scenario } from './scenario.ts';
import { copyingOf, morningOf, nightOf, plannedMorningOf, recoveryOf } from './scenario-of.ts';
import {
  appliance1,
  database1,
  filed,
  littered,
  ordered,
  paged,
  twoDays,
  unheldAllowed,
  windows1,
} from './subjects.ts';
import {
  attachFailsAfterOne,
  attachIsDenied,
  copyFails,
  copyNeverEnds,
  quiesceFails,
  scheduleIsLost,
  stoppedIn,
  verifyFails,
} from './troubles.ts';

const databaseNight = nightOf('database-night', database1);
const applianceNight = nightOf('appliance-night', appliance1, { after: [databaseNight] });
const unquiescedNight = nightOf('unquiesced-night', database1, { after: [databaseNight], trouble: quiesceFails });
const databaseRecovery = recoveryOf('database-recovery', database1);
const undoneRecovery = recoveryOf('undone-recovery', database1, { after: [databaseRecovery], trouble: verifyFails });

const orderedRecovery = recoveryOf('ordered-recovery', ordered, { after: [databaseRecovery, undoneRecovery] });
const orderedNight = nightOf('ordered-night', ordered, { after: [databaseNight] });
const filedNight = nightOf('filed-night', filed, { after: [databaseNight, orderedNight] });
const filedRecovery = recoveryOf('filed-recovery', filed, {
  after: [databaseRecovery, undoneRecovery, orderedRecovery],
});
const mediationNight = nightOf('mediation-night', mediation, { after: [databaseNight, orderedNight, filedNight] });
const mediationRecovery = recoveryOf('mediation-recovery', mediation, {
  after: [databaseRecovery, undoneRecovery, orderedRecovery, filedRecovery],
  trouble: takeDown,
});

const evidenceNight = nightOf('evidence-night', evidence, {
  after: [databaseNight, orderedNight, filedNight, mediationNight],
});
const applianceMorning = morningOf('appliance-morning', twoDays, [databaseNight]);

const copiedMorning = plannedMorningOf('copied-morning', copied, { after: [databaseNight, applianceMorning] });

export const scenarios = {
  'database-night': databaseNight,
  'appliance-night': applianceNight,
  'unquiesced-night': unquiescedNight,
  'unheld-night': nightOf('unheld-night', unheldAllowed, {
    after: [databaseNight, unquiescedNight],
    trouble: quiesceFails,
  }),
  'stopped-night': nightOf('stopped-night', database1, {
    after: [databaseNight, unquiescedNight],
    trouble: stoppedIn('BeginTiers'),
  }),
  'missed-night': nightOf('missed-night', database1, { after: [databaseNight], trouble: scheduleIsLost }),
  'windows-night': nightOf('windows-night', windows1, { after: [databaseNight] }),
  'ordered-night': orderedNight,
  'filed-night': filedNight,
  'endless-night': nightOf('endless-night', filed, {
    after: [databaseNight, unquiescedNight, orderedNight, filedNight],
    trouble: copyNeverEnds,
  }),
  'mediation-night': mediationNight,
  'jobs-night': nightOf('jobs-night', jobs, { after: [databaseNight, orderedNight, filedNight, mediationNight] }),
  'clustered-night': nightOf('clustered-night', clusteredAppliance, {
    after: [databaseNight, orderedNight, filedNight],
  }),
  'evidence-night': evidenceNight,
  'appliance-morning': applianceMorning,
  'evidence-morning': morningOf('evidence-morning', evidenceTwoDays, [applianceMorning, evidenceNight]),
  'copied-morning': copiedMorning,
  'failed-copy-morning': plannedMorningOf('failed-copy-morning', copied, {
    after: [databaseNight, applianceMorning, copiedMorning],
    trouble: copyFails,
  }),
  'copied-elsewhere': copyingOf('copied-elsewhere', copiedElsewhere),
  'database-recovery': databaseRecovery,
  'appliance-recovery': recoveryOf('appliance-recovery', appliance1, { after: [databaseRecovery] }),
  'undone-recovery': undoneRecovery,
  'cleaned-recovery': recoveryOf('cleaned-recovery', littered, { after: [databaseRecovery, undoneRecovery] }),
  'ordered-recovery': orderedRecovery,
  'filed-recovery': filedRecovery,
  'mediation-recovery': mediationRecovery,
  'evidence-recovery': recoveryOf('evidence-recovery', evidence, {
    after: [databaseRecovery, undoneRecovery, orderedRecovery, filedRecovery],
    trouble: moveTags,
  }),
  'jobs-recovery': recoveryOf('jobs-recovery', jobs, {
    after: [databaseRecovery, undoneRecovery, orderedRecovery, filedRecovery, mediationRecovery],
  }),
  'clustered-recovery': recoveryOf('clustered-recovery', clusteredAppliance, {
    after: [databaseRecovery, undoneRecovery, orderedRecovery, filedRecovery, mediationRecovery],
  }),
  'half-attached-recovery': recoveryOf('half-attached-recovery', database1, {
    after: [databaseRecovery, undoneRecovery],
    trouble: attachFailsAfterOne,
  }),
  'stopped-recovery': recoveryOf('stopped-recovery', database1, {
    after: [databaseRecovery, undoneRecovery],
    trouble: stoppedIn('DetachVolumes'),
  }),
  'stranded-recovery': recoveryOf('stranded-recovery', paged, {
    after: [databaseRecovery, undoneRecovery],
    denies: ['RollBack AttachVolume'],
    trouble: attachIsDenied,
  }),
} as const satisfies Record<string, Scenario>;
