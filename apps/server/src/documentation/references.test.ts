import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ERROR_CATALOGUE, readCatalogueEntry } from '@sallyport/model';
import { describe, expect, it } from 'vitest';
import { writtenReferences } from './references.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const PROGRAM =
  /^(?:packages\/(?:model|engine|connectors|store)|apps\/server)\/src\/.*(?<!\.test|\.directory)\.ts$/;
const PLAYED = /\/(?:fake|test)\//;

/** Error codes in program text: of a CodedError, of a fault collected at the door, of a failure in a run. */
const CODE =
  /(?:CodedError\(\s*|makeHubError\(\s*|faults\.add\(\s*|refuseValue\(\s*|\bcode: |errorCode: |(?=')(?='(?:STORE|SECRET)_))'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)'/g;

function sources(): readonly string[] {
  return ['packages', 'apps'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .map((path) => join(folder, path))
      .filter((path) => PROGRAM.test(path) && !PLAYED.test(path)),
  );
}

describe('the references', () => {
  it('in docs are what the program says', () => {
    for (const [name, text] of Object.entries(writtenReferences()))
      expect(
        readFileSync(join(ROOT, 'docs', name), 'utf8'),
        `${name}: npm run references -w apps/server`,
      ).toBe(text);
  });
});

describe('the catalogue of errors', () => {
  it('has every code that the program gives', () => {
    const given = sources().flatMap((path) =>
      [...readFileSync(join(ROOT, path), 'utf8').matchAll(CODE)]
        .map(([, code = '']) => code)
        .map((code) => ({ code, path })),
    );
    expect(new Set(given.map(({ code }) => code)).size).toBeGreaterThan(60);
    // The result codes of directory servers are named by RFC 4511, not by us.
    const unknown = given.filter(
      ({ code }) => readCatalogueEntry(code) === undefined && !code.startsWith('LDAP_'),
    );
    expect([...new Set(unknown.map(({ code, path }) => `${code} in ${path}`))]).toEqual([]);
  });

  it('has no code that nothing gives', () => {
    const text = [
      'apps/server/src',
      'apps/gateway/src',
      'packages/ldap/src',
      'packages/engine/src',
      'packages/connectors/src',
      'packages/store/src',
      'packages/model/src',
    ]
      .flatMap((folder) =>
        readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((path) =>
          join(folder, path),
        ),
      )
      .filter(
        (path) =>
          path.endsWith('.ts') &&
          !path.endsWith('.test.ts') &&
          !/model\/src\/error\/.*-codes\.ts$/.test(path),
      )
      .map((path) => readFileSync(join(ROOT, path), 'utf8'))
      .join('\n');
    const unused = Object.keys(ERROR_CATALOGUE).filter(
      (code) => !text.includes(`'${code}'`) && !text.includes(`${code}:`) && !code.startsWith('LDAP_'),
    );
    expect(unused).toEqual([]);
  });

  it('says in every entry what it means and what to do', () => {
    for (const [code, { meaning, remedy, status }] of Object.entries(ERROR_CATALOGUE)) {
      expect(meaning, code).toMatch(/\.$/);
      expect(remedy, code).toMatch(/\.$/);
      expect(status, code).toBeGreaterThanOrEqual(400);
    }
  });
});
