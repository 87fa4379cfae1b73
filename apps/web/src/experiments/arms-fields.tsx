'use client';

import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { TextField } from '@/ui/text-field';
import { faultAt } from './definition-of';
import { type ExperimentDraft, emptyTreatment, nextLine } from './experiment-draft';
import { type FormFieldsProps, withLine } from './form-fields';
import { TreatmentFields } from './treatment-fields';

const armsMax = 6;

/** The arms, the first of them the control, each with what it does otherwise. */
export function ArmsFields({ draft, faults, change }: FormFieldsProps) {
  const { arms, kind } = draft;
  const add = () => {
    const line = nextLine(arms);
    change({ arms: [...arms, { line, name: `arm-${line}`, weight: '1', treatment: emptyTreatment }] });
  };
  const hasOwnLine = [...faults.keys()].some((path) => path.startsWith('arms.'));
  return (
    <Card
      title="Arms"
      hint="The first one is the control. A field left as it is follows the collection."
      actions={
        kind === 'ab' && (
          <Button size="small" onClick={add} disabled={arms.length >= armsMax}>
            <Plus /> Add an arm
          </Button>
        )
      }
      isFlush
    >
      <ul className="divide-y">
        {arms.map((arm, at) => (
          <ArmFields key={arm.line} {...{ draft, faults, change, arm, at }} />
        ))}
      </ul>
      {faults.has('arms') && !hasOwnLine && <p className="px-4 pb-3 text-bad text-xs">{faults.get('arms')}</p>}
    </Card>
  );
}

interface ArmFieldsProps extends FormFieldsProps {
  arm: ExperimentDraft['arms'][number];
  at: number;
}

function ArmFields({ draft, faults, change, arm, at }: ArmFieldsProps) {
  const { arms, kind } = draft;
  const isControl = at === 0;
  const path = `arms.${at}`;
  const [isOpen, setOpen] = useState(!isControl || JSON.stringify(arm.treatment) !== JSON.stringify(emptyTreatment));
  const hasFault = faultAt(faults, `${path}.treatment`) !== undefined;
  return (
    <li className="grid gap-3 px-4 py-3" aria-label={`Arm ${at + 1}`}>
      <div className="flex flex-wrap items-start gap-3">
        <TextField
          className="w-48"
          label={isControl ? 'Control' : `Arm ${at + 1}`}
          value={arm.name}
          fault={faultAt(faults, `${path}.name`)}
          onChange={(event) => change({ arms: withLine(arms, arm.line, { name: event.target.value }) })}
        />
        {(kind === 'ab' || kind === 'interleaving') && (
          <TextField
            className="w-24"
            label="Weight"
            inputMode="decimal"
            value={arm.weight}
            fault={faultAt(faults, `${path}.weight`)}
            onChange={(event) => change({ arms: withLine(arms, arm.line, { weight: event.target.value }) })}
          />
        )}
        <div className="mt-5 ml-auto flex gap-1">
          <Button kind="quiet" aria-expanded={isOpen || hasFault} onClick={() => setOpen(!isOpen)}>
            {isOpen ? 'Fold' : isControl ? 'The live search as it is' : 'What it does otherwise'}
          </Button>
          {arms.length > 2 && (
            <Button
              kind="quiet"
              size="icon"
              className="size-8"
              aria-label={`Remove arm ${arm.name}`}
              onClick={() => change({ arms: arms.filter(({ line }) => line !== arm.line) })}
            >
              <Trash2 />
            </Button>
          )}
        </div>
      </div>
      {(isOpen || hasFault) && (
        <TreatmentFields
          treatment={arm.treatment}
          faults={faults}
          path={`${path}.treatment`}
          onChange={(changed) =>
            change({ arms: withLine(arms, arm.line, { treatment: { ...arm.treatment, ...changed } }) })
          }
        />
      )}
    </li>
  );
}
