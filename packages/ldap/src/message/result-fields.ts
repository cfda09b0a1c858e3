import type { BerReader } from '../ber/ber-reader.ts';
import { contextConstructedTag } from '../ber/ber-tag.ts';
import type { BerWriter } from '../ber/ber-writer.ts';
import type { ResultFields } from './message.ts';

const REFERRAL = contextConstructedTag(3);

/** Writes the components of an LDAPResult (RFC 4511 §4.1.9); the caller has opened the response. */
export function writeResultFields(writer: BerWriter, result: ResultFields): void {
  writer.enumerated(result.resultCode);
  writer.octets(result.matchedDn);
  writer.octets(result.diagnosticMessage);
  if (result.referrals.length === 0) return;
  writer.begin(REFERRAL);
  for (const uri of result.referrals) writer.octets(uri);
  writer.end();
}

/** Reads the components of an LDAPResult; the reader stands inside the response. */
export function readResultFields(reader: BerReader): ResultFields {
  const resultCode = reader.readEnumerated();
  const matchedDn = reader.readString();
  const diagnosticMessage = reader.readString();
  const referrals: string[] = [];
  if (reader.peekTag() === REFERRAL) {
    reader.enter(REFERRAL);
    while (reader.hasMore) referrals.push(reader.readString());
    reader.leave();
  }
  return { resultCode, matchedDn, diagnosticMessage, referrals };
}
