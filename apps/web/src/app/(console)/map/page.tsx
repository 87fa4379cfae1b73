import type { Metadata } from 'next';
import { MapPage } from '@/map/map-page';

export const metadata: Metadata = { title: 'Embedding map' };

export default function EmbeddingMap() {
  return <MapPage />;
}
