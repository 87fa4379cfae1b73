'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/trpc/client';
import { Badge } from '@/ui/badge';
import { Card } from '@/ui/card';
import { FactList } from '@/ui/fact-list';
import { formatCount, formatDecimal, formatShare } from '@/ui/format-number';
import { QueryView } from '@/ui/query-view';
import { Time } from '@/ui/time';
import { FitCategories } from './fit-categories';
import { PredictBox } from './predict-box';

/** What kind of thing a query looks for: try it, see how good it is, fit it anew. */
export function CategoriesView() {
  const trpc = useTRPC();
  const query = useQuery(trpc.category.getCategoryModel.queryOptions());
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-2">
      <PredictBox isFitted={query.data?.model != null} />
      <Card
        title="The fit"
        hint="Centroids of the categories, weighed by clicks and calibrated on sessions."
        actions={<FitCategories field={query.data?.model?.field ?? null} />}
      >
        <QueryView query={query}>
          {({ model, isLive }) =>
            model === null ? (
              <p className="text-ink-faint">
                Never fitted. Name the payload field that holds an item’s category, such as <code>genres</code>, and
                fit: it takes a minute.
              </p>
            ) : (
              <div className="space-y-4">
                {!isLive && <Badge tone="warn">Of another collection: a prediction fits it anew</Badge>}
                <Facts model={model} />
              </div>
            )
          }
        </QueryView>
      </Card>
    </div>
  );
}

type Model = NonNullable<NonNullable<ReturnType<typeof useModel>['data']>['model']>;

function useModel() {
  return useQuery(useTRPC().category.getCategoryModel.queryOptions());
}

function Facts({ model: { field, fittedAt, calibration, quality } }: { model: Model }) {
  return (
    <>
      <FactList
        facts={[
          ['Payload field', <code key="field">{field}</code>],
          ['Fitted', <Time key="at" at={fittedAt} />],
          ['Threshold', formatDecimal(calibration.threshold, 2)],
          ['Temperature', formatDecimal(calibration.temperature, 3)],
        ]}
      />
      {quality === null ? (
        <p className="text-ink-faint">Too few sessions with clicks to say how good it is.</p>
      ) : (
        <FactList
          facts={[
            ['Judged by', `${formatCount(quality.sessions)} sessions that it had not seen`],
            ['Right first', formatShare(quality.accuracy)],
            ['By guessing', formatShare(quality.accuracyOfMostClicked)],
            ['Answers', `${formatShare(quality.coverage)} of queries`],
            ['Right of these', formatShare(quality.accuracyOfAnswered)],
            ['Calibration error', `${formatDecimal(quality.ece)} (was ${formatDecimal(quality.eceUncalibrated)})`],
          ]}
        />
      )}
    </>
  );
}
