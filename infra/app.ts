/**
 * The CDK app. The policy is `holdfast.yaml` in the current folder, or the file that the context `policy`
 * (`cdk deploy -c policy=…`) or HOLDFAST_POLICY names; the context `stack` names the stack, and
 * `protected` keeps it from being deleted.
 */
import { readFileSync } from 'node:fs';
import { bundleMeanwhile } from './bundle.ts';

// The CDK takes about half as long to load as the bundling does, which has processes of its own.
const [{ directory: bundlesDirectory }, { createApp }, { addHoldfastStack, contextOf }] = await Promise.all([
  bundleMeanwhile(),
  import('./create-app.ts'),
  import('./holdfast-stack.ts'),
]);

const app = createApp();
const policyFile = contextOf(app, 'policy') ?? process.env.HOLDFAST_POLICY ?? 'holdfast.yaml';
addHoldfastStack(app, { policyFile, policyText: readFileSync(policyFile, 'utf8'), bundlesDirectory });
app.synth();
