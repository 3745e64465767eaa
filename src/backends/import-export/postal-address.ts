/** The rules of a postal address: the return address of a manifest, or the sender of a parcel. */
import type { PostalAddress } from '../../model/import-export-manifest.ts';
import type { InputFault } from '../../model/input-fault.ts';
import { type Check, faultsIn, maybe, object } from '../input/checks.ts';
import { text } from './input-rules.ts';
import type { Members } from './query.ts';

const countriesWithStates: ReadonlySet<string> = new Set([
  'CA',
  'CAN',
  'CANADA',
  'UNITED STATES',
  'UNITED STATES OF AMERICA',
  'US',
  'USA',
]);

const stateWhereNeeded: Check = (value, path, findings) => {
  const { country, stateOrProvince } = value as Partial<PostalAddress>;
  if (stateOrProvince != null || country == null || !hasStates(country)) return;
  const says = 'must be given for the United States and Canada';
  findings.add([...path, 'stateOrProvince'], { code: 'REQUIRED', says });
};

/** The API reference requires these members in `returnAddress` and for a label, and a state in the US and Canada. */
export const postalAddress = object(
  {
    name: text,
    company: maybe(text),
    phoneNumber: text,
    street1: text,
    street2: maybe(text),
    street3: maybe(text),
    city: text,
    stateOrProvince: maybe(text),
    postalCode: text,
    country: text,
  },
  stateWhereNeeded,
);

/** All faults of the address from which a parcel is sent, below `sender`. */
export function faultsInSender(sender: PostalAddress): readonly InputFault[] {
  return faultsIn(object({ sender: postalAddress }), { sender });
}

function hasStates(country: string): boolean {
  return countriesWithStates.has(country.trim().replaceAll('.', '').toUpperCase());
}

/** The members of `address` that the service has, by its names and in the order of its model. */
export function addressMembers(address: PostalAddress) {
  return {
    name: address.name,
    company: address.company,
    phoneNumber: address.phoneNumber,
    country: address.country,
    stateOrProvince: address.stateOrProvince,
    city: address.city,
    postalCode: address.postalCode,
    street1: address.street1,
    street2: address.street2,
    street3: address.street3,
  } satisfies Members;
}
