import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { lazy } from '../lazy.ts';

export const autoScaling = lazy(() => new AutoScalingClient({}));
