export {
  COMPARE_OPERATORS,
  type CompareOperator,
  DEFAULT_SCIM_FILTER_LIMITS,
  type ScimFilter,
  ScimFilterError,
  type ScimFilterLimits,
  type ScimValue,
} from './filter/filter.ts';
export { parseScimFilter } from './filter/parse-filter.ts';
export { printScimFilter } from './filter/print-filter.ts';
export { type FilterSelection, type SelectionOptions, selectionOf } from './filter/selection.ts';
