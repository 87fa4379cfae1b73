/** By operationId: a whole input of the route, as the contract suite sends it. */
export type RouteExamples = Record<string, Record<string, unknown>>;
