/**
 * The CDK app. The policy is `holdfast.yaml` in the current folder, or the file that the context `policy`
 * (`cdk deploy -c policy=…`) or HOLDFAST_POLICY names; the context `stack` names the stack.
 */
import { readFileSync } from 'node:fs';
import { createApp } from './create-app.ts';
import { addHoldfastStack, contextOf } from './holdfast-stack.ts';

const app = createApp();
const policyFile = contextOf(app, 'policy') ?? process.env.HOLDFAST_POLICY ?? 'holdfast.yaml';
addHoldfastStack(app, { policyFile, policyText: readFileSync(policyFile, 'utf8') });
app.synth();
