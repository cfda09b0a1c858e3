import { afterAll, beforeAll, describe, it } from 'vitest';
import { CaseContext, type ConformanceCase } from './case-context.ts';
import { changeCases } from './change-cases.ts';
import { changelogCases } from './changelog-cases.ts';
import type { Capability, DirectoryFactory } from './directory-under-test.ts';
import { readingCases } from './reading-cases.ts';
import { securityCases } from './security-cases.ts';
import { writingCases } from './writing-cases.ts';

export type { Capability, DirectoryFactory } from './directory-under-test.ts';

/** Enough for a group beyond 1,500 members and a search beyond one page. */
const people = 1_600;

const groups: Readonly<Record<string, readonly ConformanceCase[]>> = {
  reading: readingCases,
  writing: writingCases,
  'following changes': [...changeCases, ...changelogCases],
  security: securityCases,
};

/**
 * What the product needs of a directory, as vitest cases that run on any server: call it at the top of a test file. A case
 * whose capability the server lacks is listed as skipped under the reason that the factory gives.
 */
export function registerDirectoryConformance(factory: DirectoryFactory): void {
  if (factory.unavailable !== undefined) {
    describe.skip(`${factory.name} as a directory (not here: ${factory.unavailable})`, () => {
      for (const { name } of Object.values(groups).flat()) it.skip(name);
    });
    return;
  }
  describe(`${factory.name} as a directory`, () => {
    let context: CaseContext | undefined;
    beforeAll(async () => {
      context = new CaseContext(await factory.start(people), factory, people);
    });
    afterAll(async () => {
      await context?.close();
      await context?.server.stop();
    });
    for (const [group, cases] of Object.entries(groups)) {
      describe(group, () => {
        for (const { name, needs = [], run } of cases) {
          const lacking = reasonsAgainst(factory, needs);
          if (lacking.length > 0) it.skip(`${name} (not here: ${lacking.join('; ')})`);
          else {
            it(name, async () => {
              if (context === undefined) throw new Error('The directory did not start.');
              await run(context);
            });
          }
        }
      });
    }
  });
}

function reasonsAgainst(factory: DirectoryFactory, needs: readonly Capability[]): string[] {
  return needs.flatMap((need) => {
    const answer = factory.capabilities[need];
    return answer === true ? [] : [answer];
  });
}
