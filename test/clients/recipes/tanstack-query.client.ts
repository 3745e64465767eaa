/** The code of `docs/clients/tanstack-query.md`. */
import { testRecipe } from './support/recipe-test.ts';

testRecipe('TanStack Query', 'tanstack-query');
