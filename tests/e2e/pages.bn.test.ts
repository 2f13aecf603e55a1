import { walk } from './walk.ts';

walk('bn');
