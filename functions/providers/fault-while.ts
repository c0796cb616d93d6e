import { asFault } from '#platform/aws-errors.ts';

/** For a `catch`: throws what AWS answered as a Fault. @param doing what was being done, as in its sentence */
export const faultWhile =
  (doing: string) =>
  (error: unknown): never => {
    throw asFault(error, doing);
  };
