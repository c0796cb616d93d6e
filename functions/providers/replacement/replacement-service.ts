/** What a service must say of itself so that a resource of it can be brought back by a new one beside it. */
import type { Artifact } from '#domain/artifact.ts';
import type { MemberKind } from '#domain/member-kinds.ts';
import type { Workload } from '#domain/policy.ts';
import type { ContinuousService, Moment } from '../continuous/continuous-service.ts';
import type { Need } from '../recovery-room.ts';
import type { Signpost } from './signpost.ts';

export type Settings = Readonly<Record<string, unknown>>;

/** A resource as its service shows it now. */
export interface Resource {
  /** Which stays the same whatever it is renamed to. */
  readonly id: string;
  /** `passing`: its service is at work on it. `broken`: it never will be ready. */
  readonly state: 'ready' | 'passing' | 'broken';
  /** The service's own word for the state. */
  readonly words: string;
  /** The name that it was asked to have, and has not yet; absent: none, or its service does not tell. */
  readonly becomes?: string;
  /** What applications find it by where they do not know its name: host and port, a table's name. */
  readonly endpoint?: string;
}

/** One change that gives a resource back what a restore forgets, as its service takes it; JSON. */
export interface Change extends Record<string, unknown> {
  /** For a person: `maintenance window`. */
  readonly what: string;
  /** Whether it does its work without: then a refusal is told, and the recovery goes on. */
  readonly mayLack?: boolean;
}

/** What a recovery knows of the new one. */
export interface Made {
  readonly id: string;
  /** That it shall carry. */
  readonly tags: Readonly<Record<string, string>>;
  /** Changes that its service has refused for good, by `what`. Absent: none. */
  readonly refused?: readonly string[];
}

/** What is to be made. */
export interface Order {
  readonly name: string;
  /** The artifact's. */
  readonly snapshotId: string;
  /** Of the source when the artifact was made, and what was learnt of the artifact. */
  readonly settings: Settings;
  readonly tags: Readonly<Record<string, string>>;
}

/** Errors are thrown as AWS's come. `Delta`: changes as its service takes them; `change` gets those alone that `missing` has named. */
export interface ReplacementService<Delta extends Change = Change> {
  readonly kind: Exclude<MemberKind, 'ebs'>;
  /** Characters of a resource's name. */
  readonly mostNameCharacters: number;
  /** So many does the service restore at a time in an account; it refuses the others for as long. Absent: as many as it is asked for. */
  readonly atATime?: number;
  /** @param job what `restore` has answered; of what is found without it: undefined */
  look(name: string, job?: string): Promise<Resource | undefined>;
  /** What was made under a name by a job that is not known, since its answer never came; absent where `look` finds it. */
  lookForLost?(name: string, settings: Settings): Promise<Resource | undefined>;
  /** Changes that what was made still needs to be as the settings say; asked only while it is `ready`. */
  missing(name: string, settings: Settings, made: Made): Promise<readonly Delta[]>;
  change(name: string, change: Delta, made: Made): Promise<void>;
  /**
   * What is not given back, and a person must decide on: one sentence each, with the command, where there is one.
   * @param name that it has once the recovery is done
   */
  differences(settings: Settings, name: string): readonly string[];
  /** One sentence each: why this artifact cannot be restored. */
  refusals(snapshotId: string, settings: Settings): Promise<readonly string[]>;
  /** What new ones of these settings take of what an account may have. Absent: its service does not tell. */
  needs?(all: readonly Settings[]): Promise<readonly Need[]>;
  /** Settings that a new one is made by, where the artifact's do not say it all. Absent: the artifact's. */
  prepare?(artifact: Artifact, workload: Workload): Promise<Settings>;
  /** What only a person can do before anybody may be led to it: sentences, and commands. None: nothing. Absent: none. */
  leftToDo?(settings: Settings, name: string): readonly string[];
  /**
   * Begins a new resource; fine when there is one of that name already.
   * @returns the id of the job that makes it, where it is found by that alone
   */
  restore(order: Order): Promise<string | undefined>;
  /** How a moment of its continuous backup is brought back; absent: it keeps none. */
  readonly continuous?: {
    readonly service: ContinuousService;
    /** As `restore`. */
    restore(moment: Moment, order: Order): Promise<void>;
    /** As an operator would type it. */
    line(moment: Moment, name: string): string;
    /** What becomes of the backup when its owner deletes the replaced resource: one sentence. */
    readonly ends: string;
  };
  /** The resource keeps its id. Absent where the service cannot rename: then a signpost says which it is, as it does where the policy names one. */
  rename?(from: string, to: string): Promise<void>;
  /** Marks what a recovery has put aside, and takes the marks off. */
  mark(name: string, tags: Readonly<Record<string, string>>): Promise<void>;
  unmark(name: string, keys: readonly string[]): Promise<void>;
  /** Has what a recovery made, and is not used after all, do nothing; fine when it does nothing already. Absent: it never does anything by itself. */
  setAside?(name: string): Promise<void>;
  /** As an operator would type them. */
  readonly lines: {
    restore(order: Omit<Order, 'tags'>): string;
    rename?(from: string, to: string): string;
    /** Deletes one that nobody needs any more, which its service saves once more while it does. Absent: a person finds the way. */
    remove?(name: string, finalSnapshot: string): string;
    /** Of `setAside`, by the id. */
    setAside?(id: string): string;
  };
}

/** What a phase may do to one resource. */
export type Action =
  | { readonly kind: 'restore' }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  | { readonly kind: 'hand-over'; readonly post: Signpost; readonly value: string }
  | { readonly kind: 'change'; readonly name: string; readonly id: string; readonly change: Change };
