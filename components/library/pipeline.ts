/** What other programs import as `cdc/pipeline`. */
export { lookAround, type Found } from "../look-around";
export { pipelineArgs, type PipelineSettings } from "../pipeline-defaults";
export { Pipeline, type PipelineArgs, type PipelineOutputs } from "../pipeline";
