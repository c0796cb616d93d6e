import { Route53Client } from '@aws-sdk/client-route-53';
import { lazy } from '../lazy.ts';
import { patience } from '../patience.ts';

/** Route 53 belongs to no Region, and has one endpoint a partition. */
export const route53 = lazy(() => new Route53Client(patience));
