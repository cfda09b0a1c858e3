import { startSamba } from '@sallyport/testkit';
import { registerMemberDeltaSuite } from './register-member-delta-suite.ts';

registerMemberDeltaSuite({
  name: 'Samba AD',
  kind: 'activeDirectory',
  strategy: 'dirsync',
  start: () => startSamba(),
  bigGroup: 400,
  people: async (stage, base, count) => {
    const people: string[] = [];
    for (let index = 0; index < count; index += 1) people.push(await stage.person(base, stage.name('p')));
    return people;
  },
});
