/** The code of `docs/clients/relay.md`. */
import { testRecipe } from './support/recipe-test.ts';

testRecipe('Relay', 'relay');
