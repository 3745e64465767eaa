/** The code of `docs/clients/urql.md`. */
import { testRecipe } from './support/recipe-test.ts';

testRecipe('urql', 'urql');
