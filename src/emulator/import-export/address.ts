/** Checks postal addresses in manifests and in requests for a label. */

import { tradeArea } from './customs.ts';
import { ImportExportError } from './errors.ts';

/** The United States and Canada also need the state or province. */
export const requiredAddressFields = ['name', 'street1', 'city', 'postalCode', 'phoneNumber', 'country'] as const;

/** Throws InvalidAddressException for a post office box, and for a missing state in a country that needs one. */
export function checkAddress(field: (name: string) => string | undefined): void {
  const streets = ['street1', 'street2', 'street3'].map((name) => field(name) ?? '');
  if (streets.some((street) => /\bP\.?\s*O\.?\s*Box\b/i.test(street))) throw invalidAddress('street1');
  const area = tradeArea(field('country') ?? '');
  const hasStates = area === 'US' || area === 'CANADA' || area === 'CA';
  if (hasStates && field('stateOrProvince') === undefined) throw invalidAddress('stateOrProvince');
}

export function invalidAddress(field: string): ImportExportError {
  return new ImportExportError('InvalidAddressException', `The address is not valid: ${field}`);
}
