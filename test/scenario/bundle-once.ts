import { bundle } from '#infra/bundle.ts';

/** Builds the bundles once for all test files, which find them through the environment. */
export default function bundleOnce(): void {
  process.env.HOLDFAST_BUNDLES = bundle().directory;
}
