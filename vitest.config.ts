import { defineConfig } from 'vitest/config';

// The suffix says what a test needs: `.test.ts` nothing but npm, `.directory.ts` real LDAP servers,
// `.scenario.ts` the built programs and real servers.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{apps,packages,scripts,bench}/**/*.test.{ts,tsx}'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'directories',
          include: ['packages/**/*.directory.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'scenarios',
          include: ['scenarios/**/*.scenario.ts'],
          testTimeout: 180_000,
          hookTimeout: 240_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
