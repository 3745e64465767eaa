/** The code of `docs/clients/apollo.md`. */
import { testRecipe } from './support/recipe-test.ts';

testRecipe('Apollo Client', 'apollo');
