import type { TargetAttribute } from '@sallyport/engine';
import type { AttributeChange, UserState } from '@sallyport/model';

export type PasswordGateway = NonNullable<UserState['passwordGateway']>;

/**
 * The attribute as which the engine sees who checks a user's password: where the rule lets the directory do that, it is
 * compared and written like any other, so that users who are found, and those who lost their link, get it too.
 */
export const PASSWORD_LINK = 'password.external.gateway';

export const passwordLinkAttribute: TargetAttribute = {
  name: PASSWORD_LINK,
  required: false,
  multiValued: false,
  comparison: 'exact',
  kind: 'plain',
  fault: (values) =>
    values.every((value) => value.indexOf('=') > 0)
      ? undefined
      : 'the source says nothing by which its directory finds the object again',
};

/** The gateway and user type that a rule links its users to. */
export type LinkTarget = Pick<PasswordGateway, 'gatewayId' | 'userTypeId'>;

/** A link as one text: what the object is found by, and who is asked where that is not `target`. */
export function linkText(link: PasswordGateway, target: LinkTarget): string {
  const names = Object.keys(link.correlationAttributes).sort();
  const text = names.map((name) => `${name}=${link.correlationAttributes[name]}`).join(', ');
  const same = link.gatewayId === target.gatewayId && link.userTypeId === target.userTypeId;
  return same ? text : `${link.gatewayId}/${link.userTypeId}/${text}`;
}

/** `objectGUID=…` as a link to `target`; undefined for what is no such text. */
export function readLink(text: string | undefined, target: LinkTarget): PasswordGateway | undefined {
  const equals = text?.indexOf('=') ?? -1;
  if (text === undefined || equals < 1) return undefined;
  return {
    ...target,
    correlationAttributes: { [text.slice(0, equals)]: text.slice(equals + 1) },
  };
}

/** What a list of changes does to the link; undefined: nothing. */
export function linkChange(
  changes: readonly AttributeChange[],
  target: LinkTarget | undefined,
): PasswordGateway | null | undefined {
  const change = target && changes.find(({ attribute }) => attribute === PASSWORD_LINK);
  if (target === undefined || change === undefined) return undefined;
  return readLink(change.after[0], target) ?? null;
}
