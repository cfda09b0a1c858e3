import { activeDirectory } from '@sallyport/connectors';
import type { OPERATIONS, OperationAnswer } from '@sallyport/contract';
import { USER_ATTRIBUTES } from '@sallyport/model';
import { OTHER_STORE_TYPES, readStoreType, type StoreType } from './store-type.ts';

type Body = OperationAnswer<typeof OPERATIONS.stores.readMetadata>;

/** What a store type asks for and what it can hold; undefined for a type nobody has. */
export function storeMetadataBody(type: string, ldapType: unknown): Body | undefined {
  const known = readStoreType(type);
  if (known !== undefined) return body(known, ldapType);
  const other = OTHER_STORE_TYPES.find((name) => name === type);
  return other === undefined
    ? undefined
    : body({ key: other, displayName: other, settings: [], capabilities: [] }, undefined);
}

function body(type: StoreType, ldapType: unknown): Body {
  const isDirectory = type.key === 'LdapGateway';
  const mappings = ldapType === 'Microsoft Active Directory' ? activeDirectory.defaultMappings : undefined;
  return {
    information: {
      key: type.key,
      version: '1',
      displayName: type.displayName,
      imageUrl: '',
      identityProvider: false,
      baseURLRequired: false,
      connectionInformationRequired: type.settings.some(({ required }) => required),
    },
    connectionProfiles: [
      {
        connectionAttributes: type.settings.map(({ key, label, description, required, sensitive }) => ({
          key,
          displayLabel: label,
          description,
          required,
          sensitive,
        })),
      },
    ],
    attributeMetadata: {
      // A directory's attributes are those of its own schema: `gateways/{id}/schema` has them.
      userAttributes: isDirectory
        ? []
        : USER_ATTRIBUTES.map(({ path, required }) => ({ name: path, required, multiValued: false })),
      ...(mappings === undefined ? {} : { defaultMappings: mappings.map((mapping) => ({ ...mapping })) }),
      capabilities: [...type.capabilities],
    },
  };
}
