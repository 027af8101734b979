import { formerlyAtTop } from "./components/pipeline/formerly-at-top";
import { lookAround } from "./components/preflight/look-around";
import { Pipeline } from "./components/pipeline/pipeline";
import { readSettings } from "./components/settings/settings";
import { closeState } from "./components/preflight/state-access";

/** The laptop's pipeline: settings in, this machine looked at, the pipeline declared, outputs out. */
export = async () => {
  const settings = readSettings();
  closeState();
  const found = await lookAround(settings);
  return new Pipeline("cdc", { ...settings, found }, { transformations: [formerlyAtTop] }).outputs;
};
