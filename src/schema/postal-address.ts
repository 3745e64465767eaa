/** The input of a postal address. */
import { builder } from './builder.ts';

export const PostalAddressInput = builder.inputType('PostalAddressInput', {
  description: 'A street address. The carrier takes no post office boxes.',
  fields: (t) => ({
    name: t.string({ description: 'The person.' }),
    company: t.string({ required: false, description: 'The firm, if one is to be on the label.' }),
    phoneNumber: t.string({ description: 'Where the carrier can ring.' }),
    street1: t.string({ description: 'Street and number.' }),
    street2: t.string({ required: false, description: 'A second line of the street.' }),
    street3: t.string({ required: false, description: 'A third line of the street.' }),
    city: t.string({ description: 'The town.' }),
    stateOrProvince: t.string({ required: false, description: 'Needed in the United States and Canada.' }),
    postalCode: t.string({ description: 'The postal or ZIP code.' }),
    country: t.string({ description: 'The country, such as `USA`.' }),
  }),
});
