import { expect, test } from 'vitest';
import { isUuid, newUuid, readUuid } from './uuid.ts';

test('ids are version 7, all different, and rise in the order they were made', () => {
  const ids = Array.from({ length: 20_000 }, () => newUuid());
  expect(ids.every((id) => isUuid(id) && id[14] === '7' && '89ab'.includes(id[19] ?? ''))).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
  expect([...ids].sort()).toEqual(ids);
});

test('ids are read in any case and nothing else is', () => {
  expect(readUuid('01A20069-48B2-78EC-94BB-49A97010B8A1')).toBe('01a20069-48b2-78ec-94bb-49a97010b8a1');
  expect(readUuid('01a20069-48b2-78ec-94bb-49a97010b8a')).toBeUndefined();
});
