import { newUuid } from '@sallyport/model';
import type { Gateway } from '../record/configuration-records.ts';
import type { Session } from '../session.ts';
import type { NewGateway } from '../store.ts';
import { writeGateway } from './gateway-row.ts';

export async function createGateway(session: Session, gateway: NewGateway): Promise<Gateway> {
  const now = Date.now();
  const created: Gateway = {
    ...gateway,
    id: gateway.id ?? newUuid(now),
    description: gateway.description,
    createdAt: now,
    updatedAt: now,
  };
  session.numbers.environment(session.reader, created.environmentId);
  await session.write(({ db }) => db.insertInto('gateways').values(writeGateway(created)).execute());
  return created;
}
