import type { TargetAttribute } from '@sallyport/engine';
import { type GroupAttribute, textFault, type UserAttribute } from '@sallyport/model';

/** An attribute that the API defines, of users or of groups: one text that fits its rule, compared exactly. */
export function ruledAttribute({ path, required, rule }: UserAttribute | GroupAttribute): TargetAttribute {
  return {
    name: path,
    required,
    multiValued: false,
    comparison: 'exact',
    kind: 'plain',
    fault: (values) => {
      for (const value of values) {
        const fault = textFault(path, rule, value);
        if (fault !== undefined) return fault.message;
      }
      return undefined;
    },
  };
}
