import { type AttributeField, type ControlField, toBase64 } from '@sallyport/contract';
import {
  type AttributeValues,
  type Control,
  type Modification,
  printFilter,
  type SearchRequest,
} from '@sallyport/ldap';
import type { StreamDraft } from './operation-draft.ts';

/** Controls as they travel; nothing if there are none. */
export function controlFields(controls: readonly Control[] | undefined): {
  readonly controls?: ControlField[];
} {
  if (controls === undefined || controls.length === 0) return {};
  return {
    controls: controls.map(({ oid, critical, value }) => ({
      oid,
      critical,
      ...(value === undefined ? {} : { value: toBase64(value) }),
    })),
  };
}

export function attributeField(attribute: AttributeValues): AttributeField {
  return { type: attribute.type, values: attribute.values.map(toBase64) };
}

export function changeField(change: Modification): AttributeField & Pick<Modification, 'operation'> {
  return { operation: change.operation, ...attributeField(change) };
}

/** A search as a message. A watch is never paged. */
export function streamDraft(type: 'search' | 'watch', request: SearchRequest): StreamDraft {
  const { base, scope, attributes, pageSize, sizeLimit, timeLimitSeconds, typesOnly } = request;
  const common = {
    base,
    scope,
    filter: printFilter(request.filter),
    attributes: [...attributes],
    ...(sizeLimit === undefined ? {} : { sizeLimit }),
    ...(timeLimitSeconds === undefined ? {} : { timeLimitSeconds }),
    ...(typesOnly === undefined ? {} : { typesOnly }),
    ...controlFields(request.controls),
  };
  if (type === 'watch') return { type, ...common };
  return { type, ...common, ...(pageSize === undefined ? {} : { pageSize }) };
}
