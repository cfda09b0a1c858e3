import { CORRELATION, PASSWORD_LINK } from '@sallyport/connectors';
import type { OnboardingRule } from '@sallyport/engine';
import { type InboundSettings, type Mapping, plainMapping, readUuid } from '@sallyport/model';

/** What new users of a rule get; undefined where the rule says nothing of it. */
export function onboardingRule(settings: InboundSettings): OnboardingRule | undefined {
  const { defaultPasswordExpression, populationExpression, populationId } = settings;
  if (defaultPasswordExpression === undefined && populationExpression === undefined) return undefined;
  return {
    passwordExpression: defaultPasswordExpression,
    populationExpression,
    fallbackPopulation: populationId,
  };
}

const ID = readUuid('00000000-0000-8000-a000-000000000001');

/**
 * A rule whose users sign on through the directory has one mapping more, which nobody writes: the user's key in the
 * directory becomes their link to it. So it is shown, compared, repaired, and read anew when it is switched on.
 */
export function signOnMappings(settings: InboundSettings): readonly Mapping[] {
  if (!settings.authenticateViaLdap || ID === undefined) return [];
  const source = { attribute: CORRELATION };
  const link = plainMapping({ id: ID, objectType: 'user', targetAttribute: PASSWORD_LINK, source });
  return [{ ...link, name: 'AUTHENTICATE_VIA_AD_LDAP' }];
}
