/** Exports of `cdc/pipeline` for other programs. */
export { lookAround, type Found } from "../components/preflight/look-around";
export { pipelineArgs, type PipelineSettings } from "../components/pipeline/pipeline-defaults";
export { Pipeline, type PipelineArgs, type PipelineOutputs } from "../components/pipeline/pipeline";
