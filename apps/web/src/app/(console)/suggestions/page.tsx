import type { Metadata } from 'next';
import { SuggestionsPage } from '@/suggestions/suggestions-page';

export const metadata: Metadata = { title: 'Suggestions' };

export default SuggestionsPage;
