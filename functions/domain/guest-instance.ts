/** An instance whose guest can be asked to quiesce. */
export interface GuestInstance {
  readonly instanceId: string;
  /** EC2's word: running, stopped … */
  readonly state: string;
  /** Ids of its volumes that the run will take: one list a call, so those of a list are of one instant. */
  readonly volumeSets: readonly (readonly string[])[];
}
