'use client';

import type { ProjectionManifest } from '@embedding-studio/contracts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Map as MapIcon } from 'lucide-react';
import { useServableCollections } from '@/search/use-collection-names';
import { RefusableButton } from '@/settings/refusable-button';
import { Page } from '@/shell/page';
import { useRefusal } from '@/shell/signed-in-user';
import { useTRPC } from '@/trpc/client';
import { Card } from '@/ui/card';
import { EmptyState } from '@/ui/empty-state';
import { errorText } from '@/ui/error-text';
import { QueryView } from '@/ui/query-view';
import { SavedViews } from '@/ui/saved-views';
import { Select } from '@/ui/select';
import { Skeleton } from '@/ui/skeleton';
import { toast } from '@/ui/toast';
import { MapView } from './map-view';
import { useMapState } from './use-map-state';

const renewMs = 10_000;

/** The items of a collection, and what people look for, laid out so that what means the same lies together. */
export function MapPage() {
  const trpc = useTRPC();
  const [state, setState] = useMapState();
  const collections = useServableCollections();
  const request = useMutation(
    trpc.projection.requestProjection.mutationOptions({
      onSuccess: () => toast.success('The map is being drawn; it appears here.'),
      onError: (error) => toast.error(errorText(error)),
    }),
  );
  const maps = useQuery(
    trpc.projection.listProjections.queryOptions(undefined, {
      refetchInterval: ({ state: { data } }) =>
        request.data !== undefined && !data?.some(({ taskId }) => taskId === request.data.id) ? renewMs : false,
    }),
  );
  const liveId = collections.find(({ isLive }) => isLive)?.collection.id;
  const chosenId = state.collection ?? liveId ?? collections[0]?.collection.id;
  const isDrawing = request.data !== undefined && !maps.data?.some(({ taskId }) => taskId === request.data.id);
  const drawIt = (
    <DrawButton
      isPending={request.isPending || isDrawing}
      isAgain={maps.data?.some(({ collectionId }) => collectionId === chosenId) === true}
      onDraw={() => request.mutate({ collectionId: chosenId })}
    />
  );
  const actions = (
    <>
      <SavedViews page="map" ignored={['item']} />
      {chosenId !== undefined && (
        <Select
          label="Collection"
          value={chosenId}
          options={collections.map(({ collection: { id, status }, modelName, isLive, isPrevious }) => ({
            value: id,
            title: `${modelName} · ${isLive ? 'live' : isPrevious ? 'standby' : status}`,
          }))}
          onChange={(collection) => void setState({ collection, compare: null, item: null })}
          className="max-w-64"
        />
      )}
      {drawIt}
    </>
  );
  return (
    <Page
      title="Embedding map"
      hint="What the model thinks is alike lies together: items, and the latest queries among them."
      actions={actions}
    >
      <QueryView query={maps} skeleton={<Skeleton className="h-[70dvh]" />}>
        {(manifests) => <Chosen manifests={manifests} chosenId={chosenId} drawIt={drawIt} isDrawing={isDrawing} />}
      </QueryView>
    </Page>
  );
}

interface ChosenProps {
  manifests: ProjectionManifest[];
  chosenId: string | undefined;
  drawIt: React.ReactNode;
  isDrawing: boolean;
}

function Chosen({ manifests, chosenId, drawIt, isDrawing }: ChosenProps) {
  const manifest = manifests.find(({ collectionId }) => collectionId === chosenId);
  if (manifest !== undefined)
    return <MapView key={manifest.taskId} manifest={manifest} others={manifests.filter((one) => one !== manifest)} />;
  return (
    <Card>
      <EmptyState icon={MapIcon} title="No map of this collection yet" action={drawIt}>
        {isDrawing
          ? 'It is being drawn: about a minute for ten thousand items. You can leave this page.'
          : 'Drawing one reads the vectors of the collection and lays them out in two dimensions. Draw one of the collection before as well to see what fine-tuning moved.'}
      </EmptyState>
    </Card>
  );
}

function DrawButton({ isPending, isAgain, onDraw }: { isPending: boolean; isAgain: boolean; onDraw: () => void }) {
  const refusal = useRefusal('engineer');
  return (
    <RefusableButton kind={isAgain ? 'secondary' : 'primary'} refusal={refusal} isPending={isPending} onClick={onDraw}>
      {isPending ? 'Drawing …' : isAgain ? 'Draw again' : 'Draw the map'}
    </RefusableButton>
  );
}
