/** The code of `docs/clients.md`. */
import { testRecipe } from './support/recipe-test.ts';

testRecipe('waybill-client', '');
