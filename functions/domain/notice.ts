/** A mail that is owed: written to the ledger by whoever knows the outcome, sent by `report`, once. */
export interface Notice {
  /** Deterministic, so that the same outcome is told once: `run/<run id>/failed`. */
  readonly id: string;
  readonly audience: 'failures' | 'reports';
  /** What it is about: an address gets it when it asked for one of them. */
  readonly workloads: readonly string[];
  readonly createdAt: string;
  /** At most 100 printable ASCII characters (the SNS limit for a subject). */
  readonly subject: string;
  /** Plain text. */
  readonly body: string;
  readonly state: 'owed' | 'sent';
  readonly sentAt?: string;
  /** A sender that died in between is followed by another after two minutes: better twice than never. */
  readonly claimedAt?: string;
  readonly attempts: number;
}
