/** Option groups, as far as copies of snapshots ask for them. RDS User Guide, USER_WorkingWithOptionGroups, USER_CopySnapshot */
import type * as Rds from '@aws-sdk/client-rds';
import { ApiError } from '../../kernel/service.ts';

export type OptionGroups = ReadonlyMap<string, readonly Rds.Option[]>;

/** Names of those that cannot be taken off an instance any more. */
const lastingOf = (options: readonly Rds.Option[] = []) =>
  options.flatMap(({ OptionName = '', Persistent, Permanent }) => (Persistent || Permanent ? [OptionName] : []));

export function createOptionGroups() {
  const all = new Map<string, readonly Rds.Option[]>();
  const named = (name = ''): readonly Rds.Option[] => {
    const options = all.get(name);
    if (options === undefined)
      throw new ApiError('OptionGroupNotFoundFault', `Specified OptionGroupName: ${name} not found.`, 404);
    return options;
  };
  return {
    all,
    /** @throws ApiError where the group given for a copy has not what the source's has. @param there groups of the source's Region */
    check: (there: OptionGroups, source: string, given: string | undefined): void => {
      const lasting = lastingOf(there.get(source));
      const known = given === undefined ? [] : named(given).map(({ OptionName }) => OptionName);
      if (lasting.every((option) => known.includes(option))) return;
      const lacking = `The snapshot requires a target option group with the following options: ${lasting.join(', ')}`;
      throw new ApiError('InvalidParameterCombination', lacking);
    },
    arrange: {
      optionGroup: (name: string, ...options: readonly Rds.Option[]): void => {
        all.set(name, options);
      },
    },
    operations: {
      DescribeOptionGroups: ({ OptionGroupName }: Rds.DescribeOptionGroupsMessage) => ({
        OptionGroupsList: [{ OptionGroupName, Options: named(OptionGroupName) }],
      }),
    },
  };
}
