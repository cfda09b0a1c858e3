import { startInMemoryDirectory } from '@sallyport/testkit';
import { registerMemberDeltaSuite } from './register-member-delta-suite.ts';

registerMemberDeltaSuite({
  name: 'the in-memory directory, AD manner',
  kind: 'activeDirectory',
  strategy: 'dirsync',
  start: () => startInMemoryDirectory({ manner: 'activeDirectory' }),
  bigGroup: 5_000,
  people: async (stage, base, count) => {
    const people: string[] = [];
    for (let from = 0; from < count; from += 200)
      people.push(
        ...(await Promise.all(Array.from({ length: 200 }, () => stage.person(base, stage.name('p'))))),
      );
    return people;
  },
});
registerMemberDeltaSuite({
  name: 'the in-memory directory, PingDirectory manner',
  kind: 'standard',
  strategy: 'changelog',
  start: () => startInMemoryDirectory({ manner: 'pingDirectory' }),
  bigGroup: 5_000,
});
