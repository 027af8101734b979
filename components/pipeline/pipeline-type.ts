export const PIPELINE_TYPE = "cdc:index:Pipeline";

/** Pure: type and name of the pipeline that a URN of the state is of, with the types of its parents; none for another resource. */
export function pipelineOfUrn(urn: string): string[] {
  const found = /^urn:pulumi:[^:]*::[^:]*::((?:.*\$)?cdc:index:Pipeline::.*)$/.exec(urn);
  return found === null ? [] : [found[1]!];
}
