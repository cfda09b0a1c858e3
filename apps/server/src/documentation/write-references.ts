import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writtenReferences } from './references.ts';

// Run after a change of options, operations or error codes: npm run references -w apps/server
const folder = fileURLToPath(new URL('../../../../docs/', import.meta.url));
mkdirSync(folder, { recursive: true });
for (const [name, text] of Object.entries(writtenReferences())) writeFileSync(`${folder}${name}`, text);
