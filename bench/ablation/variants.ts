/** What is switched on, beside the settings that all variants share. The first is what the others are compared with. */
export const variants: Readonly<Record<string, Record<string, unknown>>> = {
  default: {},
  'debias off': { debias: 'off' },
  '+anchor': { anchor: 0.5 },
  '+distill': { distill: 0.5 },
  '+wise-ft': { wiseFt: 'on' },
  '+hard negatives': { hardNegatives: { kind: 'live' } },
  '+coSent': { coSent: 0.3 },
  '+gradedKl': { gradedKl: 0.3 },
  '+guide': { guide: 'base' },
};

export const standardVariants = [
  'default',
  'debias off',
  '+anchor',
  '+wise-ft',
  '+hard negatives',
  '+coSent',
  '+guide',
];
