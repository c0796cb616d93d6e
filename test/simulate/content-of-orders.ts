import { filesParameter, numbersOf } from '../scenario/orders.ts';
import { databaseName } from '../scenario/policy.ts';
import type { Content } from './content.ts';

/** A row says which number the files have, and is written after them. */
export const contentOfOrders: Content = {
  inUse: ({ services: { efs, rds, ssm } }) => ({
    rows: [[...rds.world.instance(databaseName).rows]],
    files: efs.world.fileSystem(ssm.parameters.get(filesParameter) ?? '').files,
  }),
  unfitting: ({ rows, files }, isStill) => {
    const last = rows.map((each) => Number(each.at(-1) ?? 0));
    const numbers = numbersOf(files);
    const isOlder = numbers.every((number) => last.every((row) => row <= number));
    const isSame = numbers.every((number) => last.every((row) => row === number));
    return (isStill ? isSame : isOlder)
      ? []
      : [`the last row is of ${last.join(' and ')}, and the files are of ${numbers.join(' and ')}`];
  },
};
