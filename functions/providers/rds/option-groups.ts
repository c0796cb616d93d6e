/**
 * Options that cannot be taken off an instance, such as `TDE` of Oracle and SQL Server and `TIMEZONE` of Oracle. RDS copies a snapshot of one to another
 * Region only with an option group there that has them, and groups stay in their Region. Holdfast takes the one of the same name.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html#USER_CopySnapshot.Options
 */
import { DescribeOptionGroupsCommand, type OptionGroup, type RDSClient } from '@aws-sdk/client-rds';
import { unlessCalled } from '#platform/aws-errors.ts';
import { rds, rdsIn } from '#platform/clients/rds.ts';
import type { RdsSettings } from './settings.ts';

/** @returns names of those in this Region's group; of none that RDS itself provides, since these have no options */
export async function lastingOptions(name: string | undefined): Promise<readonly string[]> {
  const group = name === undefined || name.startsWith('default:') ? undefined : await groupOf(name, rds());
  return (group?.Options ?? []).flatMap(({ OptionName = '', Persistent, Permanent }) =>
    Persistent || Permanent ? [OptionName] : [],
  );
}

/** That a copy has to be made with, as RDS takes it. */
export const groupForCopy = ({ optionGroup, lastingOptions: lasting = [] }: RdsSettings) =>
  lasting.length === 0 ? {} : { OptionGroupName: optionGroup };

/** @returns why no copy can be made in the Region, and what to do */
export async function lackingGroup(settings: RdsSettings, region: string): Promise<string | undefined> {
  const { optionGroup = '', lastingOptions: lasting = [], engine, engineVersion } = settings;
  if (lasting.length === 0) return undefined;
  const group = await groupOf(optionGroup, rdsIn(region));
  const known = (group?.Options ?? []).map(({ OptionName }) => OptionName);
  const lacking = lasting.filter((option) => !known.includes(option));
  if (lacking.length === 0) return undefined;
  const why = `its option group ${optionGroup} has ${lasting.join(' and ')}, which cannot be left out, so RDS copies it only to a Region with an option group of that name that has them, too`;
  const add = `aws rds add-option-to-option-group --region ${region} --option-group-name ${optionGroup} --apply-immediately --options ${lacking.map((option) => `OptionName=${option}`).join(' ')}`;
  if (group !== undefined) return `${why}: that of ${region} lacks ${lacking.join(' and ')}. Add them: ${add}`;
  const make = `aws rds create-option-group --region ${region} --option-group-name ${optionGroup} --engine-name ${engine} --major-engine-version <that of ${engineVersion}> --option-group-description ${optionGroup}`;
  return `${why}: there is none in ${region}. Make it: ${make} && ${add}`;
}

/** Undefined: there is none of that name. */
async function groupOf(OptionGroupName: string, client: RDSClient): Promise<OptionGroup | undefined> {
  const found = await client
    .send(new DescribeOptionGroupsCommand({ OptionGroupName }))
    .catch(unlessCalled('OptionGroupNotFoundFault'));
  return found?.OptionGroupsList?.[0];
}
