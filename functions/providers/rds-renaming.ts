import type { Resource } from './replacement/replacement-service.ts';

/**
 * A renaming that RDS has accepted shows late: for up to a minute the resource is available under its old name, and the new one is only
 * among what is pending. https://github.com/boto/boto3/issues/609
 * @param resource as its status alone has it
 */
export function beforeRenaming(resource: Resource, name: string | undefined, pending: string | undefined): Resource {
  if (pending === undefined || pending === name) return resource;
  const becoming = { ...resource, becomes: pending };
  return resource.state === 'ready'
    ? { ...becoming, state: 'passing', words: `about to be called ${pending}` }
    : becoming;
}
