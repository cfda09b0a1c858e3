import { DEFAULT_ATTRIBUTE_TYPES } from './default-attributes.ts';
import { DEFAULT_OBJECT_CLASSES } from './default-classes.ts';
import { makeSchema, type Schema } from './schema.ts';

/**
 * The schema to go by when a directory does not show its own: standard attributes and those of the servers we know.
 * Not complete, so attributes it lacks are compared as case-insensitive text instead of being called undefined.
 */
export const defaultSchema: Schema = makeSchema(
  {
    attributeTypes: DEFAULT_ATTRIBUTE_TYPES,
    objectClasses: DEFAULT_OBJECT_CLASSES,
    matchingRules: [],
    syntaxes: [],
  },
  false,
);
