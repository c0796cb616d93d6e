/** `npm run schema`: writes holdfast.schema.json anew, for editors, after a change of the policy's schema. */
import { writeFileSync } from 'node:fs';
import { policyJsonSchemaText } from '#domain/policy-schema.ts';

writeFileSync(new URL('../holdfast.schema.json', import.meta.url), policyJsonSchemaText());
