/** What is used of dynalite: what its server calls once it has read a request. */
declare module 'dynalite/db/index.js' {
  export interface StoreOptions {
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
  }

  /** Tables in memory, unless a path is given. */
  export function create(options?: StoreOptions): object;
}

declare module 'dynalite/validations/index.js' {
  /** @returns the input without what the operation does not know. Throws what is to be answered. */
  export function checkTypes(input: object, types: unknown): object;
  /** Throws what is to be answered. */
  export function checkValidations(input: object, types: unknown, custom: unknown, store: object): void;
}
