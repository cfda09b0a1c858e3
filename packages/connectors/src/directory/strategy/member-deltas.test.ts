import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemberDeltas } from './member-deltas.ts';

const change = (reference: string, came: boolean) => ({ reference, value: reference, came });

test('applied to any former members, the net effect gives what applying each change in turn gives', () => {
  const member = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const changes = fc.array(fc.array(fc.record({ reference: member, came: fc.boolean() }), { maxLength: 6 }));
  fc.assert(
    fc.property(fc.uniqueArray(member), changes, (before, rounds) => {
      const deltas = new MemberDeltas();
      const expected = new Set<string>(before);
      for (const round of rounds) {
        deltas.add(
          'group',
          'cn=group',
          round.map(({ came, reference }) => change(reference, came)),
        );
        for (const { came, reference } of round)
          if (came) expected.add(reference);
          else expected.delete(reference);
      }
      const [delta] = deltas.deltas;
      const members = new Set<string>(before);
      for (const { reference } of delta?.removed ?? []) members.delete(reference);
      for (const { reference } of delta?.added ?? []) members.add(reference);
      expect(members).toEqual(expected);
    }),
  );
});

test('a group that has to be read whole is told by no values, whichever came first', () => {
  const deltas = new MemberDeltas();
  deltas.add('early', 'cn=early', [change('a', true)]);
  deltas.readWhole('early');
  deltas.readWhole('late');
  deltas.add('late', 'cn=late', [change('a', true)]);
  expect(deltas.deltas).toEqual([]);
  expect(deltas.whole).toEqual(['early', 'late']);
  deltas.forget('early');
  expect(deltas.whole).toEqual(['late']);
});

test('more values of one group than are worth keeping make it read whole', () => {
  const deltas = new MemberDeltas();
  for (let index = 0; index <= 20_000; index += 1)
    deltas.add('group', 'cn=group', [change(`m${index}`, true)]);
  expect(deltas.deltas).toEqual([]);
  expect(deltas.whole).toEqual(['group']);
});
