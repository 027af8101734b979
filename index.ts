import { formerlyAtTop } from "./components/pipeline/formerly-at-top";
import { lookAround } from "./components/preflight/look-around";
import { Pipeline } from "./components/pipeline/pipeline";
import { readSettings } from "./components/settings/settings";
import { closeState } from "./components/preflight/state-access";

/** The laptop's pipeline: reads the settings, looks at this machine, declares the pipeline and gives its outputs. */
export = async () => {
  const settings = readSettings();
  closeState();
  const found = await lookAround(settings);
  return new Pipeline("cdc", { ...settings, found }, { transformations: [formerlyAtTop] }).outputs;
};
