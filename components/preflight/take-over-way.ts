import { isInstalled } from "../../program/package-root";

/**
 * The command by which a run is told to take what a stack of this name has left: in a checkout the one that asks and tidies up first, which the
 * package has not.
 *
 * @param prefix first part of the names of the stack's objects
 */
export function takeOverWay(prefix: string, installed = isInstalled()): string {
  return installed ? `\`CDC_TAKE_OVER=${prefix} pulumi up\`` : "`npm start -- --take-over`";
}
