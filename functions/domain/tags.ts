/**
 * The tags that make an artifact recoverable with the ledger gone. One CreateSnapshots call gives all members of a set the
 * same tags, so what differs per volume is one tag a volume, carried by every member of the set (`volumeKey`).
 * `aws:` keys are reserved and never copied.
 */
export const tagKeys = {
  /** Stack that made it: nothing without this tag is ever deleted. */
  stack: 'holdfast:stack',
  workload: 'holdfast:workload',
  run: 'holdfast:run',
  tier: 'holdfast:tier',
  /** `pending` until sealed, then the verdict's consistency, or `failed`. */
  verdict: 'holdfast:verdict',
  /** ISO date-time after which retire may take it. */
  expires: 'holdfast:expires',
  /** Source instance. */
  instance: 'holdfast:instance',
  /** How many artifacts the run has in all, so that a point missing one is noticed. */
  count: 'holdfast:count',
  /** Recovery that made, replaced or safeguarded the resource. */
  recovery: 'holdfast:recovery',
  /** `backup`; of a recovery: `restored` (made by it), `replaced` (was attached before), `safety` (snapshot taken before); `image` (snapshot of an image); `copy` (in another Region, or of a cache's snapshot under another key). */
  role: 'holdfast:role',
  requestedBy: 'holdfast:requested-by',
  reason: 'holdfast:reason',
  /** What an artifact of a managed service is a copy of: not every service tells it of a copy. */
  source: 'holdfast:source',
} as const;

/** Of a file system whose restored files lie in their place: the instance that has moved them there. */
export const promotedTag = 'holdfast:promoted-by';

/** Of an image's snapshots: the run that made it. They are no artifacts of their own, so they have not `holdfast:run`. */
export const imageRunTag = 'holdfast:image-run';

/**
 * Of copies in another Region, and, `run` and `of` alone, of those of caches' snapshots under another key. They have not `holdfast:run`, lest they
 * are taken for a run's own. `of`: id of the artifact; `taken`: ISO time that its data is from; `state`: `incomplete` until all copies of the
 * point are complete, then `whole`.
 */
export const copyTagKeys = {
  run: 'holdfast:copied-run',
  region: 'holdfast:copied-from',
  of: 'holdfast:copy-of',
  taken: 'holdfast:taken',
  state: 'holdfast:copy',
} as const;

/** Of a database's copy in another Region: its class, port and groups, as they were (`db.r6g.large multi-az 5432 …`). */
export const settingsTag = 'holdfast:settings';

/** Of artifacts of managed services: between which ISO times their data is from. */
export const cutTagKeys = { lower: 'holdfast:cut-lower', upper: 'holdfast:cut-upper' } as const;

/** `holdfast:volume:vol-…` → `/dev/sdh gp3 100GiB 3000iops 125MiB/s eu-west-1a keep data`. */
export const volumeKey = (volumeId: string) => `holdfast:volume:${volumeId}`;

/** EC2's limit of tags on one resource. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html */
export const tagLimit = 50;

/** Of an ECS service without tasks: the desired count that it had before, and will have again. */
export const desiredCountTag = 'holdfast:desired-count';
