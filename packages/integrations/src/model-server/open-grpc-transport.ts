import type { ModelServerTransport } from './transport.ts';

/** KServe v2 over gRPC, whose library is only loaded by who uses it. */
export function openGrpcTransport(url: string): ModelServerTransport {
  let opening: Promise<ModelServerTransport> | undefined;
  const open = (): Promise<ModelServerTransport> => {
    opening ??= import('./grpc-transport.ts').then(({ createGrpcTransport }) => createGrpcTransport(url));
    return opening;
  };
  return {
    describeServer: async (call) => (await open()).describeServer(call),
    probeServer: async (call) => (await open()).probeServer(call),
    probeModel: async (name, call) => (await open()).probeModel(name, call),
    readIndex: async (call) => (await open()).readIndex(call),
    loadModel: async (name, call) => (await open()).loadModel(name, call),
    unloadModel: async (name, call) => (await open()).unloadModel(name, call),
    readLatency: async (name, call) => (await open()).readLatency(name, call),
    infer: async (request, call) => (await open()).infer(request, call),
    close: async () => (await opening)?.close(),
  };
}
