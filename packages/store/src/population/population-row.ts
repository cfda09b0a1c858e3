import type { Uuid } from '@sallyport/model';
import type { Population } from '../record/configuration-records.ts';
import { readId, readNumber, readObject, readOptionalText, readText } from '../schema/decode.ts';

/** Listed with the count of its users, which the index over population and id answers. */
export const POPULATION_SELECT = `SELECT p.id, p.name, p.description, p.is_default, p.properties, p.created_at, p.updated_at,
  (SELECT count(*) FROM users u WHERE u.environment_no = p.environment_no AND u.population_no = p.number)
  FROM populations p`;

export function readPopulationRow(environmentId: Uuid, row: readonly unknown[]): Population {
  return {
    environmentId,
    id: readId(row[0]),
    name: readText(row[1]),
    description: readOptionalText(row[2]),
    isDefault: row[3] === 1,
    properties: readObject(row[4]),
    createdAt: readNumber(row[5]),
    updatedAt: readNumber(row[6]),
    userCount: readNumber(row[7]),
  };
}
