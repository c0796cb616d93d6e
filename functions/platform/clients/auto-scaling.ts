import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { lazy } from '../lazy.ts';
import { patience } from '../patience.ts';

export const autoScaling = lazy(() => new AutoScalingClient(patience));
