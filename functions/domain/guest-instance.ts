/** An instance whose guest can be asked to quiesce. */
export interface GuestInstance {
  readonly instanceId: string;
  /** EC2's word: running, stopped … */
  readonly state: string;
}
