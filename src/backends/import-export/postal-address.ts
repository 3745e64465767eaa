/** The rules of a postal address: the return address of a manifest, or the sender of a parcel. */
import { z } from 'zod';
import type { PostalAddress } from '../../model/import-export-manifest.ts';
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

/** The API reference requires these members in `returnAddress` and for a label, and a state in the US and Canada. */
export const postalAddress = z
  .object(
    {
      name: text,
      company: text.nullish(),
      phoneNumber: text,
      street1: text,
      street2: text.nullish(),
      street3: text.nullish(),
      city: text,
      stateOrProvince: text.nullish(),
      postalCode: text,
      country: text,
    },
    'must be given',
  )
  .refine(({ country, stateOrProvince }) => stateOrProvince != null || !hasStates(country), {
    path: ['stateOrProvince'],
    message: 'must be given for the United States and Canada',
  });

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
