/** Checks the customs declaration that a device needs when it crosses a border (Developer Guide, "customs option"). */
import { invalidField, missingField } from './errors.ts';
import { fieldOf } from './manifest.ts';
import type { ManifestMap } from './manifest-reader.ts';

const americanNames = /^(US|USA|UNITED STATES( OF AMERICA)?)$/i;

/** The member states at the time of the service. */
const europeanNames =
  /^(AT|AUSTRIA|BE|BELGIUM|BG|BULGARIA|HR|CROATIA|CY|CYPRUS|CZ|CZECH REPUBLIC|DK|DENMARK|EE|ESTONIA|FI|FINLAND|FR|FRANCE|DE|GERMANY|GR|GREECE|HU|HUNGARY|IE|IRELAND|IT|ITALY|LV|LATVIA|LT|LITHUANIA|LU|LUXEMBOURG|MT|MALTA|NL|NETHERLANDS|PL|POLAND|PT|PORTUGAL|RO|ROMANIA|SK|SLOVAKIA|SI|SLOVENIA|ES|SPAIN|SE|SWEDEN|GB|UK|UNITED KINGDOM)$/i;

/** There is no customs border within an area: the United States, the European Union, or any other single country. */
export function tradeArea(country: string): string {
  if (americanNames.test(country)) return 'US';
  return europeanNames.test(country) ? 'EU' : country.toUpperCase();
}

/** The area in which devices for a region are loaded. */
function loadingArea(region: string): string {
  return region.slice(0, 2).toUpperCase();
}

const requiredFields = [
  'dataDescription',
  'encryptedData',
  'exportCertifierName',
  'requiresExportLicense',
  'deviceValue',
  'deviceCountryOfOrigin',
  'deviceType',
  'typeOfExport',
];

/** Throws MissingCustomsException or InvalidCustomsException. */
export function checkCustoms(customs: ManifestMap | undefined, returnCountry: string, region: string): void {
  const isCrossing = tradeArea(returnCountry) !== loadingArea(region);
  if (customs === undefined && isCrossing) throw missingField('customs', 'MissingCustomsException');
  if (customs === undefined) return;
  if (isCrossing) checkDeclared(customs);
  checkValues(customs);
}

function checkDeclared(customs: ManifestMap): void {
  const isEncrypted = fieldOf(customs, 'encryptedData') === 'yes';
  const needed = isEncrypted ? [...requiredFields, 'encryptionClassification'] : requiredFields;
  const missing = needed.find((name) => fieldOf(customs, name) === undefined);
  if (missing !== undefined) throw missingField(`customs.${missing}`, 'MissingCustomsException');
}

function checkValues(customs: ManifestMap): void {
  for (const name of ['encryptedData', 'requiresExportLicense']) {
    if (!/^(yes|no)$/.test(fieldOf(customs, name) ?? 'no')) throw invalidCustoms(name);
  }
  if (!/^\d+(\.\d\d?)?$/.test(fieldOf(customs, 'deviceValue') ?? '0')) throw invalidCustoms('deviceValue');
}

function invalidCustoms(name: string): Error {
  return invalidField(`customs.${name}`, 'InvalidCustomsException');
}
