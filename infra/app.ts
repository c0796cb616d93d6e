/**
 * The CDK app. The policy is `holdfast.yaml` in the current folder, or the file that the context `policy`
 * (`cdk deploy -c policy=…`) or HOLDFAST_POLICY names; the context `stack` names the stack.
 */
import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { addHoldfastStack, contextOf } from './holdfast-stack.ts';

const app = new App();
const policyFile = contextOf(app, 'policy') ?? process.env.HOLDFAST_POLICY ?? 'holdfast.yaml';
addHoldfastStack(app, { policyFile, policyText: readFileSync(policyFile, 'utf8') });
app.synth();
