const t0=performance.now(); const lap=(s:string)=>console.log(s, Math.round(performance.now()-t0));
const { bundle } = await import('#infra/bundle.ts'); const { Holdfast } = await import('#infra/holdfast.ts'); const { App, Stack } = await import('aws-cdk-lib'); const { nightly } = await import('./scenario/policy.ts'); const { createRegion } = await import('#simulator/region.ts'); const { launchFleet } = await import('./scenario/fleet.ts');
lap('imports'); bundle(); lap('bundle');
for (let i=0;i<2;i++){ const app = new App({ outdir:'/tmp/out'+i, analyticsReporting: false });
  new Holdfast(new Stack(app, 'Holdfast'), 'Default', { ...nightly(), bundlesDirectory: bundle().directory }); lap('construct'); app.synth(); lap('synth');}
for (let i=0;i<2;i++){ const region = await createRegion({reuseModules:true}); lap('region'); launchFleet(region); await region.deploy('/tmp/out'+i,'Holdfast'); lap('deploy'); region.close(); lap('close');}
