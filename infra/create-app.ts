import { App, type AppProps } from 'aws-cdk-lib';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';

/**
 * An app whose templates do not depend on where it is made: every feature flag is as a new project of this version of the CDK has
 * it, and nothing is told to AWS about its constructs.
 */
export const createApp = (props: AppProps = {}): App =>
  new App({ analyticsReporting: false, ...props, postCliContext: CURRENTLY_RECOMMENDED_FLAGS });
