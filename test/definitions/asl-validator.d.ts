declare module 'asl-validator' {
  /** Fills in defaults in the definition it is given. */
  export default function validator(definition: unknown): {
    readonly isValid: boolean;
    errorsText(separator?: string): string;
  };
}
